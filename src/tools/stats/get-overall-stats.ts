import { z } from 'zod';
import { metrics } from '../../client/operations/stats.ts';
import { defineTool } from '../define.ts';
import { checkPeriod, dayRow, periodOf, periodOutput, statsFields } from './period.ts';

export const getOverallStats = defineTool({
  name: 'get_overall_stats',
  title: 'Get statistics',
  description:
    'Messages, replies, connections and rates (0 to 1) of the workspace, or of some senders or campaigns together; the last 30 days by default. For a comparison of campaigns use get_stats_by_campaign.',
  toolset: 'stats',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: statsFields,
  check: checkPeriod,
  output: z.looseObject({
    ...periodOutput,
    overall: metrics,
    byDay: z
      .array(metrics.extend({ day: z.string() }))
      .optional()
      .describe('oldest first'),
    nextStartDate: z
      .string()
      .optional()
      .describe(
        'startDate to go on from with the same endDate, when days were left off; overall is then of the rest only',
      ),
  }),
  async run({ accountIds, campaignIds, startDate, endDate, byDay }, { client, call, full }) {
    const period = periodOf({ startDate, endDate });
    const answer = await client.stats.getOverall({ accountIds, campaignIds, ...period }, call);
    const overall = answer.overallStats ?? {};
    if (!byDay) return { data: { ...period, overall } };
    const days = Object.entries(answer.byDayStats ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, counts]) => ({ day: day.slice(0, 10), ...dayRow(counts, full) }));
    return {
      data: { ...period, overall, byDay: days },
      rows: { key: 'byDay', goOn: (kept) => (kept < days.length ? { nextStartDate: days[kept]!.day } : {}) },
    };
  },
});
