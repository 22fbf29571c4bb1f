import { describe, expect, test, vi } from 'vitest';
import type { CircuitReport } from '../../../../src/client/circuit-breaker/circuit.ts';
import type { CircuitBreaker } from '../../../../src/client/circuit-breaker/circuit-breaker.ts';
import type { HttpResult } from '../../../../src/client/http-types.ts';
import { openForMs } from '../../../../src/state/circuits.ts';
import {
  failed,
  isOpen,
  make,
  makeBreaker,
  makeMany,
  responded,
  SECOND,
  START,
  track,
  useClock,
} from './tracked-calls.ts';

useClock();

describe('a half-open probe', () => {
  async function open(breaker: CircuitBreaker): Promise<void> {
    await makeMany(breaker, 5, responded(503));
  }

  test('is one call at a time, and the other calls are rejected meanwhile', async () => {
    const breaker = makeBreaker();
    await open(breaker);
    vi.advanceTimersByTime(10 * SECOND);
    let respond!: (exchange: HttpResult) => void;
    const response = new Promise<HttpResult>((resolve) => {
      respond = resolve;
    });
    const probe = track(breaker, 'a', 'one', async ({ isHalfOpenProbe, report }) => {
      report(await response, 0);
      return isHalfOpenProbe;
    });
    const others = await Promise.all([make(breaker, responded(200)), make(breaker, responded(200), { key: 'b' })]);
    expect(others).toEqual([false, false]);
    expect(breaker.rejection('a')?.retryAfterSeconds).toBe(5);
    respond(responded(404));
    expect(await probe).toBe(true);
    expect(await make(breaker, responded(200))).toBe(true);
    await makeMany(breaker, 4, responded(503));
    expect(isOpen(breaker)).toBe(false);
  });

  test('waits longer after each failed probe, up to a minute', async () => {
    const breaker = makeBreaker();
    await open(breaker);
    for (const seconds of [10, 20, 40, 60, 60]) {
      expect(breaker.rejection('b')?.retryAfterSeconds).toBe(seconds);
      vi.advanceTimersByTime(seconds * SECOND - 1);
      expect(await make(breaker, responded(200))).toBe(false);
      vi.advanceTimersByTime(1);
      expect(await make(breaker, failed('timeout'))).toBe(true);
    }
  });

  test('comes when it is due, even if the system clock was changed', async () => {
    const breaker = makeBreaker();
    await open(breaker);
    vi.setSystemTime(START + 3_600 * SECOND);
    expect(await make(breaker, responded(200))).toBe(false);
    vi.setSystemTime(START - 3_600 * SECOND);
    vi.advanceTimersByTime(10 * SECOND);
    expect(await make(breaker, responded(200))).toBe(true);
    expect(isOpen(breaker)).toBe(false);
  });

  test('a cancelled probe shows nothing, so the next call is the probe, without a longer wait', async () => {
    const reports: CircuitReport[] = [];
    const breaker = makeBreaker((report) => reports.push(report));
    await open(breaker);
    vi.advanceTimersByTime(10 * SECOND);
    const before = reports.length;
    for (let cancelled = 0; cancelled < 4; cancelled += 1) {
      expect(await make(breaker, failed('cancelled'))).toBe(true);
    }
    expect(reports).toHaveLength(before);
    expect(await make(breaker, responded(503))).toBe(true);
    expect(breaker.rejection('a')).toMatchObject({
      retryAfterSeconds: 20,
      message: expect.stringContaining('HTTP 503'),
    });
  });

  test('ends with the first response, while its call goes on', async () => {
    const breaker = makeBreaker();
    await open(breaker);
    vi.advanceTimersByTime(10 * SECOND);
    const probe = track(breaker, 'a', 'one', async ({ report }) => {
      report(responded(429), 0);
      await new Promise(() => {});
    });
    probe.catch(() => {});
    await vi.waitFor(() => expect(isOpen(breaker, 'b')).toBe(false));
    expect(await make(breaker, responded(200), { key: 'b' })).toBe(true);
    expect(await make(breaker, responded(200), { key: 'a' })).toBe(true);
  });

  /** Starts calls that stay in flight. @returns a function that ends all of them with the given result. */
  function begin(breaker: CircuitBreaker, count: number, key = 'a') {
    const ends: ((exchange: HttpResult) => void)[] = [];
    const calls = Array.from({ length: count }, () =>
      track(breaker, key, 'one', async ({ report }) =>
        report(await new Promise<HttpResult>((end) => ends.push(end)), 0),
      ),
    );
    return async (exchange: HttpResult) => {
      for (const end of ends) end(exchange);
      await Promise.all(calls);
    };
  }

  test('is not affected by calls that began before it and end during or after it', async () => {
    const breaker = makeBreaker();
    const during = begin(breaker, 5);
    const afterwards = begin(breaker, 5);
    await open(breaker);
    vi.advanceTimersByTime(10 * SECOND);
    const probe = begin(breaker, 1);
    await during(responded(503));
    expect(breaker.rejection('b')?.retryAfterSeconds).toBe(5);
    await probe(responded(200));
    expect(isOpen(breaker)).toBe(false);
    await afterwards(responded(503));
    expect(isOpen(breaker)).toBe(false);
    await makeMany(breaker, 4, responded(503));
    expect(isOpen(breaker)).toBe(false);
  });

  test('is a new call, never a retry', async () => {
    const breaker = makeBreaker();
    await open(breaker);
    vi.advanceTimersByTime(10 * SECOND);
    expect(breaker.rejection('a', false)).toMatchObject({ kind: 'outage' });
    expect(breaker.rejection('a')).toBeUndefined();
  });

  test('a detached response resets the count, and a detached failure does not count', async () => {
    const breaker = makeBreaker();
    await makeMany(breaker, 4, responded(503));
    await breaker.reportDetached('a', 'one', responded(503));
    expect(isOpen(breaker)).toBe(false);
    await breaker.reportDetached('a', 'one', responded(200));
    await makeMany(breaker, 4, responded(503));
    expect(isOpen(breaker)).toBe(false);
  });

  test('the time that a circuit stays open has jitter of up to half', () => {
    expect([0, 1, 2, 3, 9].map((failed) => openForMs(failed, 0))).toEqual([10_000, 20_000, 40_000, 60_000, 60_000]);
    expect([0, 1, 2, 3, 9].map((failed) => openForMs(failed, 1))).toEqual([5_000, 10_000, 20_000, 30_000, 30_000]);
  });
});
