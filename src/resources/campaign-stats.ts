import { z } from 'zod';
import { count, text } from '../client/operations/fields.ts';
import { metrics } from '../client/operations/stats.ts';
import { dayRow, lastDays } from '../tools/stats/period.ts';
import { readById } from './owner.ts';
import type { Resource } from './resource.ts';

type Metrics = z.infer<typeof metrics>;

/** HeyReach's rates, each with the counts it is made of: part, then whole. */
const RATES = {
  connectionAcceptanceRate: ['connectionsAccepted', 'connectionsSent'],
  messageReplyRate: ['totalMessageReplies', 'totalMessageStarted'],
  inMailReplyRate: ['totalInmailReplies', 'totalInmailStarted'],
  autoTaggedInterestedRate: ['autoTaggedInterested', 'totalAutoTagged'],
} as const satisfies Partial<Record<keyof Metrics, readonly [keyof Metrics, keyof Metrics]>>;

export const campaignStats: Resource = {
  uri: 'heyreach://campaigns/{campaignId}/stats',
  tool: 'get_overall_stats',
  name: 'campaign-stats',
  title: 'Results of a campaign',
  description:
    'The last 30 days of a campaign: rates with the counts they are made of, totals, and a row a day, in which counts of 0 are left out.',
  output: z.looseObject({
    campaignId: z.number(),
    name: text,
    status: text,
    startDate: z.string(),
    endDate: z.string(),
    rates: z.record(z.string(), z.record(z.string(), count)),
    totals: metrics,
    byDay: z.array(metrics.extend({ day: z.string() })),
  }),
  async read({ campaignId: given }, { client, call }) {
    const campaignId = Number(given);
    const period = lastDays();
    // Statistics of a campaign that is not there are zeros: only the campaign itself tells.
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
    };
  },
};

/** `{ messageReplyRate: { totalMessageReplies: 3, totalMessageStarted: 10, rate: 0.3 } }`; no rate where there is nothing to divide by. */
function ratesOf(found: Metrics): Record<string, Record<string, number>> {
  return Object.fromEntries(
    Object.entries(RATES).map(([name, [part, whole]]) => {
      const rate = found[name as keyof typeof RATES];
      const counts = { [part]: found[part] ?? 0, [whole]: found[whole] ?? 0 };
      return [name, found[whole] && rate != null ? { ...counts, rate } : counts];
    }),
  );
}

/** The counts alone: the rates of a day, or without their counts, mislead. */
function withoutRates(found: Metrics): Metrics {
  return Object.fromEntries(Object.entries(found).filter(([name]) => !(name in RATES)));
}
