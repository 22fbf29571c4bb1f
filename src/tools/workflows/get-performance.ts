import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { checkRange } from '../../mcp/arguments/date-range.ts';
import { day, ids, integer, text } from '../../mcp/arguments/fields.ts';
import { defineTool, type InputOf } from '../../mcp/tool.ts';
import { jobOutputs } from '../../workflows/jobs/job-answer.ts';
import { packReportCursor, reportPosition } from '../../workflows/performance/position.ts';
import { makeReport, TOTALS } from '../../workflows/performance/report.ts';
import { SORTS } from '../../workflows/performance/rows.ts';
import { RATE_CELLS } from '../../workflows/performance/table.ts';
import { incompleteOutput } from '../../workflows/shared/incomplete.ts';
import { countDays, PERIODS } from '../../workflows/shared/periods.ts';
import { tableOutput } from '../../workflows/shared/table.ts';

const total = z.number().nullable();
const totalsOutput = Object.fromEntries(
  TOTALS.map((name) => [name, name.endsWith('Before') ? total.optional() : total]),
);
const MAX_DAYS = 366;
const rate = z.number().min(0).max(1);

const input = lazy(() => ({
  by: z
    .enum(['campaign', 'sender', 'campaign_and_sender', 'week'])
    .describe('What a row is about; default campaign')
    .default('campaign'),
  period: z.enum(PERIODS).describe('Whole UTC days; default last_30_days').optional(),
  startDate: day('Default 30 days before endDate').optional(),
  endDate: day('Default today').optional(),
  campaignIds: ids('Only these').optional(),
  linkedInAccountIds: ids('Only these').optional(),
  minSample: integer(
    'Smaller samples pass no filter, and show no rate in results over 10 rows; default 30',
    1,
    10_000,
  ).default(30),
  cohortDays: integer(
    'Adds acceptance of leads that began at least this many days ago, by campaign',
    0,
    365,
  ).optional(),
  sort: z.enum(SORTS).describe('Largest first').optional(),
  filterMetric: z
    .enum(['acceptance', 'reply', 'inmail_reply'])
    .describe('Rate for below and above; default acceptance')
    .default('acceptance'),
  below: rate.describe('Only rows with a lower rate').optional(),
  above: rate.describe('Only rows with a higher rate').optional(),
  cursor: text('nextCursor', 2_000).optional(),
}));

const positionOf = ({ cursor, ...args }: InputOf<ReturnType<typeof input>>) => reportPosition(cursor, args, Date.now());

export const getPerformance = defineTool({
  name: 'get_performance',
  title: 'Report performance',
  description:
    'Compares campaigns, senders, both or weeks with the period before, for reports and to find what to pause. Rates are [part, whole, rate, rate before, change in points]; note marks small samples.',
  toolset: 'workflows',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  allWorkspaces: {},
  input: input,
  check(args) {
    if (args.period !== undefined && (args.startDate ?? args.endDate) !== undefined) {
      return 'period excludes startDate and endDate; leave one out';
    }
    if (args.cohortDays !== undefined && args.by !== 'campaign') return 'cohortDays needs by=campaign';
    const start = positionOf(args);
    if (typeof start === 'string') return start;
    const problem = checkRange({ startDate: start.days.first, endDate: start.days.last });
    if (problem !== undefined) return problem;
    return countDays(start.days) > MAX_DAYS ? `a period has at most ${MAX_DAYS} days` : undefined;
  },
  output: () =>
    z.looseObject({
      period: z.looseObject({
        startDate: z.string(),
        endDate: z.string(),
        days: z.number(),
        partialDay: z.string().optional().describe('today, which is not over'),
      }),
      before: z.looseObject({ startDate: z.string(), endDate: z.string() }).optional(),
      totals: z.looseObject(totalsOutput).describe('of all rows, including those that the filter leaves out'),
      totalRows: z.number(),
      leftOut: z
        .looseObject({ tooSmall: z.number(), otherRate: z.number() })
        .optional()
        .describe('rows that the filter leaves out'),
      ...tableOutput('own', RATE_CELLS),
      howCounted: z.string(),
      nextCursor: z.string().optional(),
      ...incompleteOutput(),
      ...jobOutputs(),
    }),
  async run({ cursor, ...args }, context) {
    const start = positionOf({ cursor, ...args });
    if (typeof start === 'string') throw new TypeError(start);
    const { filterMetric, below, above, campaignIds = [], linkedInAccountIds = [] } = args;
    const filter = (below ?? above) === undefined ? undefined : { metric: filterMetric, below, above };
    const request = { ...args, ...start, filter, campaignIds, linkedInAccountIds };
    return context.jobs.runRead(
      (of) => makeReport(request, of, (skip) => packReportCursor({ ...start, skip }, args)),
      context,
    );
  },
});
