import { afterEach, describe, expect, test } from 'vitest';
import type { TransportErrorReason } from '../../../src/client/http-types.ts';
import { type Attempt, decideRetry, type RetryClass, readRetryAfter } from '../../../src/client/retry.ts';

const PLENTY_MS = 50_000;
const responded = (status: number): Attempt => ({ type: 'response', status });
const failed = (reason: TransportErrorReason, requestSent = true, inFlight = false): Attempt => ({
  type: 'error',
  reason,
  requestSent,
  inFlight,
});

function isRetried(retry: RetryClass, ended: Attempt, attempt = 1): boolean {
  return decideRetry(retry, ended, attempt, PLENTY_MS, 0.5).action === 'retry';
}

describe('the calls that are retried', () => {
  const RETRYABLE = ['safe', 'idempotent'] as const;
  const ALL = ['safe', 'idempotent', 'never'] as const;

  test.each(RETRYABLE)('a %s call is retried after every 5xx', (retry) => {
    for (const status of [500, 501, 502, 503, 504, 520, 599]) expect(isRetried(retry, responded(status))).toBe(true);
  });

  test('a never call is not retried after a 5xx', () => {
    for (const status of [500, 502, 503, 504, 599]) expect(isRetried('never', responded(status))).toBe(false);
  });

  test.each(ALL)('a %s call is not retried after a 3xx, or a 4xx other than 429', (retry) => {
    for (const status of [301, 302, 307, 400, 401, 403, 404, 405, 408, 409, 415, 422, 499]) {
      expect(isRetried(retry, responded(status))).toBe(false);
    }
  });

  test.each(ALL)(
    'a %s call is retried after a 429 without a pause of its own, and the attempt does not count',
    (retry) => {
      for (const attempt of [1, 2, 3, 7]) {
        expect(decideRetry(retry, responded(429), attempt, 1, 0.9)).toEqual({
          action: 'retry',
          waitMs: 0,
        });
      }
    },
  );

  test.each(ALL)('a %s call without time left is not retried after a 429', (retry) => {
    for (const left of [0, -1]) expect(decideRetry(retry, responded(429), 1, left, 0)).toEqual({ action: 'stop' });
  });

  test.each(RETRYABLE)('a %s call is retried after timeouts and connection errors, sent or not', (retry) => {
    for (const reason of ['dns', 'refused', 'tls', 'connect_timeout', 'reset', 'timeout'] as const) {
      for (const requestSent of [true, false]) expect(isRetried(retry, failed(reason, requestSent))).toBe(true);
    }
  });

  test('a never call is retried after a refused connection or a late start, and after no other error', () => {
    expect(isRetried('never', failed('refused', false))).toBe(true);
    expect(isRetried('never', failed('late', false))).toBe(true);
    expect(isRetried('never', failed('refused', true))).toBe(false);
    for (const reason of ['dns', 'tls', 'connect_timeout', 'reset', 'timeout', 'too_large'] as const) {
      for (const requestSent of [true, false]) expect(isRetried('never', failed(reason, requestSent))).toBe(false);
    }
  });

  test.each(ALL)(
    'a %s call that was cancelled, passed its deadline, is in flight or got too large a response is not retried',
    (retry) => {
      for (const reason of ['cancelled', 'deadline', 'too_large'] as const) {
        for (const requestSent of [true, false]) expect(isRetried(retry, failed(reason, requestSent))).toBe(false);
      }
      expect(isRetried(retry, failed('reset', true, true))).toBe(false);
    },
  );

  test.each(ALL)('a %s call has three attempts in total', (retry) => {
    const ended = retry === 'never' ? failed('refused', false) : responded(503);
    expect([1, 2, 3, 4].map((attempt) => isRetried(retry, ended, attempt))).toEqual([true, true, false, false]);
  });
});

describe('the wait before a retry', () => {
  const waits = (attempt: number, random: number, left = PLENTY_MS) =>
    decideRetry('safe', responded(500), attempt, left, random);

  test('is random between zero and a bound that doubles with each attempt', () => {
    expect(waits(1, 0)).toEqual({ action: 'retry', waitMs: 0 });
    expect(waits(1, 0.5)).toEqual({ action: 'retry', waitMs: 250 });
    expect(waits(1, 0.999_9)).toEqual({ action: 'retry', waitMs: 500 });
    expect(waits(2, 0.5)).toEqual({ action: 'retry', waitMs: 500 });
    expect(waits(2, 0.999_9)).toEqual({ action: 'retry', waitMs: 1_000 });
  });

  test('does not start if it would end after the deadline', () => {
    expect(waits(1, 0.999_9, 501).action).toBe('retry');
    expect(waits(1, 0.999_9, 500).action).toBe('stop');
    expect(waits(1, 0, 0).action).toBe('stop');
    expect(waits(1, 0, -5).action).toBe('stop');
  });

  test('is always possible without a deadline', () => {
    expect(decideRetry('idempotent', failed('reset'), 2, Number.POSITIVE_INFINITY, 0.2).action).toBe('retry');
  });
});

describe('Retry-After', () => {
  /** Sat, 14 Mar 2026 09:26:53 GMT */
  const NOW = Date.UTC(2026, 2, 14, 9, 26, 53);
  const ABSURD = { waitMs: 60_000, absurd: true };
  const zone = process.env.TZ;
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  test('is undefined when the header is missing', () => {
    expect(readRetryAfter(undefined, NOW)).toBeUndefined();
  });

  test.each([
    ['0', 0],
    ['7', 7_000],
    [' 30 ', 30_000],
    ['1.5', 1_500],
    ['0.25', 250],
    ['120', 120_000],
  ])('%j seconds is used as given', (header, waitMs) => {
    expect(readRetryAfter(header, NOW)).toEqual({ waitMs, absurd: false });
  });

  test.each([
    ['Sat, 14 Mar 2026 09:27:23 GMT', 30_000],
    ['Saturday, 14-Mar-26 09:27:23 GMT', 30_000],
    ['Sat Mar 14 09:27:23 2026', 30_000],
    ['Sun Mar  1 09:27:23 2026', 0],
    ['Sat, 14 Mar 2026 09:26:53 GMT', 0],
    ['Sat, 14 Mar 2026 09:26:23 GMT', 0],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
  ])('the date %j is read, and a past date means now', (header, waitMs) => {
    expect(readRetryAfter(header, NOW)).toEqual({ waitMs, absurd: false });
  });

  test.each(['America/New_York', 'Asia/Kolkata'])('a date means UTC on a machine in %s too', (there) => {
    process.env.TZ = there;
    for (const header of [
      'Sat, 14 Mar 2026 09:27:23 GMT',
      'Saturday, 14-Mar-26 09:27:23 GMT',
      'Sat Mar 14 09:27:23 2026',
    ]) {
      expect(readRetryAfter(header, NOW)).toEqual({ waitMs: 30_000, absurd: false });
    }
  });

  test.each([
    '121',
    '120.001',
    '3600',
    '9'.repeat(400),
    'Sat, 14 Mar 2026 09:28:54 GMT',
    'Sun, 14 Mar 2027 09:26:53 GMT',
  ])('more than two minutes counts as one minute: %.40s', (header) => {
    expect(readRetryAfter(header, NOW)).toEqual(ABSURD);
  });

  test.each([
    '',
    ' ',
    'soon',
    'after 5',
    'Retry in 60 seconds',
    'Sat, 5',
    'Sat, 31 Feb 2026 09:27:23 GMT',
    '-5',
    '+5',
    '1e1',
    '0x10',
    '5s',
    '5, 10',
    '2026-03-14T09:27:23Z',
    'NaN',
    'Infinity',
  ])('an unreadable value counts as one minute: %j', (header) => {
    expect(readRetryAfter(header, NOW)).toEqual(ABSURD);
  });
});
