import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Breaker } from '../../src/client/breaker.ts';
import { type CircuitReport, coolingMs } from '../../src/client/circuit.ts';
import type { FaultReason } from '../../src/client/faults.ts';
import { healthOf } from '../../src/client/health.ts';
import type { Exchange } from '../../src/client/http.ts';

const START = Date.UTC(2026, 2, 14, 9, 0, 0);
const SECOND = 1_000;

const answered = (status: number): Exchange => ({ type: 'answer', status, retryAfter: undefined, text: '' });
const failed = (reason: FaultReason, bytesLeft = true): Exchange => ({
  ...{ type: 'fault', reason, bytesLeft },
  ...{ inFlight: false, detail: '' },
});

/** A call whose end is known beforehand. @returns whether it was made. */
async function make(
  breaker: Breaker,
  ended: Exchange,
  { key = 'a', operation = 'one', ms = 0 } = {},
): Promise<boolean> {
  let isMade = false;
  await breaker
    .watch(key, operation, async ({ tell }) => {
      isMade = true;
      tell(ended, ms);
    })
    .catch((error: unknown) => expect(error).toMatchObject({ kind: 'outage', outcome: 'not_sent' }));
  return isMade;
}

async function makeMany(breaker: Breaker, count: number, ended: Exchange, options = {}): Promise<void> {
  for (let made = 0; made < count; made += 1) await make(breaker, ended, options);
}

const isOpen = (breaker: Breaker, key = 'a') => breaker.refusal(key) !== undefined;

/** Without jitter: the first cooling time is ten seconds. */
const makeBreaker = (report?: (report: CircuitReport) => void) => new Breaker({ random: () => 0, report });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what the end of a call says of HeyReach', () => {
  test.each([
    [answered(200), 0, 'alive'],
    [answered(301), 0, 'alive'],
    [answered(401), 0, 'alive'],
    [answered(404), 0, 'alive'],
    [answered(429), 0, 'alive'],
    [answered(500), 0, 'stumbled'],
    [answered(501), 0, 'stumbled'],
    [answered(502), 0, 'out'],
    [answered(503), 0, 'out'],
    [answered(504), 0, 'out'],
    [answered(524), 0, 'out'],
    [failed('timeout'), 20_000, 'out'],
    [failed('connect_timeout', false), 5_000, 'out'],
    [failed('dns', false), 0, 'out'],
    [failed('refused', false), 0, 'out'],
    [failed('tls', false), 0, 'out'],
    [failed('reset'), 0, 'out'],
    [failed('too_large'), 0, 'alive'],
    [failed('invalid', false), 0, 'untold'],
    [failed('cancelled'), 9_999, 'untold'],
    [failed('cancelled'), 10_000, 'out'],
    [failed('deadline'), 10_000, 'out'],
    [failed('deadline', false), 10_000, 'untold'],
  ] as const)('%j after %d ms: %s', (ended, ms, health) => {
    expect(healthOf(ended, ms)).toBe(health);
  });
});

describe('when calls are held back', () => {
  test.each([502, 503, 504, 524])('after five calls in a row that got a %d, and not after four', async (status) => {
    const breaker = makeBreaker();
    await makeMany(breaker, 4, answered(status));
    expect(isOpen(breaker)).toBe(false);
    await make(breaker, answered(status));
    expect(breaker.refusal('a')).toMatchObject({
      kind: 'outage',
      outcome: 'not_sent',
      retryAfterSeconds: 10,
      message: `the last calls to HeyReach have all failed (HTTP ${status}), so none is made for the next 10 s`,
    });
    expect(await make(breaker, answered(200))).toBe(false);
  });

  test('an answer in between begins the count anew', async () => {
    const breaker = makeBreaker();
    for (const status of [200, 404, 429]) {
      await makeMany(breaker, 4, failed('timeout'));
      await make(breaker, answered(status));
    }
    await makeMany(breaker, 4, failed('timeout'));
    expect(isOpen(breaker)).toBe(false);
    await make(breaker, failed('reset'));
    expect(isOpen(breaker)).toBe(true);
  });

  test('what says nothing neither counts nor begins anew', async () => {
    const breaker = makeBreaker();
    await makeMany(breaker, 20, failed('cancelled'));
    await makeMany(breaker, 4, failed('refused', false));
    await makeMany(breaker, 20, failed('deadline'));
    expect(isOpen(breaker)).toBe(false);
    await make(breaker, failed('refused', false));
    expect(breaker.refusal('a')?.message).toContain('the connection was refused');
  });

  test('an outage that one key meets holds all keys back', async () => {
    const breaker = makeBreaker();
    await makeMany(breaker, 3, answered(503), { key: 'a' });
    await makeMany(breaker, 2, answered(503), { key: 'b' });
    expect(['a', 'b', 'c'].map((key) => isOpen(breaker, key))).toEqual([true, true, true]);
  });

  test('a call that threw without a word of HeyReach counts for nothing', async () => {
    const breaker = makeBreaker();
    for (let made = 0; made < 9; made += 1) {
      await expect(breaker.watch('a', 'one', () => Promise.reject(new Error('own fault')))).rejects.toThrow(
        'own fault',
      );
    }
    expect(isOpen(breaker)).toBe(false);
  });

  test('the last attempt of a call decides', async () => {
    const breaker = makeBreaker();
    for (let made = 0; made < 9; made += 1) {
      await breaker.watch('a', 'one', async ({ tell }) => {
        tell(answered(503), 0);
        tell(answered(200), 0);
      });
    }
    expect(isOpen(breaker)).toBe(false);
    for (let made = 0; made < 5; made += 1) {
      await breaker.watch('a', 'one', async ({ tell }) => {
        tell(answered(503), 0);
        tell(failed('cancelled', false), 0);
      });
    }
    expect(isOpen(breaker)).toBe(true);
  });
});

describe("HeyReach's own 500s", () => {
  test('of one operation never hold anything back', async () => {
    const breaker = makeBreaker();
    await makeMany(breaker, 50, answered(500));
    expect(isOpen(breaker)).toBe(false);
  });

  test('of two operations hold their own key back and no other', async () => {
    const breaker = makeBreaker();
    await makeMany(breaker, 4, answered(500), { operation: 'one' });
    expect(isOpen(breaker)).toBe(false);
    await make(breaker, answered(500), { operation: 'two' });
    expect(isOpen(breaker, 'a')).toBe(true);
    expect(isOpen(breaker, 'b')).toBe(false);
    await makeMany(breaker, 20, answered(500), { key: 'b' });
    expect(isOpen(breaker, 'b')).toBe(false);
    expect(isOpen(breaker, 'c')).toBe(false);
  });

  test('count together with what gateways answer', async () => {
    const breaker = makeBreaker();
    await makeMany(breaker, 3, answered(503));
    await make(breaker, answered(500), { operation: 'one' });
    expect(isOpen(breaker)).toBe(false);
    await make(breaker, answered(500), { operation: 'two' });
    expect(isOpen(breaker, 'a')).toBe(true);
    expect(isOpen(breaker, 'b')).toBe(false);
  });

  test('as the answer to a probe of the host show that it is there', async () => {
    const breaker = makeBreaker();
    await makeMany(breaker, 5, answered(502), { key: 'b' });
    vi.advanceTimersByTime(10 * SECOND);
    expect(await make(breaker, answered(500), { key: 'a' })).toBe(true);
    expect(isOpen(breaker, 'c')).toBe(false);
  });
});

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

describe('those who wait', () => {
  test('are told when calls of theirs are held back, once and not after they have left', async () => {
    const breaker = makeBreaker();
    const told: string[] = [];
    breaker.onOpen('a', () => told.push('a'));
    breaker.onOpen('b', () => told.push('b'));
    breaker.onOpen('a', () => told.push('left'))();
    await makeMany(breaker, 3, answered(500), { operation: 'one' });
    await makeMany(breaker, 2, answered(500), { operation: 'two' });
    expect(told).toEqual(['a']);
    await makeMany(breaker, 5, answered(502), { key: 'b' });
    expect(told).toContain('b');
    expect(told).not.toContain('left');
  });

  test('and the log is told', async () => {
    const reports: CircuitReport[] = [];
    const breaker = makeBreaker((report) => reports.push(report));
    await makeMany(breaker, 4, answered(500), { operation: 'one' });
    await make(breaker, answered(500), { operation: 'two' });
    vi.advanceTimersByTime(10 * SECOND);
    await make(breaker, answered(200));
    expect(reports).toEqual([
      { state: 'open', key: 'a', failure: 'HTTP 500', coolingMs: 10_000 },
      { state: 'closed', key: 'a' },
    ]);
  });
});

describe('calls side by side', () => {
  test('that were answered break a run, whoever began first', async () => {
    const breaker = makeBreaker();
    const ends: ((ended: Exchange) => void)[] = [];
    const calls = Array.from({ length: 10 }, (_, index) =>
      breaker.watch('a', `operation ${index}`, async ({ tell }) =>
        tell(await new Promise<Exchange>((end) => ends.push(end)), 0),
      ),
    );
    for (const [index, end] of ends.entries()) {
      end(answered(index % 2 === 0 ? 500 : 200));
      await calls[index];
    }
    expect(isOpen(breaker)).toBe(false);
  });

  test('open one circuit of their key, which is the one that holds back', async () => {
    const reports: CircuitReport[] = [];
    const breaker = makeBreaker((report) => reports.push(report));
    await make(breaker, answered(500));
    const ends: ((ended: Exchange) => void)[] = [];
    const calls = Array.from({ length: 6 }, (_, index) =>
      breaker.watch('a', `operation ${index}`, async ({ tell }) =>
        tell(await new Promise<Exchange>((end) => ends.push(end)), 0),
      ),
    );
    await make(breaker, answered(200));
    for (const end of ends) end(answered(500));
    await Promise.all(calls);
    expect(reports).toMatchObject([{ state: 'open', key: 'a' }]);
    expect(isOpen(breaker)).toBe(true);
  });
});

test('a key that is held back is not forgotten, however many others fail', async () => {
  const breaker = makeBreaker();
  await makeMany(breaker, 4, answered(500), { operation: 'one' });
  await make(breaker, answered(500), { operation: 'two' });
  for (let key = 0; key < 1_100; key += 1) await make(breaker, answered(500), { key: `key ${key}` });
  expect(isOpen(breaker)).toBe(true);
});

test('keys that failed long ago are forgotten', async () => {
  const breaker = makeBreaker();
  const stumble = (key: string, count: number, operation: string) =>
    makeMany(breaker, count, answered(500), { key, operation });
  await stumble('first', 4, 'one');
  for (let key = 0; key < 1_000; key += 1) await stumble(`key ${key}`, 1, 'one');
  await stumble('first', 1, 'two');
  expect(isOpen(breaker, 'first')).toBe(false);
});
