import { describe, expect, test, vi } from 'vitest';
import type { CircuitReport } from '../../../../src/client/circuit-breaker/circuit.ts';
import { classifyCall } from '../../../../src/client/circuit-breaker/classify-call.ts';
import type { HttpResult } from '../../../../src/client/http-types.ts';
import { failed, isOpen, make, makeBreaker, makeMany, responded, SECOND, track, useClock } from './tracked-calls.ts';

useClock();

describe('what an ended call shows about the state of HeyReach', () => {
  test.each([
    [responded(200), 0, 'ok'],
    [responded(301), 0, 'ok'],
    [responded(401), 0, 'ok'],
    [responded(404), 0, 'ok'],
    [responded(429), 0, 'ok'],
    [responded(500), 0, 'serverError'],
    [responded(501), 0, 'serverError'],
    [responded(502), 0, 'outage'],
    [responded(503), 0, 'outage'],
    [responded(504), 0, 'outage'],
    [responded(524), 0, 'outage'],
    [failed('timeout'), 20_000, 'outage'],
    [failed('connect_timeout', false), 5_000, 'outage'],
    [failed('dns', false), 0, 'outage'],
    [failed('refused', false), 0, 'outage'],
    [failed('tls', false), 0, 'outage'],
    [failed('reset'), 0, 'outage'],
    [failed('too_large'), 0, 'ok'],
    [failed('invalid', false), 0, 'inconclusive'],
    [failed('late', false), 0, 'inconclusive'],
    [failed('cancelled'), 9_999, 'inconclusive'],
    [failed('cancelled'), 10_000, 'outage'],
    [failed('deadline'), 10_000, 'outage'],
    [failed('deadline', false), 10_000, 'inconclusive'],
  ] as const)('%j after %d ms: %s', (exchange, ms, result) => {
    expect(classifyCall(exchange, ms).result).toBe(result);
  });
});

describe('calls are rejected', () => {
  test.each([502, 503, 504, 524])('after five calls in a row that got a %d, but not after four', async (status) => {
    const breaker = makeBreaker();
    await makeMany(breaker, 4, responded(status));
    expect(isOpen(breaker)).toBe(false);
    await make(breaker, responded(status));
    expect(breaker.rejection('a')).toMatchObject({
      kind: 'outage',
      outcome: 'not_sent',
      retryAfterSeconds: 10,
      message: `HeyReach is unavailable (last error: HTTP ${status}). Calls are paused for 10 s.`,
    });
    expect(await make(breaker, responded(200))).toBe(false);
  });

  test('a response in between resets the count', async () => {
    const breaker = makeBreaker();
    for (const status of [200, 404, 429]) {
      await makeMany(breaker, 4, failed('timeout'));
      await make(breaker, responded(status));
    }
    await makeMany(breaker, 4, failed('timeout'));
    expect(isOpen(breaker)).toBe(false);
    await make(breaker, failed('reset'));
    expect(isOpen(breaker)).toBe(true);
  });

  test('an inconclusive call neither counts nor resets the count', async () => {
    const breaker = makeBreaker();
    await makeMany(breaker, 20, failed('cancelled'));
    await makeMany(breaker, 4, failed('refused', false));
    await makeMany(breaker, 20, failed('deadline'));
    expect(isOpen(breaker)).toBe(false);
    await make(breaker, failed('refused', false));
    expect(breaker.rejection('a')?.message).toContain('the connection was refused');
  });

  test('an outage seen with one key rejects the calls of all keys', async () => {
    const breaker = makeBreaker();
    await makeMany(breaker, 3, responded(503), { key: 'a' });
    await makeMany(breaker, 2, responded(503), { key: 'b' });
    expect(['a', 'b', 'c'].map((key) => isOpen(breaker, key))).toEqual([true, true, true]);
  });

  test('a call that throws before any attempt does not count', async () => {
    const breaker = makeBreaker();
    for (let made = 0; made < 9; made += 1) {
      await expect(track(breaker, 'a', 'one', () => Promise.reject(new Error('own error')))).rejects.toThrow(
        'own error',
      );
    }
    expect(isOpen(breaker)).toBe(false);
  });

  test('the last attempt of a call decides', async () => {
    const breaker = makeBreaker();
    for (let made = 0; made < 9; made += 1) {
      await track(breaker, 'a', 'one', async ({ report }) => {
        report(responded(503), 0);
        report(responded(200), 0);
      });
    }
    expect(isOpen(breaker)).toBe(false);
    for (let made = 0; made < 5; made += 1) {
      await track(breaker, 'a', 'one', async ({ report }) => {
        report(responded(503), 0);
        report(failed('cancelled', false), 0);
      });
    }
    expect(isOpen(breaker)).toBe(true);
  });
});

describe("HeyReach's own 500s", () => {
  test('500s of one operation never open a circuit', async () => {
    const breaker = makeBreaker();
    await makeMany(breaker, 50, responded(500));
    expect(isOpen(breaker)).toBe(false);
  });

  test('500s of two operations open the circuit of their own key and no other', async () => {
    const breaker = makeBreaker();
    await makeMany(breaker, 4, responded(500), { operation: 'one' });
    expect(isOpen(breaker)).toBe(false);
    await make(breaker, responded(500), { operation: 'two' });
    expect(isOpen(breaker, 'a')).toBe(true);
    expect(isOpen(breaker, 'b')).toBe(false);
    await makeMany(breaker, 20, responded(500), { key: 'b' });
    expect(isOpen(breaker, 'b')).toBe(false);
    expect(isOpen(breaker, 'c')).toBe(false);
  });

  test('count together with the 5xx of gateways', async () => {
    const breaker = makeBreaker();
    await makeMany(breaker, 3, responded(503));
    await make(breaker, responded(500), { operation: 'one' });
    expect(isOpen(breaker)).toBe(false);
    await make(breaker, responded(500), { operation: 'two' });
    expect(isOpen(breaker, 'a')).toBe(true);
    expect(isOpen(breaker, 'b')).toBe(false);
  });

  test('as the response to a probe of the host close its circuit', async () => {
    const breaker = makeBreaker();
    await makeMany(breaker, 5, responded(502), { key: 'b' });
    vi.advanceTimersByTime(10 * SECOND);
    expect(await make(breaker, responded(500), { key: 'a' })).toBe(true);
    expect(isOpen(breaker, 'c')).toBe(false);
  });
});

describe('an opening circuit', () => {
  test('notifies the listeners of its key once, except listeners that have unsubscribed', async () => {
    const breaker = makeBreaker();
    const called: string[] = [];
    breaker.onOpen('a', () => called.push('a'));
    breaker.onOpen('b', () => called.push('b'));
    breaker.onOpen('a', () => called.push('left'))();
    await makeMany(breaker, 3, responded(500), { operation: 'one' });
    await makeMany(breaker, 2, responded(500), { operation: 'two' });
    expect(called).toEqual(['a']);
    await makeMany(breaker, 5, responded(502), { key: 'b' });
    expect(called).toContain('b');
    expect(called).not.toContain('left');
  });

  test('is reported for the log', async () => {
    const reports: CircuitReport[] = [];
    const breaker = makeBreaker((report) => reports.push(report));
    await makeMany(breaker, 4, responded(500), { operation: 'one' });
    await make(breaker, responded(500), { operation: 'two' });
    vi.advanceTimersByTime(10 * SECOND);
    await make(breaker, responded(200));
    expect(reports).toEqual([
      { state: 'open', key: 'a', failure: 'HTTP 500', openForMs: 10_000 },
      { state: 'closed', key: 'a' },
    ]);
  });
});

describe('concurrent calls', () => {
  test('calls that got a response reset the count, whatever the order of their starts', async () => {
    const breaker = makeBreaker();
    const ends: ((exchange: HttpResult) => void)[] = [];
    const calls = Array.from({ length: 10 }, (_, index) =>
      track(breaker, 'a', `operation ${index}`, async ({ report }) =>
        report(await new Promise<HttpResult>((end) => ends.push(end)), 0),
      ),
    );
    for (const [index, end] of ends.entries()) {
      end(responded(index % 2 === 0 ? 500 : 200));
      await calls[index];
    }
    expect(isOpen(breaker)).toBe(false);
  });

  test('open the circuit of their key once', async () => {
    const reports: CircuitReport[] = [];
    const breaker = makeBreaker((report) => reports.push(report));
    await make(breaker, responded(500));
    const ends: ((exchange: HttpResult) => void)[] = [];
    const calls = Array.from({ length: 6 }, (_, index) =>
      track(breaker, 'a', `operation ${index}`, async ({ report }) =>
        report(await new Promise<HttpResult>((end) => ends.push(end)), 0),
      ),
    );
    await make(breaker, responded(200));
    for (const end of ends) end(responded(500));
    await Promise.all(calls);
    expect(reports).toMatchObject([{ state: 'open', key: 'a' }]);
    expect(isOpen(breaker)).toBe(true);
  });
});

test('keeps a key with an open circuit, however many other keys fail', async () => {
  const breaker = makeBreaker();
  await makeMany(breaker, 4, responded(500), { operation: 'one' });
  await make(breaker, responded(500), { operation: 'two' });
  for (let key = 0; key < 1_100; key += 1) await make(breaker, responded(500), { key: `key ${key}` });
  expect(isOpen(breaker)).toBe(true);
});

test('above 1,000 keys, forgets the keys with the oldest last failure', async () => {
  const breaker = makeBreaker();
  const failServer = (key: string, count: number, operation: string) =>
    makeMany(breaker, count, responded(500), { key, operation });
  await failServer('first', 4, 'one');
  for (let key = 0; key < 1_000; key += 1) await failServer(`key ${key}`, 1, 'one');
  await failServer('first', 1, 'two');
  expect(isOpen(breaker, 'first')).toBe(false);
});
