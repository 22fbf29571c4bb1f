import type { StatsMetrics } from '../client/operations/stats.ts';
import { endOfDate, startOfDate } from '../mcp/arguments/fields.ts';

const DAY_MS = 86_400_000;

const DEFAULT_DAYS = 30;

/** The last 30 whole UTC days, today included. The period is the same for every call of a day. */
export function last30Days(now = Date.now()): { startDate: string; endDate: string } {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return periodOf({ startDate: day(now - (DEFAULT_DAYS - 1) * DAY_MS), endDate: day(now) });
}

/** A period with both ends. Without them HeyReach returns nothing or an unexpected period. */
export function periodOf({ startDate, endDate }: Period): { startDate: string; endDate: string } {
  const end = endDate === undefined ? new Date().toISOString() : endOfDate(endDate);
  const start =
    startDate === undefined ? new Date(Date.parse(end) - DEFAULT_DAYS * DAY_MS).toISOString() : startOfDate(startDate);
  return { startDate: start, endDate: end };
}

/** Days or times of a request for statistics. Without a start, the 30 days before the end. */
export interface Period {
  startDate?: string | undefined;
  endDate?: string | undefined;
}

/** HeyReach's rates, each with its two counts: numerator, then denominator. */
export const RATES = {
  connectionAcceptanceRate: ['connectionsAccepted', 'connectionsSent'],
  messageReplyRate: ['totalMessageReplies', 'totalMessageStarted'],
  inMailReplyRate: ['totalInmailReplies', 'totalInmailStarted'],
  autoTaggedInterestedRate: ['autoTaggedInterested', 'totalAutoTagged'],
} as const satisfies Partial<Record<keyof StatsMetrics, readonly [keyof StatsMetrics, keyof StatsMetrics]>>;

export type RateName = keyof typeof RATES;
export const RATE_NAMES = Object.keys(RATES) as RateName[];

/** The metrics with null for a rate of nothing. HeyReach has 0 there, which would rank a campaign as the worst. */
export function withKnownRates<Row extends StatsMetrics>(row: Row): Row {
  const unknown = RATE_NAMES.filter((rate) => row[rate] !== undefined && row[RATES[rate][1]] === 0);
  return { ...row, ...Object.fromEntries(unknown.map((rate) => [rate, null])) };
}

/** A day's metrics. The compact form omits zeros and rates of nothing, because most metrics are 0. */
export function dayRow<Row extends StatsMetrics>(row: Row, full: boolean): Partial<Row> {
  const known = withKnownRates(row);
  if (full) return known;
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== 0 && value !== null)) as Partial<Row>;
}
