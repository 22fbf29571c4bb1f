import { afterEach, describe, expect, test } from 'vitest';
import type { TransportErrorReason } from '../../../src/client/http-types.ts';
import { type Attempt, decideRetry, type RetryClass, readRetryAfter } from '../../../src/client/retry.ts';

const PLENTY_MS = 50_000;
const responded = (status: number): Attempt => ({ type: 'response', status });
const broke = (reason: TransportErrorReason, requestSent = true, inFlight = false): Attempt => ({
  type: 'error',
  reason,
  requestSent,
  inFlight,
});

function goesAgain(repeat: RetryClass, ended: Attempt, attempt = 1): boolean {
  return decideRetry(repeat, ended, attempt, PLENTY_MS, 0.5).action === 'retry';
}

describe('which calls are repeated', () => {
  const REPEATABLE = ['safe', 'idempotent'] as const;
  const ALL = ['safe', 'idempotent', 'never'] as const;

  test.each(REPEATABLE)('a %s call goes again after every 5xx', (repeat) => {
    for (const status of [500, 501, 502, 503, 504, 520, 599]) expect(goesAgain(repeat, responded(status))).toBe(true);
  });

  test('a once call does not go again after a 5xx', () => {
    for (const status of [500, 502, 503, 504, 599]) expect(goesAgain('never', responded(status))).toBe(false);
  });

  test.each(ALL)('a %s call does not go again after a 3xx or a 4xx that HeyReach meant', (repeat) => {
    for (const status of [301, 302, 307, 400, 401, 403, 404, 405, 408, 409, 415, 422, 499]) {
      expect(goesAgain(repeat, responded(status))).toBe(false);
    }
  });

  test.each(ALL)(
    'a %s call goes again after a 429, at once as far as it is concerned, and it counts for nothing',
    (repeat) => {
      for (const attempt of [1, 2, 3, 7]) {
        expect(decideRetry(repeat, responded(429), attempt, 1, 0.9)).toEqual({
          action: 'retry',
          waitMs: 0,
        });
      }
    },
  );

  test.each(ALL)('a %s call without time left does not go again after a 429', (repeat) => {
    for (const left of [0, -1]) expect(decideRetry(repeat, responded(429), 1, left, 0)).toEqual({ action: 'stop' });
  });

  test.each(REPEATABLE)('a %s call goes again after timeouts and connection faults, sent or not', (repeat) => {
    for (const reason of ['dns', 'refused', 'tls', 'connect_timeout', 'reset', 'timeout'] as const) {
      for (const requestSent of [true, false]) expect(goesAgain(repeat, broke(reason, requestSent))).toBe(true);
    }
  });

  test('a once call goes again after a refused connection, and after no other fault', () => {
    expect(goesAgain('never', broke('refused', false))).toBe(true);
    expect(goesAgain('never', broke('late', false))).toBe(true);
    expect(goesAgain('never', broke('refused', true))).toBe(false);
    for (const reason of ['dns', 'tls', 'connect_timeout', 'reset', 'timeout', 'too_large'] as const) {
      for (const requestSent of [true, false]) expect(goesAgain('never', broke(reason, requestSent))).toBe(false);
    }
  });

  test.each(ALL)(
    'a %s call that was cancelled, ran out of time, is in flight or responded too much stays as it is',
    (repeat) => {
      for (const reason of ['cancelled', 'deadline', 'too_large'] as const) {
        for (const requestSent of [true, false]) expect(goesAgain(repeat, broke(reason, requestSent))).toBe(false);
      }
      expect(goesAgain(repeat, broke('reset', true, true))).toBe(false);
    },
  );

  test.each(ALL)('a %s call has three attempts in all', (repeat) => {
    const ended = repeat === 'never' ? broke('refused', false) : responded(503);
    expect([1, 2, 3, 4].map((attempt) => goesAgain(repeat, ended, attempt))).toEqual([true, true, false, false]);
  });
});

describe('how long a repetition waits', () => {
  const waits = (attempt: number, random: number, left = PLENTY_MS) =>
    decideRetry('safe', responded(500), attempt, left, random);

  test('the pause is drawn from zero up to a bound that doubles with each attempt', () => {
    expect(waits(1, 0)).toEqual({ action: 'retry', waitMs: 0 });
    expect(waits(1, 0.5)).toEqual({ action: 'retry', waitMs: 250 });
    expect(waits(1, 0.999_9)).toEqual({ action: 'retry', waitMs: 500 });
    expect(waits(2, 0.5)).toEqual({ action: 'retry', waitMs: 500 });
    expect(waits(2, 0.999_9)).toEqual({ action: 'retry', waitMs: 1_000 });
  });

  test('a pause that would not end before the deadline is not begun', () => {
    expect(waits(1, 0.999_9, 501).action).toBe('retry');
    expect(waits(1, 0.999_9, 500).action).toBe('stop');
    expect(waits(1, 0, 0).action).toBe('stop');
    expect(waits(1, 0, -5).action).toBe('stop');
  });

  test('without a deadline there is always time', () => {
    expect(decideRetry('idempotent', broke('reset'), 2, Number.POSITIVE_INFINITY, 0.2).action).toBe('retry');
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

  test('is unknown when there is none', () => {
    expect(readRetryAfter(undefined, NOW)).toBeUndefined();
  });

  test.each([
    ['0', 0],
    ['7', 7_000],
    [' 30 ', 30_000],
    ['1.5', 1_500],
    ['0.25', 250],
    ['120', 120_000],
  ])('%j seconds is believed', (header, waitMs) => {
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
  ])('the date %j is read, a past one as now', (header, waitMs) => {
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
  ])('more than two minutes counts as one: %.40s', (header) => {
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
  ])('what cannot be read counts as one minute: %j', (header) => {
    expect(readRetryAfter(header, NOW)).toEqual(ABSURD);
  });
});
