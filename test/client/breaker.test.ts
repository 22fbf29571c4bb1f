import { describe, expect, test, vi } from 'vitest';
import type { CircuitReport } from '../../src/client/circuit.ts';
import { healthOf } from '../../src/client/health.ts';
import type { Exchange } from '../../src/client/http.ts';
import { answered, failed, isOpen, make, makeBreaker, makeMany, SECOND, useClock } from './watchers.ts';

useClock();

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
