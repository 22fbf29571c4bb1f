import { z } from 'zod';
import { campaignMetrics } from '../../client/operations/stats.ts';
import { packCursor, unpackCursor } from '../cursor.ts';
import { defineTool, type InputOf } from '../define.ts';
import { text } from '../fields.ts';
import { checkPeriod, dayRow, periodOf, periodOutput, statsFields } from './period.ts';

const input = {
  ...statsFields,
  cursor: text('nextCursor of the last answer, with the same arguments', 2_000).optional(),
};
type Input = InputOf<typeof input>;

/** The first row to give, and the period, which a cursor keeps from moving with the clock. */
function beginOf({ cursor, detail: _, ...args }: Input) {
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
    'The statistics of get_overall_stats for each campaign by itself; the last 30 days by default. With byDay the rows are per day and campaign.',
  toolset: 'stats',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input,
  check(given) {
    const begin = beginOf(given);
    return typeof begin === 'string' ? begin : checkPeriod(given);
  },
  output: z.looseObject({
    ...periodOutput,
    returned: z.number(),
    rows: z
      .array(campaignMetrics.extend({ day: z.string().optional() }))
      .describe('one per campaign, or per day and campaign'),
    nextCursor: z.string().optional().describe('cursor to go on with; absent at the end'),
  }),
  async run(given, { client, call, full }) {
    const begin = beginOf(given);
    if (typeof begin === 'string') throw new TypeError(begin);
    const { cursor: _, detail: __, ...args } = given;
    const { accountIds, campaignIds, byDay } = args;
    const answer = await client.stats.getByCampaign({ accountIds, campaignIds, ...begin.period }, call);
    const daily = Object.entries(answer.byDayStats ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([day, campaigns]) => campaigns.map((counts) => ({ day: day.slice(0, 10), ...dayRow(counts, full) })));
    const rows = (byDay ? daily : (answer.overallStats ?? [])).slice(begin.skip);
    return {
      data: { ...begin.period, returned: rows.length, rows },
      rows: {
        key: 'rows',
        goOn(kept) {
          if (kept >= rows.length) return {};
          const upstream = `${begin.period.startDate}|${begin.period.endDate}`;
          return { nextCursor: packCursor({ upstream, skip: begin.skip + kept }, args) };
        },
      },
    };
  },
});
