import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CircuitBreaker } from '../../../src/client/circuit-breaker/circuit-breaker.ts';
import type { HeyReachError } from '../../../src/client/errors.ts';
import { HttpSender } from '../../../src/client/http-sender.ts';
import { operation } from '../../../src/client/operation.ts';
import { RateLimiters } from '../../../src/client/rate-limit/rate-limiters.ts';
import { type CallOptions, RequestExecutor } from '../../../src/client/request-executor.ts';
import type { RetryClass } from '../../../src/client/retry.ts';
import { permitsInMemory } from '../../../src/state/memory/permits.ts';
import { answer, type RawServer, startRawServer } from './raw-server.ts';

const START = Date.UTC(2026, 2, 14, 9, 0, 0);
const SECOND = 1_000;
const SOON = { timeout: 30_000 };

let server: RawServer;
let sender: HttpSender;
let breaker: CircuitBreaker;
let limiters: RateLimiters;

/** The operation `/made/{name}`, without a body and without a response. */
const made = (name: string, retryClass: RetryClass) =>
  operation<object>().silent(`POST /made/${name}`, { retry: retryClass });

const executorOf = (key: string) => new RequestExecutor({ sender, limiters: limiters, breaker, key, fingerprint: key });

/** @returns the error, or undefined for a call that succeeded. */
function call(key: string, name = 'one', options: CallOptions = {}) {
  const retry = options.retry ?? 'never';
  return executorOf(key)
    .execute(made(name, retry), {}, options)
    .then(
      () => undefined,
      (error: HeyReachError) => error,
    );
}

async function fail(count: number, key = 'key-a', name = 'one'): Promise<void> {
  for (let index = 0; index < count; index += 1) await call(key, name);
}

const answerAll = (status: number) => server.behave((socket) => void socket.write(answer(status)));

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: START });
  // A random number of 0 makes the wait before a retry 0.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  server = await startRawServer();
  sender = new HttpSender({ origin: () => server.url, userAgent: 'tests' });
  breaker = new CircuitBreaker({ random: () => 0 });
  limiters = new RateLimiters({ permits: permitsInMemory(), cap: 300 });
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await server.close();
  await sender.close();
});

describe('during an outage', () => {
  test('the circuit counts calls, not attempts: after five reads of three attempts each, nothing is sent', async () => {
    answerAll(503);
    for (let index = 0; index < 5; index += 1) {
      const error = await call('key-a', 'one', { retry: 'safe' });
      expect(error).toMatchObject({ kind: 'server_error', status: 503, outcome: 'unknown' });
    }
    expect(server.requests).toHaveLength(15);
    for (const retry of ['safe', 'idempotent', 'never'] as const) {
      const error = await call('key-a', 'two', { retry });
      expect(error).toMatchObject({ kind: 'outage', outcome: 'not_sent', retryAfterSeconds: 10 });
      expect(error?.message).toContain('HTTP 503');
    }
    expect(server.requests).toHaveLength(15);
  });

  test('broken connections count, and a rejected call uses no permit', async () => {
    server.behave((socket) => socket.resetAndDestroy());
    await fail(5);
    await fail(400);
    expect(server.requests).toHaveLength(5);
    vi.advanceTimersByTime(10 * SECOND);
    answerAll(200);
    expect(await call('key-a')).toBeUndefined();
  });

  test('none of fifty calls in flight is retried after the circuit has opened', async () => {
    const held: Socket[] = [];
    server.behave((socket, _, { path }) => {
      if (path.endsWith('/slow')) held.push(socket);
      else socket.write(answer(502));
    });
    const slow = Promise.all(Array.from({ length: 50 }, () => call('key-a', 'slow', { retry: 'safe' })));
    await vi.waitFor(() => expect(held).toHaveLength(50), SOON);
    await fail(5);
    for (const socket of held) socket.write(answer(502));
    expect(new Set((await slow).map((error) => error?.status))).toEqual(new Set([502]));
    expect(server.requests).toHaveLength(55);
  });

  test('calls that wait for a permit are rejected at once', async () => {
    limiters = new RateLimiters({ permits: permitsInMemory(), cap: 5 });
    answerAll(504);
    const first = Promise.all(Array.from({ length: 5 }, () => call('key-a')));
    const waiting = Promise.all([
      call('key-a', 'one', { deadline: START + 1_000 * SECOND }),
      call('key-a', 'two', { background: true }),
    ]);
    await first;
    expect(await waiting).toMatchObject([
      { kind: 'outage', outcome: 'not_sent' },
      { kind: 'outage', outcome: 'not_sent' },
    ]);
    expect(server.requests).toHaveLength(5);
  });

  test('a rejected retry of a write reports its earlier attempt with an unknown outcome', async () => {
    answerAll(503);
    await fail(4);
    const slow = call('key-a', 'slow', { retry: 'idempotent' });
    const [error] = await Promise.all([slow, fail(1)]);
    expect(error).toMatchObject({ kind: 'server_error', outcome: 'unknown' });
  });
});

describe('an open circuit rejects', () => {
  test('calls of every key of the host, and of no other host', async () => {
    answerAll(503);
    await fail(5);
    expect(await call('key-b')).toMatchObject({ kind: 'outage' });
    breaker = new CircuitBreaker();
    answerAll(200);
    expect(await call('key-b')).toBeUndefined();
  });

  test("no other key, if HeyReach's own 5xx are about the payloads of one key", async () => {
    answerAll(500);
    await fail(20, 'key-a', 'one');
    await fail(1, 'key-a', 'two');
    expect(await call('key-a')).toMatchObject({ kind: 'outage', message: expect.stringContaining('HTTP 500') });
    expect(await call('key-b')).toMatchObject({ kind: 'server_error', status: 500 });
    answerAll(200);
    expect(await call('key-b')).toBeUndefined();
    expect(await call('key-a')).toMatchObject({ kind: 'outage' });
  });

  test('no call after rejections, 429s, cancelled calls and passed deadlines', async () => {
    answerAll(503);
    await fail(4);
    server.behave(() => {});
    for (let index = 0; index < 5; index += 1) {
      const controller = new AbortController();
      const cancelled = call('key-a', 'one', { retry: 'safe', signal: controller.signal });
      await vi.waitFor(() => expect(server.open()).toBe(1), SOON);
      controller.abort();
      await cancelled;
      await vi.waitFor(() => expect(server.open()).toBe(0), SOON);
    }
    answerAll(404);
    await fail(1);
    answerAll(503);
    await fail(4);
    answerAll(200);
    expect(await call('key-a')).toBeUndefined();
  });

  test('no call after keys that no header may contain', async () => {
    for (let index = 0; index < 9; index += 1) {
      expect(await call('a key\nof two lines')).toMatchObject({ kind: 'invalid_input', outcome: 'not_sent' });
    }
    answerAll(200);
    expect(await call('key-b')).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });
});

describe('a half-open probe', () => {
  test('sends one of fifty calls, once, and all others after its response', async () => {
    answerAll(503);
    await fail(5);
    vi.advanceTimersByTime(10 * SECOND);
    server.requests.length = 0;
    const many = () => Promise.all(Array.from({ length: 50 }, () => call('key-a', 'one', { retry: 'safe' })));
    const errors = await many();
    expect(server.requests).toHaveLength(1);
    expect(errors.filter((error) => error?.kind === 'outage')).toHaveLength(49);
    expect(breaker.rejection('key-a')?.retryAfterSeconds).toBe(20);

    vi.advanceTimersByTime(20 * SECOND);
    answerAll(200);
    expect((await many()).filter((error) => error === undefined)).toHaveLength(1);
    expect((await many()).filter((error) => error === undefined)).toHaveLength(50);
  });

  test('leaves the permits to later calls: a rejected call releases its permit', async () => {
    limiters = new RateLimiters({ permits: permitsInMemory(), cap: 50 });
    answerAll(503);
    await fail(5);
    vi.advanceTimersByTime(61 * SECOND);
    answerAll(200);
    const ends = await Promise.all(Array.from({ length: 50 }, () => call('key-a')));
    expect(ends.filter((error) => error?.kind === 'outage')).toHaveLength(49);
    const next = await Promise.all(
      Array.from({ length: 49 }, () => call('key-a', 'one', { deadline: Date.now() + 5_000 })),
    );
    expect(next.filter((error) => error !== undefined)).toEqual([]);
    expect((await call('key-a', 'one', { deadline: Date.now() + 5_000 }))?.kind).toBe('rate_limited');
  });

  test('a probe with a 429 for one key rejects no other key', async () => {
    answerAll(503);
    await fail(5);
    vi.advanceTimersByTime(10 * SECOND);
    server.requests.length = 0;
    server.behave(
      (socket, _, { head }) =>
        void socket.write(answer(head.includes('key-a') ? 429 : 200, '', { 'retry-after': '30' })),
    );
    const controller = new AbortController();
    const probe = call('key-a', 'one', { signal: controller.signal });
    await vi.waitFor(() => expect(server.requests).toHaveLength(1), SOON);
    await vi.waitFor(() => expect(breaker.rejection('key-b')).toBeUndefined(), SOON);
    expect(await call('key-b')).toBeUndefined();
    controller.abort();
    await probe;
  });

  test('a probe that gets a 429 waits and is retried like any call', async () => {
    answerAll(503);
    await fail(5);
    vi.advanceTimersByTime(10 * SECOND);
    server.requests.length = 0;
    server.behave((socket, index) => void socket.write(answer(index === 0 ? 429 : 200, '', { 'retry-after': '0' })));
    const probe = call('key-a');
    await vi.waitFor(() => expect(server.requests).toHaveLength(1), SOON);
    vi.advanceTimersByTime(2 * SECOND);
    expect(await probe).toBeUndefined();
    expect(server.requests).toHaveLength(2);
    expect(breaker.rejection('key-a')).toBeUndefined();
  });
});
