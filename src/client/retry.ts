import type { TransportErrorReason } from './http-types.ts';

/**
 * What a second identical call does. Declared per operation, never derived from the HTTP verb: most reads of this API are
 * POSTs.
 *
 * - `safe`: a read.
 * - `idempotent`: leaves the same state.
 * - `never`: acts a second time, or undoes a change made in between.
 */
export type RetryClass = 'safe' | 'idempotent' | 'never';

/** How one attempt ended, as far as retries depend on it. */
export type Attempt =
  | { type: 'response'; status: number }
  | { type: 'error'; reason: TransportErrorReason; requestSent: boolean; inFlight: boolean };

/** To retry, wait, then take a new permit. */
export type RetryDecision = { action: 'retry'; waitMs: number } | { action: 'stop' };

const MAX_ATTEMPTS = 3;
const BASE_MS = 500;
const MAX_BACKOFF_MS = 8_000;
/** The attempt is the last one. */
export const NO_RETRY: RetryDecision = { action: 'stop' };

/**
 * Decides whether an attempt that did not succeed is retried. Pure.
 * @param attempt counts from 1 and leaves out attempts that got a 429.
 * @param timeLeftMs until the caller's deadline.
 * @param random from 0 to 1, for full jitter.
 */
export function decideRetry(
  retryClass: RetryClass,
  result: Attempt,
  attempt: number,
  timeLeftMs: number,
  random: number,
): RetryDecision {
  // HeyReach does not process a request that gets a 429, so any class may retry. The rate limiter holds the key meanwhile.
  if (result.type === 'response' && result.status === 429) {
    return timeLeftMs > 0 ? { action: 'retry', waitMs: 0 } : NO_RETRY;
  }
  if (!isRetryable(retryClass, result) || attempt >= MAX_ATTEMPTS) return NO_RETRY;
  const waitMs = Math.round(random * Math.min(MAX_BACKOFF_MS, BASE_MS * 2 ** (attempt - 1)));
  return waitMs < timeLeftMs ? { action: 'retry', waitMs } : NO_RETRY;
}

function isRetryable(retryClass: RetryClass, result: Attempt): boolean {
  if (result.type === 'response') return retryClass !== 'never' && result.status >= 500;
  if (result.inFlight || result.reason === 'cancelled' || result.reason === 'deadline') return false;
  if (retryClass === 'never') return (result.reason === 'refused' || result.reason === 'late') && !result.requestSent;
  return result.reason !== 'too_large' && result.reason !== 'invalid';
}

const MAX_RETRY_AFTER_MS = 120_000;

/**
 * How long a 429 asks to wait, from its Retry-After header (seconds or an HTTP date).
 * @returns undefined without a header. A value over 120 s, or an unreadable value, is `absurd` and counts as 60 s.
 */
export function readRetryAfter(
  header: string | undefined,
  now: number,
): { waitMs: number; absurd: boolean } | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : readHttpDate(text) - now;
  if (Number.isNaN(waitMs) || waitMs > MAX_RETRY_AFTER_MS) return { waitMs: 60_000, absurd: true };
  return { waitMs: Math.max(0, waitMs), absurd: false };
}

/**
 * The three date forms of HTTP, today's form first. `Date.parse` reads the third as local time, and accepts far more than
 * HTTP dates.
 */
const HTTP_DATES = [
  /^[A-Z][a-z]{2}, (?<day>\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^[A-Z][a-z]{5,8}, (?<day>\d{2})-(?<month>[A-Z][a-z]{2})-(?<year>\d{2}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d{2}:\d{2}:\d{2}) (?<year>\d{4})$/,
];

/** @returns ms since the epoch, or NaN for a text that is not an HTTP date. */
function readHttpDate(text: string): number {
  const parts = HTTP_DATES.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (parts === undefined) return Number.NaN;
  const { day = '', month, year, time } = parts;
  const at = Date.parse(`${day.trim()} ${month} ${year} ${time} GMT`);
  // `Date.parse` takes 31 Feb for a day in March.
  return new Date(at).getUTCDate() === Number(day) ? at : Number.NaN;
}
