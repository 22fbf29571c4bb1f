import { describe, expect, test, vi } from 'vitest';
import type { Breaker } from '../../src/client/breaker.ts';
import { type CircuitReport, coolingMs } from '../../src/client/circuit.ts';
import type { Exchange } from '../../src/client/http.ts';
import { answered, failed, isOpen, make, makeBreaker, makeMany, SECOND, START, useClock } from './watchers.ts';

useClock();

describe('the way back', () => {
  async function open(breaker: Breaker): Promise<void> {
    await makeMany(breaker, 5, answered(503));
  }

  test('is one call at a time: while it is under way the others are refused', async () => {
    const breaker = makeBreaker();
    await open(breaker);
    vi.advanceTimersByTime(10 * SECOND);
    let answer!: (ended: Exchange) => void;
    const ended = new Promise<Exchange>((resolve) => {
      answer = resolve;
    });
    const probe = breaker.watch('a', 'one', async ({ isProbe, tell }) => {
      tell(await ended, 0);
      return isProbe;
    });
    const others = await Promise.all([make(breaker, answered(200)), make(breaker, answered(200), { key: 'b' })]);
    expect(others).toEqual([false, false]);
    expect(breaker.refusal('a')?.retryAfterSeconds).toBe(5);
    answer(answered(404));
    expect(await probe).toBe(true);
    expect(await make(breaker, answered(200))).toBe(true);
    await makeMany(breaker, 4, answered(503));
    expect(isOpen(breaker)).toBe(false);
  });

  test('takes longer with every probe that fails, up to a minute', async () => {
    const breaker = makeBreaker();
    await open(breaker);
    for (const seconds of [10, 20, 40, 60, 60]) {
      expect(breaker.refusal('b')?.retryAfterSeconds).toBe(seconds);
      vi.advanceTimersByTime(seconds * SECOND - 1);
      expect(await make(breaker, answered(200))).toBe(false);
      vi.advanceTimersByTime(1);
      expect(await make(breaker, failed('timeout'))).toBe(true);
    }
  });

  test('comes when it is due, whatever is done to the system clock', async () => {
    const breaker = makeBreaker();
    await open(breaker);
    vi.setSystemTime(START + 3_600 * SECOND);
    expect(await make(breaker, answered(200))).toBe(false);
    vi.setSystemTime(START - 3_600 * SECOND);
    vi.advanceTimersByTime(10 * SECOND);
    expect(await make(breaker, answered(200))).toBe(true);
    expect(isOpen(breaker)).toBe(false);
  });

  test('a probe that is cancelled has found out nothing: the next call is the probe, and nothing takes longer', async () => {
    const reports: CircuitReport[] = [];
    const breaker = makeBreaker((report) => reports.push(report));
    await open(breaker);
    vi.advanceTimersByTime(10 * SECOND);
    const told = reports.length;
    for (let cancelled = 0; cancelled < 4; cancelled += 1) {
      expect(await make(breaker, failed('cancelled'))).toBe(true);
    }
    expect(reports).toHaveLength(told);
    expect(await make(breaker, answered(503))).toBe(true);
    expect(breaker.refusal('a')).toMatchObject({ retryAfterSeconds: 20, message: expect.stringContaining('HTTP 503') });
  });

  test('is over with the first answer, whatever becomes of the call that got it', async () => {
    const breaker = makeBreaker();
    await open(breaker);
    vi.advanceTimersByTime(10 * SECOND);
    const probe = breaker.watch('a', 'one', async ({ tell }) => {
      tell(answered(429), 0);
      await new Promise(() => {});
    });
    probe.catch(() => {});
    await vi.waitFor(() => expect(isOpen(breaker, 'b')).toBe(false));
    expect(await make(breaker, answered(200), { key: 'b' })).toBe(true);
    expect(await make(breaker, answered(200), { key: 'a' })).toBe(true);
  });

  /** Calls that are under way until they are told how they end. */
  function begin(breaker: Breaker, count: number, key = 'a') {
    const ends: ((ended: Exchange) => void)[] = [];
    const calls = Array.from({ length: count }, () =>
      breaker.watch(key, 'one', async ({ tell }) => tell(await new Promise<Exchange>((end) => ends.push(end)), 0)),
    );
    return async (ended: Exchange) => {
      for (const end of ends) end(ended);
      await Promise.all(calls);
    };
  }

  test('is not barred by calls that began before, and end while the probe is under way or after it', async () => {
    const breaker = makeBreaker();
    const during = begin(breaker, 5);
    const afterwards = begin(breaker, 5);
    await open(breaker);
    vi.advanceTimersByTime(10 * SECOND);
    const probe = begin(breaker, 1);
    await during(answered(503));
    expect(breaker.refusal('b')?.retryAfterSeconds).toBe(5);
    await probe(answered(200));
    expect(isOpen(breaker)).toBe(false);
    await afterwards(answered(503));
    expect(isOpen(breaker)).toBe(false);
    await makeMany(breaker, 4, answered(503));
    expect(isOpen(breaker)).toBe(false);
  });

  test('only a new call can be the probe, not a further attempt', async () => {
    const breaker = makeBreaker();
    await open(breaker);
    vi.advanceTimersByTime(10 * SECOND);
    expect(breaker.refusal('a', false)).toMatchObject({ kind: 'outage' });
    expect(breaker.refusal('a')).toBeUndefined();
  });

  test('a late answer shows it too, and a late failure says nothing new', async () => {
    const breaker = makeBreaker();
    await makeMany(breaker, 4, answered(503));
    await breaker.tellLate('a', 'one', answered(503));
    expect(isOpen(breaker)).toBe(false);
    await breaker.tellLate('a', 'one', answered(200));
    await makeMany(breaker, 4, answered(503));
    expect(isOpen(breaker)).toBe(false);
  });

  test('cooling times have jitter: from half of them to all', () => {
    expect([0, 1, 2, 3, 9].map((failed) => coolingMs(failed, 0))).toEqual([10_000, 20_000, 40_000, 60_000, 60_000]);
    expect([0, 1, 2, 3, 9].map((failed) => coolingMs(failed, 1))).toEqual([5_000, 10_000, 20_000, 30_000, 30_000]);
  });
});
