import * as z from 'zod';
import { campaignMetrics } from '../../client/operations/stats.ts';
import { lazy } from '../../lib/lazy.ts';
import { text } from '../../mcp/arguments/fields.ts';
import { packCursor, unpackCursor } from '../../mcp/results/cursor.ts';
import { defineTool, type InputOf } from '../../mcp/tool.ts';
import { dayRow, periodOf, RATE_NAMES, withKnownRates } from '../../views/stats.ts';
import { assertListed } from '../../workflows/shared/filter-ids.ts';
import { checkPeriod, periodOutput, statsFields } from './shared/period.ts';

const input = lazy(() => ({
  ...statsFields(),
  cursor: text('nextCursor, same arguments', 2_000).optional(),
}));
type StatsInput = InputOf<ReturnType<typeof input>>;

/** The rows to skip and the period. A cursor carries the period, so that it stays the same on every page. */
function startOf({ cursor, detail: _, ...args }: StatsInput) {
  if (cursor === undefined) return { skip: 0, period: periodOf(args) };
  const position = unpackCursor(cursor, args);
  if (typeof position === 'string') return position;
  const [startDate, endDate] = (position.upstream ?? '').split('|');
  return { skip: position.skip, period: { startDate: startDate ?? '', endDate: endDate ?? '' } };
}

export const getStatsByCampaign = defineTool({
  name: 'get_stats_by_campaign',
  title: 'Compare campaigns',
  description:
    'Returns the statistics of get_overall_stats for each campaign, with byDay for each day. To compare with the period before use get_performance.',
  toolset: 'stats',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: input,
  check(args) {
    const start = startOf(args);
    return typeof start === 'string' ? start : checkPeriod(args);
  },
  output: () =>
    z.looseObject({
      ...periodOutput(),
      returned: z.number(),
      rows: z
        .array(campaignMetrics().extend({ day: z.string().optional() }))
        .describe('one per campaign, or per day and campaign'),
      nextCursor: z.string().optional().describe('cursor of the next page; absent at the end'),
    }),
  async run(input, context) {
    const { client, call, full } = context;
    const start = startOf(input);
    if (typeof start === 'string') throw new TypeError(start);
    const { cursor: _, detail: __, ...args } = input;
    const { accountIds, campaignIds, byDay } = args;
    const response = await client.stats.getByCampaign({ accountIds, campaignIds, ...start.period }, call);
    const daily = Object.entries(response.byDayStats ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([day, campaigns]) => campaigns.map((counts) => ({ day: day.slice(0, 10), ...dayRow(counts, full) })));
    const rows = (byDay ? daily : (response.overallStats ?? []).map(withKnownRates)).slice(start.skip);
    const isEmpty = start.skip === 0 && rows.length === 0;
    if (isEmpty) await assertListed({ linkedInAccountIds: accountIds, campaignIds }, context);
    return {
      data: { ...start.period, returned: rows.length, rows },
      nullFields: RATE_NAMES,
      rows: {
        key: 'rows',
        continuation(rowCount) {
          if (rowCount >= rows.length) return {};
          const upstream = `${start.period.startDate}|${start.period.endDate}`;
          return { nextCursor: packCursor({ upstream, skip: start.skip + rowCount }, args) };
        },
      },
    };
  },
});
