import * as z from 'zod';
import { CAMPAIGN_STATUSES } from '../../client/operations/campaigns.ts';
import { markOwn } from '../../client/operations/fields.ts';
import { flag, ids, integer, limit, list } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { DEFAULT_STATUSES, reportLeads } from '../../workflows/find-leads/report-leads.ts';
import { STAGES } from '../../workflows/find-leads/stages.ts';
import { jobOutputs } from '../../workflows/jobs/job-answer.ts';
import { incompleteOutput } from '../../workflows/shared/incomplete.ts';
import { tableOutput } from '../../workflows/shared/table.ts';

const countsBy = z.record(z.string(), z.number());

export const findLeads = defineTool({
  name: 'find_leads',
  title: 'Find leads at a stage',
  description:
    'Finds campaign leads at one stage, such as people who accepted and got no message. Returns counts by reason and campaign, rows, and a CSV of all. For one person use get_lead_overview.',
  toolset: 'workflows',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  allWorkspaces: { limit: 10 },
  input: () => ({
    stage: z
      .enum(STAGES)
      .describe('no_reply: finished without a reply; stalled: idle longer than any delay of the sequence'),
    campaignIds: ids('Only these, whatever their status').optional(),
    statuses: list(z.enum(CAMPAIGN_STATUSES), 'Default IN_PROGRESS, PAUSED, FINISHED', {
      max: CAMPAIGN_STATUSES.length,
    }).optional(),
    linkedInAccountIds: ids('Only these').optional(),
    olderThanDays: integer('Minimum days since the last action; default 0', 0, 3_650).default(0),
    verifyInbox: flag('Leave out people whose conversations contradict the stage; default true').default(true),
    output: z.enum(['rows', 'file']).describe('file: a CSV instead of rows; default rows').default('rows'),
    limit: limit('Rows', { max: 100, byDefault: 25 }),
  }),
  check: ({ stage, statuses }) =>
    stage === 'stalled' && statuses?.includes('IN_PROGRESS') === false
      ? 'only leads of IN_PROGRESS campaigns stall; add IN_PROGRESS to statuses, or leave statuses out'
      : undefined,
  output: () =>
    z.looseObject({
      found: z.number(),
      byOutcome: countsBy
        .optional()
        .describe('accepted_not_messaged: whether a first message comes, is held by a pause, or never comes'),
      byReason: markOwn(countsBy),
      scanned: z.looseObject({ campaigns: z.number(), leads: z.number() }),
      leftOut: z
        .looseObject({
          underOlderThanDays: z.number(),
          writtenToElsewhere: z.number().optional(),
          answeredElsewhere: z.number().optional(),
        })
        .optional()
        .describe('at the stage, but not in found'),
      inbox: z.string().optional().describe('how conversations were read'),
      byCampaign: z.looseObject({ ...tableOutput('own'), more: z.number().optional() }),
      errors: z.looseObject(tableOutput('outside')).optional().describe('what HeyReach says about each error code'),
      ...tableOutput(
        'outside',
        'cells in the order of columns; since: the last action, which can be later than the stage',
      ),
      senders: z.looseObject(tableOutput('own')),
      resultId: z.string().optional().describe('all leads found, for 24 hours'),
      file: markOwn(z.looseObject({ uri: z.string(), rows: z.number(), path: z.string().optional() })).optional(),
      ...incompleteOutput(),
      ...jobOutputs(),
    }),
  async run({ campaignIds = [], linkedInAccountIds = [], statuses, ...args }, context) {
    const searchedStatuses = statuses ?? (campaignIds.length > 0 ? undefined : DEFAULT_STATUSES);
    const request = { ...args, campaignIds, linkedInAccountIds, statuses: searchedStatuses };
    return context.jobs.runRead((of) => reportLeads(request, of), context);
  },
});
