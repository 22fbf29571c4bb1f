import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { HeyReachError } from '../../src/client/errors.ts';
import { type ConnectionWatch, type Exchange, HeyReachConnection, type RequestEnd } from '../../src/client/index.ts';
import { until } from './callers.ts';
import { answer, type RawServer, startRawServer } from './raw-server.ts';

interface Told {
  /** In the order of their telling, times left out. */
  events: string[];
  waits: number[];
  ends: RequestEnd[];
}

let server: RawServer;
let connection: HeyReachConnection;
let told: Told;

function connect(options: { requestsPerMinute?: number; windowMs?: number; origin?: string } = {}): HeyReachConnection {
  told = { events: [], waits: [], ends: [] };
  const watch: ConnectionWatch = {
    slotTaken(waitedMs) {
      told.waits.push(waitedMs);
      told.events.push('slot');
    },
    attemptStarted(attempt) {
      told.events.push(`start ${attempt}`);
    },
    attemptEnded(end) {
      told.ends.push(end);
      told.events.push(`end ${end.attempt} ${end.ended}`);
    },
  };
  connection = new HeyReachConnection({ origin: server.url, watch, ...options });
  return connection;
}

const check = (key = 'made-up-key', options = {}) =>
  connection
    .clientFor(key)
    .auth.checkApiKey({}, options)
    .catch((error: HeyReachError) => error);

/** A request that is made once, whatever happens. */
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

describe('what a watch is told', () => {
  test('the slot, the start and the end of a request, with its status', async () => {
    connect();
    answerAll(200);
    await check();
    expect(told.events).toEqual(['slot', 'start 1', 'end 1 200']);
    expect(told.ends[0]!.ms).toBeGreaterThan(0);
    expect(told.waits[0]).toBeLessThan(100);
  });

  test('every further request of a call with its number, those after a 429 too', async () => {
    connect();
    const statuses = [503, 429, 401];
    server.behave((socket, index) => void socket.write(answer(statuses[index]!, '', { 'retry-after': '0' })));
    await check();
    expect(told.events).toEqual([
      ...['slot', 'start 1', 'end 1 503'],
      ...['slot', 'start 2', 'end 2 429'],
      ...['slot', 'start 3', 'end 3 401'],
    ]);
  });

  test('the reason where there was no answer', async () => {
    connect({ origin: 'http://127.0.0.1:1' });
    await send();
    expect(told.events.filter((event) => event.startsWith('end'))).toEqual([
      'end 1 refused',
      'end 2 refused',
      'end 3 refused',
    ]);
  });

  test('how long a call waited for its turn', async () => {
    connect({ requestsPerMinute: 1, windowMs: 1 });
    answerAll(200);
    await Promise.all([check(), check()]);
    expect(told.waits).toHaveLength(2);
    expect(told.waits[0]).toBeLessThan(100);
    // The window is a second longer than it has to be.
    expect(told.waits[1]).toBeGreaterThan(900);
  });

  test('of a request that goes on without its caller its end when it has ended, and once', async () => {
    connect();
    let held: Socket | undefined;
    server.behave((socket) => {
      held = socket;
    });
    const controller = new AbortController();
    const late: Exchange[] = [];
    const sent = send({ signal: controller.signal, onLate: (exchange: Exchange) => late.push(exchange) });
    await until(() => held !== undefined);
    controller.abort();
    expect(await sent).toMatchObject({ inFlight: true });
    await turn();
    expect(told.events).toEqual(['slot', 'start 1']);
    held?.write(answer(200));
    await until(() => told.ends.length > 0);
    expect(told.events).toEqual(['slot', 'start 1', 'end 1 200']);
    expect(late).toMatchObject([{ status: 200 }]);
  });

  test('nothing of what is refused here', async () => {
    connect({ requestsPerMinute: 1 });
    answerAll(200);
    await check();
    const error = await check('made-up-key', { deadline: Date.now() + 5_000 });
    expect(error).toMatchObject({ kind: 'rate_limited', outcome: 'not_sent' });
    expect(told.events).toEqual(['slot', 'start 1', 'end 1 200']);
  });
});
