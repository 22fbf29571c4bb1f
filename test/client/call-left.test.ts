import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { CallOptions } from '../../src/client/call.ts';
import type { Exchange } from '../../src/client/http.ts';
import type { Repeat } from '../../src/client/retry.ts';
import { type CallerOptions, call, makeCaller, pause, say, server, until, useServer } from './callers.ts';
import { answer } from './raw-server.ts';

useServer();

describe('leaving a call', () => {
  const startCall = async (repeat: Repeat, options: CallOptions, set: CallerOptions = {}) => {
    const { caller } = makeCaller(set);
    const ended = call(caller, repeat, options);
    await until(() => server.requests.length > 0);
    return ended;
  };

  test.each(['safe', 'same'] as const)(
    'a cancelled %s is aborted at once, and its connection closed',
    async (repeat) => {
      const controller = new AbortController();
      const ended = startCall(repeat, { signal: controller.signal });
      await until(() => server.requests.length > 0);
      const left = performance.now();
      controller.abort();
      expect((await ended).error).toMatchObject({ kind: 'cancelled', outcome: 'unknown', inFlight: false });
      expect(performance.now() - left).toBeLessThan(500);
      await until(() => server.open() === 0);
      expect(server.requests).toHaveLength(1);
    },
  );

  test('a safe call whose deadline passes is aborted then', async () => {
    const began = performance.now();
    const { error } = await startCall('safe', { deadline: Date.now() + 150 });
    expect(error).toMatchObject({ kind: 'timeout', outcome: 'unknown', inFlight: false });
    expect(performance.now() - began).toBeLessThan(1_000);
    await until(() => server.open() === 0);
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['cancelled', 'cancelled'],
    ['deadline', 'timeout'],
  ] as const)('a once call that is left (%s) is in flight, runs on, and its end is told', async (how, kind) => {
    const controller = new AbortController();
    const late: Exchange[] = [];
    const held: Socket[] = [];
    server.behave((socket) => void held.push(socket));
    const ended = startCall('once', {
      signal: controller.signal,
      onLate: (exchange) => late.push(exchange),
      ...(how === 'deadline' ? { deadline: Date.now() + 1_150 } : {}),
    });
    await until(() => server.requests.length > 0);
    if (how === 'cancelled') controller.abort();
    const { error } = await ended;
    expect(error).toMatchObject({ kind, outcome: 'unknown', inFlight: true });
    expect(error?.meaning).toContain('still on its way');
    await pause(200);
    expect(server.open()).toBe(1);
    expect(late).toEqual([]);
    held[0]?.write(answer(200, '{"id":7}'));
    await until(() => late.length > 0);
    expect(late).toMatchObject([{ type: 'answer', status: 200, text: '{"id":7}' }]);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.body).toBe('{"text":"hello"}');
  });

  test('a once call that runs on without an end is told so when its time is up', async () => {
    const controller = new AbortController();
    const late: Exchange[] = [];
    const ended = startCall(
      'once',
      { signal: controller.signal, onLate: (exchange) => late.push(exchange) },
      { timeoutMs: 300 },
    );
    await until(() => server.requests.length > 0);
    controller.abort();
    expect((await ended).error).toMatchObject({ inFlight: true });
    await until(() => late.length > 0);
    expect(late).toMatchObject([{ type: 'fault', reason: 'timeout', bytesLeft: true }]);
  });

  test('a once call that nobody left tells no late end', async () => {
    server.behave(say(answer(200, '{}')));
    const late: Exchange[] = [];
    await call(makeCaller().caller, 'once', { onLate: (exchange) => late.push(exchange) });
    expect(late).toEqual([]);
  });

  test('what was cancelled or over before it began is not sent', async () => {
    const { caller } = makeCaller();
    const cancelled = await call(caller, 'once', { signal: AbortSignal.abort() });
    expect(cancelled.error).toMatchObject({ kind: 'cancelled', outcome: 'not_sent' });
    const over = await call(caller, 'safe', { deadline: Date.now() - 1 });
    expect(over.error).toMatchObject({ outcome: 'not_sent' });
    expect(server.connections()).toBe(0);
  });

  test('a deadline that is far away, or none at all, is no deadline', async () => {
    server.behave(say(answer(200, '{"id":7}')));
    for (const deadline of [Date.now() + 40 * 86_400_000, Number.POSITIVE_INFINITY, undefined]) {
      expect(await call(makeCaller().caller, 'safe', { deadline })).toMatchObject({ answer: { id: 7 } });
    }
  });

  test('each once call has a connection of its own', async () => {
    server.behave(say(answer(200, '{}')));
    const { caller } = makeCaller();
    for (let index = 0; index < 3; index += 1) await call(caller, 'once');
    expect(server.connections()).toBe(3);
  });
});
