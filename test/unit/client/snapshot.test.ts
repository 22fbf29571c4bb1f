import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HeyReachError } from '../../../src/client/errors.ts';
import { HeyReachConnection } from '../../../src/client/index.ts';
import { until } from './executors.ts';
import { answer, type RawServer, startRawServer } from './raw-server.ts';

const SECOND = 1_000;
const QUIET = { waiting: 0, permitsUsed: 0, isHostCircuitOpen: false, openKeyCircuits: 0 };

let server: RawServer;
let connection: HeyReachConnection;

/** Calls with one attempt, so that a failure is one request. */
async function call(key: string, count = 1, operation: 'sendMessage' | 'check' = 'sendMessage'): Promise<void> {
  const { inbox, auth } = connection.clientFor(key);
  const made = { message: 'Hi', subject: '', conversationId: 'made-up', linkedInAccountId: 1 };
  for (let index = 0; index < count; index += 1) {
    await (operation === 'check' ? auth.checkApiKey({}) : inbox.sendMessage(made)).catch(
      (error: HeyReachError) => error,
    );
  }
}

const answerAll = (status: number) => server.behave((socket) => void socket.write(answer(status)));

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  vi.spyOn(Math, 'random').mockReturnValue(0);
  server = await startRawServer();
  connection = new HeyReachConnection({ origin: server.url, requestsPerMinute: 20 });
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await server.close();
  await connection.close();
});

describe('the snapshot of a connection', () => {
  test('is empty before the first call, and no request is sent', async () => {
    expect(connection.snapshot()).toEqual(QUIET);
    expect(connection.respondedWithin(Number.MAX_VALUE)).toBe(false);
    expect(server.connections()).toBe(0);
  });

  test('has the used share of the window of the busiest key, and the number of waiting calls of all keys', async () => {
    answerAll(200);
    await call('key-a', 10);
    await call('key-b', 5);
    expect(connection.snapshot()).toEqual({ ...QUIET, permitsUsed: 0.5 });
    await call('key-a', 10);
    await call('key-b', 15);
    const controller = new AbortController();
    const waiting = ['key-a', 'key-b', 'key-b'].map((key) =>
      connection
        .clientFor(key)
        .auth.checkApiKey({}, { signal: controller.signal })
        .catch((error: HeyReachError) => error.kind),
    );
    await until(() => connection.snapshot().waiting === 3);
    expect(connection.snapshot().permitsUsed).toBe(1);
    controller.abort();
    expect(await Promise.all(waiting)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    vi.advanceTimersByTime(61 * SECOND);
    expect(connection.snapshot()).toEqual(QUIET);
  });

  test('shows an open circuit of the host until HeyReach answers', async () => {
    answerAll(503);
    await call('key-a', 5);
    expect(connection.snapshot()).toMatchObject({ isHostCircuitOpen: true });
    vi.advanceTimersByTime(30 * SECOND);
    expect(connection.snapshot()).toMatchObject({ isHostCircuitOpen: true, openKeyCircuits: 0 });
    answerAll(200);
    await call('key-a');
    expect(connection.snapshot()).toMatchObject({ isHostCircuitOpen: false, openKeyCircuits: 0 });
  });

  test('counts the keys with an open circuit, for as long as it is open', async () => {
    answerAll(500);
    for (const key of ['key-a', 'key-b']) {
      await call(key, 4);
      await call(key, 1, 'check');
    }
    expect(connection.snapshot()).toMatchObject({ isHostCircuitOpen: false, openKeyCircuits: 2 });
    // A key without further calls must not count for ever.
    vi.advanceTimersByTime(10 * SECOND);
    expect(connection.snapshot()).toMatchObject({ isHostCircuitOpen: false, openKeyCircuits: 0 });
  });
});

describe('whether HeyReach answered recently', () => {
  test('a response below 500 counts for the given time, including a rejection', async () => {
    answerAll(401);
    await call('key-a');
    expect(connection.respondedWithin(60 * SECOND)).toBe(true);
    vi.advanceTimersByTime(60 * SECOND);
    expect(connection.respondedWithin(60 * SECOND)).toBe(true);
    vi.advanceTimersByTime(1);
    expect(connection.respondedWithin(60 * SECOND)).toBe(false);
  });

  test('changes of the system clock have no effect', async () => {
    answerAll(200);
    await call('key-a');
    vi.setSystemTime(Date.now() + 3_600 * SECOND);
    expect(connection.respondedWithin(60 * SECOND)).toBe(true);
    vi.setSystemTime(Date.now() - 7_200 * SECOND);
    expect(connection.respondedWithin(60 * SECOND)).toBe(true);
  });

  test.each([500, 503])('a %i does not count', async (status) => {
    answerAll(status);
    await call('key-a');
    expect(connection.respondedWithin(60 * SECOND)).toBe(false);
  });

  test('a broken connection does not count', async () => {
    server.behave((socket) => socket.resetAndDestroy());
    await call('key-a');
    expect(connection.respondedWithin(60 * SECOND)).toBe(false);
  });

  test('a response counts even if its caller has left', async () => {
    let held: Socket | undefined;
    server.behave((socket) => {
      held = socket;
    });
    const controller = new AbortController();
    const made = { message: 'Hi', subject: '', conversationId: 'made-up', linkedInAccountId: 1 };
    const sent = connection
      .clientFor('key-a')
      .inbox.sendMessage(made, { signal: controller.signal })
      .catch((error: HeyReachError) => error);
    await until(() => held !== undefined);
    controller.abort();
    await sent;
    expect(connection.respondedWithin(60 * SECOND)).toBe(false);
    held?.write(answer(200));
    await until(() => connection.respondedWithin(60 * SECOND));
  });
});
