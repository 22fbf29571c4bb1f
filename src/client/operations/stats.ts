import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
import { operation } from '../operation.ts';
import { count, id, text } from './fields.ts';

/** Counts, and rates as fractions from 0 to 1 (0 where the denominator is 0). The mixed casing is the vendor's. */
export const metrics = lazy(() =>
  z.looseObject({
    profileViews: count,
    postLikes: count,
    follows: count,
    messagesSent: count,
    totalMessageStarted: count,
    totalMessageReplies: count,
    inmailMessagesSent: count,
    totalInmailStarted: count,
    totalInmailReplies: count,
    connectionsSent: count,
    connectionsAccepted: count,
    messageReplyRate: count,
    inMailReplyRate: count,
    connectionAcceptanceRate: count,
    uniqueLeadsContacted: count,
    autoTaggedInterested: count,
    totalAutoTagged: count,
    autoTaggedInterestedRate: count,
  }),
);

export type StatsMetrics = z.infer<ReturnType<typeof metrics>>;

export const campaignMetrics = lazy(() => metrics().extend({ campaignId: id, campaignName: text }));

/** HeyReach requires both id arrays. An empty array selects all. */
export interface StatsRequest {
  accountIds: number[];
  campaignIds: number[];
  startDate: string;
  endDate: string;
}

export const stats = {
  getOverall: operation<StatsRequest>().answering(
    'POST /stats/GetOverallStats',
    () => z.looseObject({ byDayStats: z.record(z.string(), metrics()).nullish(), overallStats: metrics().nullish() }),
    { retry: 'safe' },
  ),
  /** Empty without a date range, so both dates are always sent. */
  getByCampaign: operation<StatsRequest>().answering(
    'POST /stats/GetOverallStatsByCampaign',
    () =>
      z.looseObject({
        byDayStats: z.record(z.string(), z.array(campaignMetrics())).nullish(),
        overallStats: z.array(campaignMetrics()).nullish(),
      }),
    { retry: 'safe' },
  ),
};
