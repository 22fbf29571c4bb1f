import { content, id, ids } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { excludeListField, exclusionFields } from './shared/campaign-settings.ts';
import { createdOutput, createdResult } from './shared/created-campaign.ts';

export const createCampaignFromTemplate = defineTool({
  name: 'create_campaign_from_template',
  title: 'Create a campaign from another',
  description:
    'Creates a DRAFT campaign with the schedule, sequence and settings of an existing one. Returns its exclusions. Campaigns cannot be deleted.',
  toolset: 'campaigns',
  risk: 'write',
  retry: 'never',
  confirmation: 'never',
  input: () => ({
    campaignIdForTemplate: id('Campaign to copy'),
    name: content('Name of the new campaign', 50),
    linkedInAccountIds: ids('Senders of the new campaign', { min: 1 }),
    linkedInUserListId: id('List of people (USER_LIST)').optional(),
    ...exclusionFields(),
    excludeListId: excludeListField(),
  }),
  output: createdOutput,
  async run({ linkedInAccountIds, ...rest }, context) {
    const created = await context.client.campaigns.createFromTemplate(
      { ...rest, linkedInAcccountIdsForCampaign: linkedInAccountIds },
      context.call,
    );
    return createdResult(created.campaignId, context);
  },
});
