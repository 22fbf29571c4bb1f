import * as z from 'zod';
import { metrics } from '../../client/operations/stats.ts';
import { defineTool } from '../../mcp/tool.ts';
import { dayRow, periodOf, RATE_NAMES, withKnownRates } from '../../views/stats.ts';
import { assertListed } from '../../workflows/shared/filter-ids.ts';
import { checkPeriod, periodOutput, statsFields } from './shared/period.ts';

export const getOverallStats = defineTool({
  name: 'get_overall_stats',
  title: 'Get statistics',
  description:
    'Returns messages, replies, connections and rates (0 to 1, null for 0 of 0) of the workspace, or of some senders or campaigns together. For each campaign use get_stats_by_campaign.',
  toolset: 'stats',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: statsFields,
  check: checkPeriod,
  output: () =>
    z.looseObject({
      ...periodOutput(),
      overall: metrics(),
      byDay: z
        .array(metrics().extend({ day: z.string() }))
        .optional()
        .describe('oldest first'),
      nextStartDate: z
        .string()
        .optional()
        .describe(
          'days were omitted: call again with this startDate and the same endDate; overall then covers only those days',
        ),
    }),
  async run({ accountIds, campaignIds, startDate, endDate, byDay }, context) {
    const { client, call, full } = context;
    const period = periodOf({ startDate, endDate });
    const response = await client.stats.getOverall({ accountIds, campaignIds, ...period }, call);
    const isEmpty = !Object.values(response.overallStats ?? {}).some(Boolean);
    if (isEmpty) await assertListed({ linkedInAccountIds: accountIds, campaignIds }, context);
    const overall = withKnownRates(response.overallStats ?? {});
    if (!byDay) return { data: { ...period, overall }, nullFields: RATE_NAMES };
    const days = Object.entries(response.byDayStats ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, counts]) => ({ day: day.slice(0, 10), ...dayRow(counts, full) }));
    return {
      data: { ...period, overall, byDay: days },
      nullFields: RATE_NAMES,
      rows: {
        key: 'byDay',
        continuation: (rowCount) => (rowCount < days.length ? { nextStartDate: days[rowCount]!.day } : {}),
      },
    };
  },
});
