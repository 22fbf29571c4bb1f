import * as z from 'zod';
import { limit, list, offFlag } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { checkContacted } from '../../workflows/contacted/check-contacted.ts';
import { VERDICTS } from '../../workflows/contacted/verdict.ts';
import { jobOutputs } from '../../workflows/jobs/job-answer.ts';
import { personRows } from '../../workflows/leads/person-rows.ts';
import { CHECKS } from '../../workflows/people-index/index-starts.ts';
import { incompleteOutput } from '../../workflows/shared/incomplete.ts';
import { tableOutput } from '../../workflows/shared/table.ts';
import { checkSource, sourceInput } from '../../workflows/sources/read-source.ts';

const count = z.number().nullable().optional();

export const checkContactedTool = defineTool({
  name: 'check_contacted',
  title: 'Check who was contacted',
  description:
    'Classifies people as clear, contacted, in_progress (a running campaign has steps left), answered, blacklisted or uncheckable, with campaigns, lists and senders. Use it before adding people; for one person use get_lead_overview.',
  toolset: 'workflows',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    profileUrls: personRows('Profile URLs', 100).optional(),
    ...sourceInput(),
    checks: list(z.enum(CHECKS), 'Only these', { min: 1, max: CHECKS.length }).optional(),
    exact: offFlag('Also find people in a campaign who left its list; one request per person'),
    output: z.enum(['rows', 'file']).default('rows').describe('file: all as CSV; default rows'),
    limit: limit('Rows', { max: 100, byDefault: 25 }),
  }),
  check: (input) => checkSource(input, 'profileUrls'),
  output: () =>
    z.looseObject({
      asked: z.number(),
      duplicates: z.number().optional().describe('further rows of the same people'),
      unknown: z.number().describe('people about whom nothing was found'),
      verdicts: z.looseObject(Object.fromEntries(VERDICTS.map((verdict) => [verdict, z.number().optional()]))),
      counts: z
        .looseObject({
          inRunningCampaign: count,
          inAnyCampaign: count,
          inList: count,
          theyAnswered: count,
          weWroteLast: count,
          blacklisted: count,
        })
        .describe('people; null: not read for all'),
      plan: z.looseObject({
        way: z.enum(['index', 'each_person', 'mixed']),
        requests: z.number(),
        seconds: z.number(),
        age: z.number().describe('seconds since the oldest part was read'),
      }),
      ...z.object(tableOutput('outside', 'if not all fit, clear people come last; index: row of the input')).partial()
        .shape,
      campaigns: z.looseObject(tableOutput('own')).optional(),
      resultId: z.string().optional().describe('all rows, for other tools'),
      file: z.string().optional().describe('CSV of all rows'),
      ...incompleteOutput(),
      ...jobOutputs(),
    }),
  run: (input, context) => context.jobs.runRead((of) => checkContacted(input, of), context),
});
