import * as z from 'zod';
import { content, id, ids } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { rememberSchedule } from '../../workflows/campaign-check/last-schedules.ts';
import { lintSequence } from '../../workflows/sequence/lint.ts';
import { findingLine } from '../../workflows/shared/finding.ts';
import { excludeListField, exclusionFields } from './shared/campaign-settings.ts';
import { createdOutput, createdResult, withWarnings } from './shared/created-campaign.ts';
import { scheduleField, scheduleWarnings, toSchedule } from './shared/schedule.ts';
import { checkSequence, sequenceField, sequenceOf } from './shared/validate-sequence.ts';

export const createCampaign = defineTool({
  name: 'create_campaign',
  title: 'Create a campaign',
  description:
    'Creates a DRAFT campaign; nothing is sent until start_campaign. Campaigns cannot be deleted, and names need not be unique. The default schedule is Mon-Fri 09-17 UTC. Use create_campaign_from_template to copy an existing one.',
  toolset: 'campaigns',
  risk: 'write',
  retry: 'never',
  confirmation: 'never',
  input: () => ({
    name: content('Campaign name', 50),
    linkedInAccountIds: ids('Senders', { min: 1 }),
    linkedInUserListId: id(
      'List of people (USER_LIST); without it HeyReach may make an empty one or reject',
    ).optional(),
    ...exclusionFields(),
    excludeListId: excludeListField(),
    schedule: scheduleField().describe('Working hours and days').optional(),
    sequence: sequenceField().optional(),
  }),
  check(input) {
    const { excludeListId, linkedInUserListId, sequence } = input;
    if (excludeListId !== undefined && excludeListId === linkedInUserListId) {
      return 'excludeListId must be another list than linkedInUserListId';
    }
    return checkSequence({ sequence });
  },
  output: () =>
    createdOutput().extend({
      warnings: z.array(z.string()).optional().describe('what may be wrong with the sequence and the dates'),
    }),
  async run({ sequence, schedule, ...campaign }, context) {
    const tree = { sequence: sequence === undefined ? undefined : sequenceOf(sequence) };
    const requested = schedule === undefined ? undefined : toSchedule(schedule);
    const created = await context.client.campaigns.create(
      { ...campaign, ...(requested === undefined ? {} : { schedule: requested }), ...tree },
      context.call,
    );
    if (requested !== undefined && created.campaignId != null) {
      rememberSchedule(context.client, created.campaignId, requested);
    }
    const findings = tree.sequence === undefined ? [] : lintSequence(tree.sequence);
    const warnings = [...findings.map(findingLine), ...scheduleWarnings(schedule)];
    return withWarnings(await createdResult(created.campaignId, context), warnings);
  },
});
