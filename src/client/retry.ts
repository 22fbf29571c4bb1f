import type { FaultReason } from './faults.ts';

/**
 * What a second identical call does: `safe` is a read, `same` leaves the same state, `once` does it again (or undoes what
 * somebody did in between). Declared per operation, never derived from the HTTP verb: most reads of this API are POSTs.
 */
export type Repeat = 'safe' | 'same' | 'once';

/** How one attempt ended, as far as trying again is concerned. */
export type Attempt =
  | { type: 'answer'; status: number }
  | { type: 'fault'; reason: FaultReason; bytesLeft: boolean; inFlight: boolean };

export type RetryDecision =
  /** Wait so many milliseconds, take a new slot, try again. */
  { action: 'again'; waitMs: number; counts: boolean } | { action: 'stop' };

const MAX_ATTEMPTS = 3;
const BASE_MS = 500;
const CEILING_MS = 8_000;
export const STOP: RetryDecision = { action: 'stop' };

/**
 * Decides whether an attempt that did not succeed is repeated. Pure: same arguments, same decision.
 * @param attempt counts from 1 and leaves out attempts that were answered 429.
 * @param timeLeftMs until the caller's deadline.
 * @param random from 0 to 1, for full jitter.
 */
export function decideRetry(
  repeat: Repeat,
  ended: Attempt,
  attempt: number,
  timeLeftMs: number,
  random: number,
): RetryDecision {
  // A 429 was not processed, so any class may go again; the quota holds the key for as long as it has to.
  if (ended.type === 'answer' && ended.status === 429) {
    return timeLeftMs > 0 ? { action: 'again', waitMs: 0, counts: false } : STOP;
  }
  if (!isRepeatable(repeat, ended) || attempt >= MAX_ATTEMPTS) return STOP;
  const waitMs = Math.round(random * Math.min(CEILING_MS, BASE_MS * 2 ** (attempt - 1)));
  return waitMs < timeLeftMs ? { action: 'again', waitMs, counts: true } : STOP;
}

function isRepeatable(repeat: Repeat, ended: Attempt): boolean {
  if (ended.type === 'answer') return repeat !== 'once' && ended.status >= 500;
  if (ended.inFlight || ended.reason === 'cancelled' || ended.reason === 'deadline') return false;
  if (repeat === 'once') return ended.reason === 'refused' && !ended.bytesLeft;
  return ended.reason !== 'too_large' && ended.reason !== 'invalid';
}

const MAX_BELIEVABLE_MS = 120_000;

/**
 * How long a 429 asks to wait, from its Retry-After header (seconds or an HTTP date).
 * @returns undefined without a header; `absurd` with 60 s for one that is over 120 s or cannot be read.
 */
export function readRetryAfter(
  header: string | undefined,
  now: number,
): { waitMs: number; absurd: boolean } | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : readHttpDate(text) - now;
  if (Number.isNaN(waitMs) || waitMs > MAX_BELIEVABLE_MS) return { waitMs: 60_000, absurd: true };
  return { waitMs: Math.max(0, waitMs), absurd: false };
}

/** The three forms that HTTP knows, the present one first. `Date.parse` reads the last as local time, and far too much else. */
const HTTP_DATES = [
  /^[A-Z][a-z]{2}, (?<day>\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^[A-Z][a-z]{5,8}, (?<day>\d{2})-(?<month>[A-Z][a-z]{2})-(?<year>\d{2}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d{2}:\d{2}:\d{2}) (?<year>\d{4})$/,
];

/** @returns ms since the epoch, or NaN for what is no HTTP date. */
function readHttpDate(text: string): number {
  const found = HTTP_DATES.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (found === undefined) return Number.NaN;
  const { day = '', month, year, time } = found;
  const at = Date.parse(`${day.trim()} ${month} ${year} ${time} GMT`);
  // A day that the month does not have would run over into the next.
  return new Date(at).getUTCDate() === Number(day) ? at : Number.NaN;
}
