import { describe, expect, test } from 'vitest';
import { useFastTime } from '../../support/runs/fast-time.ts';
import { CLASSES, call, makeExecutor, pause, say, server, until, useServer } from './executors.ts';
import { answer } from './raw-server.ts';

useServer();
useFastTime();

describe('a 429', () => {
  test.each(CLASSES)('with Retry-After: %s is retried until another response', async (retry) => {
    server.behave((socket, index) =>
      socket.write(index < 2 ? answer(429, 'slow down', { 'retry-after': '0' }) : answer(200, '{"id":7}')),
    );
    const began = performance.now();
    const { answer: body, attempts } = await call(makeExecutor().executor, retry);
    expect(body).toEqual({ id: 7 });
    expect(server.requests).toHaveLength(3);
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
    // Retry-After is 0, but the program waits a second before each retry.
    expect(performance.now() - began).toBeGreaterThan(1_900);
  });

  test('holds the key for the requested time', async () => {
    server.behave((socket, index) =>
      socket.write(index === 0 ? answer(429, '', { 'retry-after': '0.4' }) : answer(200, '{}')),
    );
    const { executor } = makeExecutor();
    const began = performance.now();
    const first = call(executor, 'never');
    await until(() => server.requests.length > 0);
    await pause(50);
    const second = call(executor, 'safe');
    await Promise.all([first, second]);
    expect(performance.now() - began).toBeGreaterThan(390);
    expect(server.requests).toHaveLength(3);
  });

  test('without Retry-After and with too little time to wait is reported after one request, with the seconds to wait', async () => {
    server.behave(say(answer(429, '{"errorMessage":"Too many requests"}')));
    for (const retry of CLASSES) {
      const before = server.requests.length;
      const { error } = await call(makeExecutor().executor, retry, { deadline: Date.now() + 3_000 });
      expect(error).toMatchObject({
        kind: 'rate_limited',
        status: 429,
        outcome: 'refused',
        message: 'Too many requests',
        afterUnclearAttempt: false,
      });
      expect(error?.retryAfterSeconds).toBe(60);
      expect(server.requests.length - before).toBe(1);
    }
  });

  test('quotes an excessive Retry-After and waits a minute', async () => {
    server.behave(say(answer(429, '', { 'retry-after': '86400' })));
    const { error } = await call(makeExecutor().executor, 'never', { deadline: Date.now() + 30_000 });
    expect(error).toMatchObject({ kind: 'rate_limited', outcome: 'refused', retryAfterSeconds: 60 });
    expect(error?.message).toContain('"86400"');
  });

  test('does not use up the attempts of a call', async () => {
    server.behave((socket, index) =>
      socket.write(index % 2 === 0 ? answer(429, '', { 'retry-after': '0' }) : answer(500)),
    );
    const { error } = await call(makeExecutor().executor, 'safe');
    expect(error).toMatchObject({ kind: 'server_error', outcome: 'unknown' });
    expect(server.requests).toHaveLength(6);
  });
});

describe('the effect of earlier attempts', () => {
  test('marks a rejection after an unclear attempt, because the attempt may have succeeded', async () => {
    server.behave((socket, index) => socket.write(index === 0 ? answer(500) : answer(400, '{"errorMessage":"No"}')));
    const { error } = await call(makeExecutor().executor, 'idempotent');
    expect(error).toMatchObject({ kind: 'bad_request', message: 'No', afterUnclearAttempt: true });
  });

  test('does not mark a rejection after a 429, because HeyReach did not process the 429', async () => {
    server.behave((socket, index) =>
      socket.write(index === 0 ? answer(429, '', { 'retry-after': '0' }) : answer(400, '{"errorMessage":"No"}')),
    );
    const { error } = await call(makeExecutor().executor, 'idempotent');
    expect(error).toMatchObject({ kind: 'bad_request', afterUnclearAttempt: false });
  });

  test('an unclear attempt outweighs later attempts that were not sent', async () => {
    server.behave((socket) => {
      server.stopListening();
      socket.end(answer(500, '{"errorMessage":"It broke"}', { connection: 'close' }));
    });
    const { error, attempts } = await call(makeExecutor().executor, 'idempotent');
    expect(error).toMatchObject({ kind: 'server_error', outcome: 'unknown', message: 'It broke' });
    expect(attempts.map(({ ended }) => ended)).toEqual([500, 'refused', 'refused']);
  });

  test('an unclear attempt outweighs a final 429 or a missing permit', async () => {
    server.behave((socket, index) => socket.write(index === 0 ? answer(500) : answer(429)));
    const after429 = await call(makeExecutor().executor, 'idempotent', { deadline: Date.now() + 2_000 });
    expect(after429.error).toMatchObject({ kind: 'server_error', outcome: 'unknown' });
    expect(server.requests).toHaveLength(2);

    server.requests.length = 0;
    server.behave(say(answer(500)));
    const noSlot = await call(makeExecutor({ cap: 1 }).executor, 'idempotent', { deadline: Date.now() + 2_000 });
    expect(noSlot.error).toMatchObject({ kind: 'server_error', outcome: 'unknown' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('permits', () => {
  test('every attempt takes one', async () => {
    server.behave(say(answer(500)));
    const { executor } = makeExecutor({ cap: 4 });
    await call(executor, 'safe');
    expect((await call(executor, 'never')).error).toMatchObject({ kind: 'server_error' });
    const { error } = await call(executor, 'never', { deadline: Date.now() + 1_000 });
    expect(error).toMatchObject({ kind: 'rate_limited', status: undefined, outcome: 'not_sent' });
    expect(error?.retryAfterSeconds).toBe(61);
    expect(server.requests).toHaveLength(4);
  });

  test('a call that is cancelled while it waits for one sends nothing', async () => {
    const { executor } = makeExecutor({ cap: 1 });
    server.behave(say(answer(200, '{}')));
    await call(executor, 'never');
    const controller = new AbortController();
    const waiting = call(executor, 'never', { signal: controller.signal });
    await pause(20);
    controller.abort();
    expect((await waiting).error).toMatchObject({ kind: 'cancelled', outcome: 'not_sent', inFlight: false });
    expect(server.requests).toHaveLength(1);
  });
});
