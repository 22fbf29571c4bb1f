import type { StatsMetrics } from '../../client/operations/stats.ts';
import { rateOf } from '../shared/rates.ts';

/** The counts of a period from which rates are made. */
export interface Counts {
  /** Invitations. */
  sent: number;
  accepted: number;
  /** Conversations that a message began, and those with a reply. */
  started: number;
  replied: number;
  inmails: number;
  inmailReplies: number;
  interested: number;
}

export const NO_COUNTS: Counts = {
  sent: 0,
  accepted: 0,
  started: 0,
  replied: 0,
  inmails: 0,
  inmailReplies: 0,
  interested: 0,
};

/** The counts in HeyReach's statistics. */
export function countsOf(metrics: Partial<StatsMetrics> | null | undefined): Counts {
  return {
    sent: metrics?.connectionsSent ?? 0,
    accepted: metrics?.connectionsAccepted ?? 0,
    started: metrics?.totalMessageStarted ?? 0,
    replied: metrics?.totalMessageReplies ?? 0,
    inmails: metrics?.totalInmailStarted ?? 0,
    inmailReplies: metrics?.totalInmailReplies ?? 0,
    interested: metrics?.autoTaggedInterested ?? 0,
  };
}

/** The sum of counts. */
export function addCounts(all: readonly Counts[]): Counts {
  const names = Object.keys(NO_COUNTS) as (keyof Counts)[];
  return Object.fromEntries(
    names.map((name) => [name, all.reduce((sum, counts) => sum + counts[name], 0)]),
  ) as unknown as Counts;
}

/** The rates that a filter can use, each with the counts that it is made of. */
export const RATES = {
  acceptance: { part: 'accepted', whole: 'sent' },
  reply: { part: 'replied', whole: 'started' },
  inmail_reply: { part: 'inmailReplies', whole: 'inmails' },
} as const satisfies Record<string, { part: keyof Counts; whole: keyof Counts }>;
export type RateName = keyof typeof RATES;

/** A rate of some counts. Null for 0 of 0. */
export function rateIn(counts: Counts | null, name: RateName): number | null {
  const { part, whole } = RATES[name];
  return rateOf(counts?.[part], counts?.[whole]);
}

/** How many percentage points a rate has risen, rounded. Null where one of both is not there. */
export function changeIn(now: Counts, before: Counts | null, name: RateName): number | null {
  const { part, whole } = RATES[name];
  if (before === null || now[whole] === 0 || before[whole] === 0) return null;
  return Math.round((now[part] / now[whole] - before[part] / before[whole]) * 100);
}
