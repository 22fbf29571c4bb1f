import { defineTool } from '../define.ts';
import { id, ids, text } from '../fields.ts';
import { createdAnswer, createdOutput } from './created.ts';
import { excludeListField, exclusionFields } from './exclusions.ts';

export const createCampaignFromTemplate = defineTool({
  name: 'create_campaign_from_template',
  title: 'Create a campaign from another',
  description:
    'Creates a DRAFT campaign with the schedule, sequence and settings of a present one, and answers the exclusions it got. Permanent: campaigns cannot be deleted.',
  toolset: 'campaigns',
  kind: 'write',
  repeat: 'once',
  asks: 'no',
  input: {
    campaignIdForTemplate: id('Campaign to copy'),
    name: text('Name of the new campaign', 50),
    linkedInAccountIds: ids('Senders of the new campaign', { min: 1 }),
    linkedInUserListId: id('List of people (USER_LIST)').optional(),
    ...exclusionFields,
    excludeListId: excludeListField,
  },
  output: createdOutput,
  async run({ linkedInAccountIds, ...rest }, context) {
    const made = await context.client.campaigns.createFromTemplate(
      { ...rest, linkedInAcccountIdsForCampaign: linkedInAccountIds },
      context.call,
    );
    return createdAnswer(made.campaignId, context);
  },
});
