import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HeyReachError } from '../../../src/client/errors.ts';
import {
  type ClientInstrumentation,
  HeyReachConnection,
  type HttpResult,
  type RequestOutcome,
} from '../../../src/client/index.ts';
import { inFastTime } from '../../support/runs/fast-time.ts';
import { until } from './executors.ts';
import { answer, type RawServer, startRawServer } from './raw-server.ts';

interface Recorded {
  /** The events in order, without times. */
  events: string[];
  waits: number[];
  ends: RequestOutcome[];
}

let server: RawServer;
let connection: HeyReachConnection;
let recorded: Recorded;

function connect(options: { requestsPerMinute?: number; windowMs?: number; origin?: string } = {}): HeyReachConnection {
  recorded = { events: [], waits: [], ends: [] };
  const instrumentation: ClientInstrumentation = {
    permitAcquired(waitedMs) {
      recorded.waits.push(waitedMs);
      recorded.events.push('permit');
    },
    attemptStarted(attempt) {
      recorded.events.push(`start ${attempt}`);
    },
    attemptEnded(end) {
      recorded.ends.push(end);
      recorded.events.push(`end ${end.attempt} ${end.ended}`);
    },
  };
  connection = new HeyReachConnection({ origin: server.url, instrumentation, ...options });
  return connection;
}

const check = (key = 'made-up-key', options = {}) =>
  connection
    .clientFor(key)
    .auth.checkApiKey({}, options)
    .catch((error: HeyReachError) => error);

/** A request that is never retried after a response. */
const send = (options = {}) =>
  connection
    .clientFor('made-up-key')
    .inbox.sendMessage({ message: 'Hi', subject: '', conversationId: 'made-up', linkedInAccountId: 1 }, options)
    .catch((error: HeyReachError) => error);

const answerAll = (status: number) => server.behave((socket) => void socket.write(answer(status)));

beforeEach(async () => {
  server = await startRawServer();
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
  await connection.close();
});

describe('the instrumentation gets', () => {
  test('the permit, the start and the end of a request, with its status', async () => {
    connect();
    answerAll(200);
    await check();
    expect(recorded.events).toEqual(['permit', 'start 1', 'end 1 200']);
    expect(recorded.ends[0]!.ms).toBeGreaterThan(0);
    expect(recorded.waits[0]).toBeLessThan(500);
  });

  test('each further request of a call with its number, also after a 429', async () => {
    connect();
    const statuses = [503, 429, 401];
    server.behave((socket, index) => void socket.write(answer(statuses[index]!, '', { 'retry-after': '0' })));
    await inFastTime(() => check());
    expect(recorded.events).toEqual([
      ...['permit', 'start 1', 'end 1 503'],
      ...['permit', 'start 2', 'end 2 429'],
      ...['permit', 'start 3', 'end 3 401'],
    ]);
  });

  test('the reason, if there was no response', async () => {
    connect({ origin: 'http://127.0.0.1:1' });
    await send();
    expect(recorded.events.filter((event) => event.startsWith('end'))).toEqual([
      'end 1 refused',
      'end 2 refused',
      'end 3 refused',
    ]);
  });

  test('how long a call waited for its permit', async () => {
    connect({ requestsPerMinute: 1, windowMs: 1 });
    answerAll(200);
    await inFastTime(() => Promise.all([check(), check()]));
    expect(recorded.waits).toHaveLength(2);
    expect(recorded.waits[0]).toBeLessThan(500);
    // The rate limiter makes the window a second longer than configured.
    expect(recorded.waits[1]).toBeGreaterThan(900);
  });

  test('the end of a detached request once, after it has ended', async () => {
    connect();
    let held: Socket | undefined;
    server.behave((socket) => {
      held = socket;
    });
    const controller = new AbortController();
    const late: HttpResult[] = [];
    const sent = send({ signal: controller.signal, onDetachedResult: (exchange: HttpResult) => late.push(exchange) });
    await until(() => held !== undefined);
    controller.abort();
    expect(await sent).toMatchObject({ inFlight: true });
    await turn();
    expect(recorded.events).toEqual(['permit', 'start 1']);
    held?.write(answer(200));
    await until(() => recorded.ends.length > 0);
    expect(recorded.events).toEqual(['permit', 'start 1', 'end 1 200']);
    expect(late).toMatchObject([{ status: 200 }]);
  });

  test('nothing about a call that the rate limiter rejects', async () => {
    connect({ requestsPerMinute: 1 });
    answerAll(200);
    await check();
    const error = await check('made-up-key', { deadline: Date.now() + 5_000 });
    expect(error).toMatchObject({ kind: 'rate_limited', outcome: 'not_sent' });
    expect(recorded.events).toEqual(['permit', 'start 1', 'end 1 200']);
  });
});
