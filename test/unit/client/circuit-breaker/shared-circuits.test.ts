import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { CircuitReport } from '../../../../src/client/circuit-breaker/circuit.ts';
import { CircuitBreaker } from '../../../../src/client/circuit-breaker/circuit-breaker.ts';
import type { CircuitNews, CountedCall } from '../../../../src/state/circuits.ts';
import { failed, isOpen, make, makeMany, responded, SECOND, useClock } from './tracked-calls.ts';

useClock();

let breaker: CircuitBreaker;
let counted: (CountedCall & { key: string | undefined })[];
let reports: CircuitReport[];
/** The answers of the store to a request for the probe. The last answer repeats. */
let probeWaitsMs: number[];
let tell: (news: CircuitNews) => Promise<void>;

const OPEN: CircuitNews = { state: 'open', key: undefined, failure: 'HTTP 502', openForMs: 10_000 };
const CLOSED: CircuitNews = { ...OPEN, state: 'closed', openForMs: 0 };
const turn = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  counted = [];
  reports = [];
  probeWaitsMs = [0];
  breaker = new CircuitBreaker({
    random: () => 0,
    report: (report) => reports.push(report),
    shared: {
      async count(key, call) {
        counted.push({ ...call, key });
      },
      takeProbe: async () => (probeWaitsMs.length > 1 ? probeWaitsMs.shift()! : probeWaitsMs[0]!),
      listen(listener) {
        tell = async (news) => {
          listener(news);
          await turn();
        };
      },
    },
  });
});

describe('a circuit that processes share', () => {
  test('opens and closes for all of them, also for waiting calls', async () => {
    const left = vi.fn();
    breaker.onOpen('a', left);
    await tell(OPEN);
    expect(breaker.rejection('a')).toMatchObject({ kind: 'outage', retryAfterSeconds: 10 });
    expect(breaker.rejection('a')?.message).toContain('HTTP 502');
    expect(left).toHaveBeenCalledTimes(1);
    expect(breaker.snapshot().isHostCircuitOpen).toBe(true);
    expect(await make(breaker, responded(200))).toBe(false);
    await tell(CLOSED);
    expect(isOpen(breaker)).toBe(false);
    expect(reports.map(({ state }) => state)).toEqual(['open', 'closed']);
  });

  test('reports its opening once, and stays open for as long as the store says', async () => {
    await makeMany(breaker, 5, responded(502));
    const ofHost = () => reports.filter(({ key }) => key === undefined);
    await tell({ ...OPEN, openForMs: 7_000 });
    expect(breaker.rejection('b')?.retryAfterSeconds).toBe(7);
    expect(ofHost()).toHaveLength(1);
    vi.advanceTimersByTime(7 * SECOND);
    // The probe of another process has failed.
    await tell({ ...OPEN, openForMs: 20_000 });
    expect(breaker.rejection('b')?.retryAfterSeconds).toBe(20);
    expect(ofHost()).toHaveLength(2);
  });

  test('reports each failed call to the store, with its age', async () => {
    const allowed = await breaker.allow('a', 'one');
    vi.advanceTimersByTime(3 * SECOND);
    allowed.report(responded(500), 0);
    await allowed.end();
    await make(breaker, responded(502));
    expect(counted).toEqual([
      { key: 'a', result: 'failed', operation: 'one', failure: 'HTTP 500', ageMs: 3_000, isHalfOpenProbe: false },
      { key: undefined, result: 'failed', operation: undefined, failure: 'HTTP 502', ageMs: 0, isHalfOpenProbe: false },
      { key: 'a', result: 'failed', operation: undefined, failure: 'HTTP 502', ageMs: 0, isHalfOpenProbe: false },
    ]);
  });

  test('makes no request to the store while no call fails, and reports the end of failures', async () => {
    await makeMany(breaker, 9, responded(200));
    await makeMany(breaker, 9, failed('cancelled'));
    expect(counted).toEqual([]);
    await tell({ ...OPEN, state: 'failing', openForMs: 0 });
    await makeMany(breaker, 2, responded(200));
    expect(counted).toMatchObject([{ key: undefined, result: 'ok' }]);
    await tell({ ...OPEN, key: 'a', state: 'failing', openForMs: 0 });
    await make(breaker, responded(200), { key: 'b' });
    await make(breaker, responded(200), { key: 'a' });
    expect(counted.slice(1)).toMatchObject([{ key: 'a', result: 'ok' }]);
  });

  test('a circuit that another process closed resets the failures of this process', async () => {
    await makeMany(breaker, 4, responded(502));
    await tell(CLOSED);
    await makeMany(breaker, 4, responded(502), { key: 'b' });
    expect(isOpen(breaker, 'c')).toBe(false);
    await make(breaker, responded(502), { key: 'c' });
    expect(isOpen(breaker, 'd')).toBe(true);
  });

  test('is probed by one process, and the others wait for its result', async () => {
    await tell(OPEN);
    vi.advanceTimersByTime(10 * SECOND);
    probeWaitsMs = [25_000];
    expect(await make(breaker, responded(200))).toBe(false);
    expect(breaker.rejection('a')?.retryAfterSeconds).toBe(5);
    vi.advanceTimersByTime(5 * SECOND);
    probeWaitsMs = [0];
    counted = [];
    expect(await make(breaker, failed('timeout'))).toBe(true);
    expect(counted[0]).toMatchObject({ key: undefined, result: 'failed', isHalfOpenProbe: true });
    expect(isOpen(breaker)).toBe(true);
    vi.advanceTimersByTime(60 * SECOND);
    expect(await make(breaker, responded(200))).toBe(true);
    expect(counted).toContainEqual(expect.objectContaining({ key: undefined, result: 'ok', isHalfOpenProbe: true }));
    expect(isOpen(breaker)).toBe(false);
  });

  test('does not send the probe that another process holds, and returns its own unused probe', async () => {
    await tell(OPEN);
    await tell({ ...OPEN, key: 'a' });
    vi.advanceTimersByTime(10 * SECOND);
    probeWaitsMs = [0, 25_000];
    expect(await make(breaker, responded(200), { key: 'a' })).toBe(false);
    expect(counted).toMatchObject([{ key: undefined, result: 'inconclusive', isHalfOpenProbe: true }]);
    // Calls of other keys may still probe the host.
    expect(breaker.rejection('b')).toBeUndefined();
    expect(breaker.rejection('a')).toMatchObject({ retryAfterSeconds: 5 });
  });

  test('an open circuit of one key rejects the calls of that key only', async () => {
    await tell({ ...OPEN, key: 'a' });
    expect(breaker.rejection('a')).toBeDefined();
    expect(breaker.rejection('b')).toBeUndefined();
    await tell({ ...CLOSED, key: 'a' });
    expect(breaker.rejection('a')).toBeUndefined();
  });

  test('also opens without the store', async () => {
    await makeMany(breaker, 5, failed('timeout'));
    expect(isOpen(breaker)).toBe(true);
  });
});
