import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { HttpResult } from '../../../src/client/http-types.ts';
import type { CallOptions } from '../../../src/client/request-executor.ts';
import type { RetryClass } from '../../../src/client/retry.ts';
import { useFastTime } from '../../support/runs/fast-time.ts';
import { call, type ExecutorOptions, makeExecutor, pause, say, server, until, useServer } from './executors.ts';
import { answer } from './raw-server.ts';

useServer();
useFastTime();

describe('cancelled calls and passed deadlines', () => {
  const startCall = async (retry: RetryClass, options: CallOptions, set: ExecutorOptions = {}) => {
    const { executor } = makeExecutor(set);
    const ended = call(executor, retry, options);
    await until(() => server.requests.length > 0);
    return ended;
  };

  test.each(['safe', 'idempotent'] as const)(
    'a cancelled %s is aborted at once, and its connection closed',
    async (retry) => {
      const controller = new AbortController();
      const ended = startCall(retry, { signal: controller.signal });
      await until(() => server.requests.length > 0);
      const left = performance.now();
      controller.abort();
      expect((await ended).error).toMatchObject({ kind: 'cancelled', outcome: 'unknown', inFlight: false });
      expect(performance.now() - left).toBeLessThan(500);
      await until(() => server.open() === 0);
      expect(server.requests).toHaveLength(1);
    },
  );

  test('a safe call is aborted when its deadline passes', async () => {
    const began = performance.now();
    const { error } = await startCall('safe', { deadline: Date.now() + 1_500 });
    expect(error).toMatchObject({ kind: 'timeout', outcome: 'unknown', inFlight: false });
    expect(performance.now() - began).toBeLessThan(3_000);
    await until(() => server.open() === 0);
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['cancelled', 'cancelled'],
    ['deadline', 'timeout'],
  ] as const)('a never-retried call (%s) stays in flight, continues, and reports its result', async (how, kind) => {
    const controller = new AbortController();
    const late: HttpResult[] = [];
    const held: Socket[] = [];
    server.behave((socket) => void held.push(socket));
    const ended = startCall('never', {
      signal: controller.signal,
      onDetachedResult: (exchange) => late.push(exchange),
      ...(how === 'deadline' ? { deadline: Date.now() + 1_150 } : {}),
    });
    await until(() => server.requests.length > 0);
    if (how === 'cancelled') controller.abort();
    const { error } = await ended;
    expect(error).toMatchObject({ kind, outcome: 'unknown', inFlight: true });
    expect(error?.meaning).toContain('still in flight');
    await pause(200);
    expect(server.open()).toBe(1);
    expect(late).toEqual([]);
    held[0]?.write(answer(200, '{"id":7}'));
    await until(() => late.length > 0);
    expect(late).toMatchObject([{ type: 'response', status: 200, text: '{"id":7}' }]);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.body).toBe('{"text":"hello"}');
  });

  test('a never-retried call that continues without a response reports a timeout', async () => {
    const controller = new AbortController();
    const late: HttpResult[] = [];
    const ended = startCall(
      'never',
      { signal: controller.signal, onDetachedResult: (exchange) => late.push(exchange) },
      { timeoutMs: 3_000 },
    );
    await until(() => server.requests.length > 0);
    controller.abort();
    expect((await ended).error).toMatchObject({ inFlight: true });
    await until(() => late.length > 0);
    expect(late).toMatchObject([{ type: 'error', reason: 'timeout', requestSent: true }]);
  });

  test('a never-retried call with a waiting caller reports no detached result', async () => {
    server.behave(say(answer(200, '{}')));
    const late: HttpResult[] = [];
    await call(makeExecutor().executor, 'never', { onDetachedResult: (exchange) => late.push(exchange) });
    expect(late).toEqual([]);
  });

  test('a call that is cancelled or past its deadline at the start is not sent', async () => {
    const { executor } = makeExecutor();
    const cancelled = await call(executor, 'never', { signal: AbortSignal.abort() });
    expect(cancelled.error).toMatchObject({ kind: 'cancelled', outcome: 'not_sent' });
    const over = await call(executor, 'safe', { deadline: Date.now() - 1 });
    expect(over.error).toMatchObject({ outcome: 'not_sent' });
    expect(server.connections()).toBe(0);
  });

  test('a distant or missing deadline does not end the call', async () => {
    server.behave(say(answer(200, '{"id":7}')));
    for (const deadline of [Date.now() + 40 * 86_400_000, Number.POSITIVE_INFINITY, undefined]) {
      expect(await call(makeExecutor().executor, 'safe', { deadline })).toMatchObject({ answer: { id: 7 } });
    }
  });

  test('each never-retried call has its own connection', async () => {
    server.behave(say(answer(200, '{}')));
    const { executor } = makeExecutor();
    for (let index = 0; index < 3; index += 1) await call(executor, 'never');
    expect(server.connections()).toBe(3);
  });
});
