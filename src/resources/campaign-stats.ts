import * as z from 'zod';
import { count, text } from '../client/operations/fields.ts';
import { metrics, type StatsMetrics } from '../client/operations/stats.ts';
import { lazy } from '../lib/lazy.ts';
import { dayRow, last30Days, RATE_NAMES, RATES, withKnownRates } from '../views/stats.ts';
import { readById } from './shared/read-by-id.ts';
import type { Resource } from './shared/types.ts';

export const campaignStats: Resource = {
  uri: 'heyreach://campaigns/{campaignId}/stats',
  tool: 'get_overall_stats',
  name: 'campaign-stats',
  title: 'Results of a campaign',
  description:
    'The last 30 days of a campaign: rates with the counts behind them, totals, and one row per day without counts of 0.',
  output: lazy(() =>
    z.looseObject({
      campaignId: z.number(),
      name: text,
      status: text,
      startDate: z.string(),
      endDate: z.string(),
      rates: z.record(z.string(), z.record(z.string(), count)),
      totals: metrics(),
      byDay: z.array(metrics().extend({ day: z.string() })),
    }),
  ),
  async read(values, { client, call }) {
    const campaignId = Number(values.campaignId);
    const period = last30Days();
    // HeyReach returns zeros for an unknown campaign, so the campaign is read too.
    const [{ name, status }, { overallStats, byDayStats }] = await readById(
      client.campaigns.getById({ campaignId }, call),
      client.stats.getOverall({ accountIds: [], campaignIds: [campaignId], ...period }, call),
    );
    const byDay = Object.entries(byDayStats ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, counts]) => ({ day: day.slice(0, 10), ...dayRow(withoutRates(counts), false) }));
    return {
      data: {
        campaignId,
        name,
        status,
        ...period,
        rates: ratesOf(overallStats ?? {}),
        totals: withoutRates(overallStats ?? {}),
        byDay,
      },
      rows: { key: 'byDay', keep: 'last' },
      nullFields: ['rate'],
    };
  },
};

/**
 * `{ messageReplyRate: { totalMessageReplies: 3, totalMessageStarted: 10, rate: 0.3 } }`. The rate is null where the
 * denominator is 0.
 */
function ratesOf(metrics: StatsMetrics): Record<string, Partial<StatsMetrics>> {
  const known = withKnownRates(metrics);
  return Object.fromEntries(
    RATE_NAMES.map((name) => {
      const [numerator, denominator] = RATES[name];
      return [name, { [numerator]: known[numerator], [denominator]: known[denominator], rate: known[name] }];
    }),
  );
}

/** The counts alone: rates of a single day, or without their counts, mislead. */
function withoutRates(metrics: StatsMetrics): StatsMetrics {
  return Object.fromEntries(Object.entries(metrics).filter(([name]) => !(name in RATES)));
}
