import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CircuitBreaker } from '../../../src/client/circuit-breaker/circuit-breaker.ts';
import { HeyReachError } from '../../../src/client/errors.ts';
import { HttpSender } from '../../../src/client/http-sender.ts';
import { operation } from '../../../src/client/operation.ts';
import { RateLimiters } from '../../../src/client/rate-limit/rate-limiters.ts';
import { type CallOptions, RequestExecutor } from '../../../src/client/request-executor.ts';
import type { RetryClass } from '../../../src/client/retry.ts';
import { permitsInMemory } from '../../../src/state/memory/permits.ts';
import { useFastTime } from '../../support/runs/fast-time.ts';
import { mostInWindow } from './rate-limit/permit-takers.ts';
import { answer, type RawServer, startRawServer } from './raw-server.ts';

let server: RawServer;
let sender: HttpSender;
const arrivals: number[] = [];
useFastTime();
beforeEach(async () => {
  server = await startRawServer();
  sender = new HttpSender({ origin: () => server.url, userAgent: 'tests' });
  arrivals.length = 0;
  server.behave((socket) => {
    arrivals.push(performance.now());
    socket.write(answer(200));
  });
});
afterEach(async () => {
  await server.close();
  await sender.close();
});

function makeExecutor({ cap = 300, windowMs = 60_000 } = {}) {
  const limiters = new RateLimiters({ permits: permitsInMemory(), cap, windowMs });
  const executor = new RequestExecutor({
    sender,
    limiters: limiters,
    breaker: new CircuitBreaker(),
    key: 'made-up-key',
    fingerprint: 'a',
  });
  return (retry: RetryClass, options: CallOptions = {}) =>
    executor.execute(operation<object>().silent('POST /made/up', { retry }), {}, options).then(
      () => undefined,
      (error: HeyReachError) => error,
    );
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe('the check before a write', () => {
  test('runs before a write, but not before a read', async () => {
    const call = makeExecutor();
    const checked: string[] = [];
    for (const retry of ['safe', 'idempotent', 'never'] as const) {
      await call(retry, { beforeWrite: async () => void checked.push(retry) });
    }
    expect(checked).toEqual(['idempotent', 'never']);
  });

  test('a check that throws keeps the request from being sent, and releases its permit', async () => {
    const call = makeExecutor({ cap: 1 });
    const changed = new HeyReachError({ kind: 'changed', outcome: 'not_sent', message: '', meaning: '', nextStep: '' });
    for (let tries = 0; tries < 3; tries += 1) {
      const deadline = Date.now() + 5_000;
      expect(await call('never', { deadline, beforeWrite: () => Promise.reject(changed) })).toBe(changed);
    }
    expect(await call('never', { deadline: Date.now() + 5_000 })).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  test('a check that takes long does not cause more starts than the window allows', async () => {
    const call = makeExecutor({ cap: 5, windowMs: 1_000 });
    const slow = Array.from({ length: 5 }, () => call('never', { beforeWrite: () => pause(1_900) }));
    await pause(50);
    const waiting = Array.from({ length: 5 }, () => call('never'));
    expect(await Promise.all([...slow, ...waiting])).toEqual(Array.from({ length: 10 }, () => undefined));
    expect(
      mostInWindow(
        arrivals.sort((a, b) => a - b),
        1_000,
      ),
    ).toBe(5);
  });

  test('a check that outlasts the window acquires another permit, and runs again', async () => {
    const call = makeExecutor({ cap: 5, windowMs: 100 });
    let checks = 0;
    const beforeWrite = async () => {
      checks += 1;
      if (checks === 1) await pause(1_200);
    };
    expect(await call('never', { beforeWrite })).toBeUndefined();
    expect(checks).toBe(2);
    expect(server.requests).toHaveLength(1);
  });

  test.each(['idempotent', 'never'] as const)(
    'that leaves less than a second keeps a %s from being sent',
    async (retry) => {
      const call = makeExecutor({ cap: 1 });
      const error = await call(retry, { deadline: Date.now() + 1_100, beforeWrite: () => pause(200) });
      expect(error).toMatchObject({ kind: 'timeout', outcome: 'not_sent' });
      expect(server.requests).toHaveLength(0);
      expect(await call(retry, { deadline: Date.now() + 5_000 })).toBeUndefined();
    },
  );

  test('a check that is too old when the bytes would be sent runs again, and the request is sent once', async () => {
    const call = makeExecutor({ cap: 1 });
    let checks = 0;
    const beforeWrite = async () => {
      checks += 1;
    };
    const options = { beforeWrite, mayStart: () => checks > 1 };
    expect(await call('never', options)).toBeUndefined();
    expect(checks).toBe(2);
    expect(server.requests).toHaveLength(1);
  });

  test('a check that is always too old keeps the request from being sent', async () => {
    const call = makeExecutor();
    let checks = 0;
    const beforeWrite = async () => {
      checks += 1;
    };
    const options = { beforeWrite, mayStart: () => false };
    expect(await call('never', options)).toMatchObject({ kind: 'timeout', outcome: 'not_sent' });
    expect(checks).toBe(3);
    expect(server.requests).toHaveLength(0);
    expect(await call('never')).toBeUndefined();
  });

  test('does not hide a passed deadline: the error is a timeout, not a used-up rate limit', async () => {
    const error = await makeExecutor()('safe', { deadline: Date.now() - 1 });
    expect(error).toMatchObject({ kind: 'timeout', outcome: 'not_sent', retryAfterSeconds: undefined });
  });
});
