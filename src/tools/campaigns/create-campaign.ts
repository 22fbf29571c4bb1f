import { defineTool } from '../define.ts';
import { id, ids, text } from '../fields.ts';
import { createdAnswer, createdOutput } from './created.ts';
import { excludeListField, exclusionFields } from './exclusions.ts';
import { scheduleField, toSchedule } from './schedule.ts';
import { checkSequence, sequenceField, sequenceOf } from './sequence.ts';

export const createCampaign = defineTool({
  name: 'create_campaign',
  title: 'Create a campaign',
  description:
    'Creates a DRAFT campaign; nothing is sent until start_campaign. Permanent: campaigns cannot be deleted, and names need not be unique. Without a schedule it works Mon-Fri 09-17 UTC. create_campaign_from_template copies a present one.',
  toolset: 'campaigns',
  kind: 'write',
  repeat: 'once',
  asks: 'no',
  input: {
    name: text('Campaign name', 50),
    linkedInAccountIds: ids('Senders', { min: 1 }),
    linkedInUserListId: id('List of people (USER_LIST); left out, an empty one is made').optional(),
    ...exclusionFields,
    excludeListId: excludeListField,
    schedule: scheduleField.describe('When it works').optional(),
    sequence: sequenceField.optional(),
  },
  check(input) {
    const { excludeListId, linkedInUserListId, sequence } = input;
    if (excludeListId !== undefined && excludeListId === linkedInUserListId) {
      return 'excludeListId must be another list than linkedInUserListId';
    }
    return checkSequence({ sequence });
  },
  output: createdOutput,
  async run({ sequence, schedule, ...campaign }, context) {
    const tree = sequence === undefined ? {} : { sequence: sequenceOf(sequence) };
    const made = await context.client.campaigns.create(
      {
        ...campaign,
        ...(schedule === undefined ? {} : { schedule: toSchedule(schedule) }),
        ...tree,
      },
      context.call,
    );
    return createdAnswer(made.campaignId, context);
  },
});
