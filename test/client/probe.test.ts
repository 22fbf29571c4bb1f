import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HeyReachConnection } from '../../src/client/index.ts';
import { until } from './callers.ts';
import { answer, type RawServer, startRawServer } from './raw-server.ts';

const SECOND = 1_000;

let server: RawServer;
let connection: HeyReachConnection;
let told: string[];

function connect(origin = server.url): void {
  told = [];
  connection = new HeyReachConnection({
    origin,
    requestsPerMinute: 1,
    userAgent: 'tests',
    watch: {
      slotTaken: () => told.push('slot'),
      attemptStarted: () => told.push('start'),
      attemptEnded: () => told.push('end'),
    },
  });
}

const answerAll = (status: number) => server.behave((socket) => void socket.write(answer(status)));

beforeEach(async () => {
  server = await startRawServer();
  connect();
});
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
  await connection.close();
});

describe('whether HeyReach is there', () => {
  test('is asked with one request without a key, and a 401 is a sign of life', async () => {
    answerAll(401);
    expect(await connection.probe()).toBe(true);
    expect(server.requests).toHaveLength(1);
    const [{ method, path, head, body }] = server.requests as [(typeof server.requests)[0]];
    expect({ method, path, body }).toEqual({ method: 'GET', path: '/api/public/auth/CheckApiKey', body: '' });
    expect(head).toMatch(/^user-agent: tests$/im);
    expect(head).not.toMatch(/x-api-key|authorization/i);
    expect(connection.answeredWithin(60 * SECOND)).toBe(true);
  });

  test.each([200, 302, 403, 404, 429])('a %i is one, too', async (status) => {
    answerAll(status);
    expect(await connection.probe()).toBe(true);
  });

  test.each([500, 503])('a %i is none', async (status) => {
    answerAll(status);
    expect(await connection.probe()).toBe(false);
    expect(server.requests).toHaveLength(1);
    expect(connection.answeredWithin(60 * SECOND)).toBe(false);
  });

  test('a refused connection is none', async () => {
    connect('http://127.0.0.1:1');
    expect(await connection.probe()).toBe(false);
  });

  test('a connection that breaks is none', async () => {
    server.behave((socket) => socket.resetAndDestroy());
    expect(await connection.probe()).toBe(false);
    expect(server.requests).toHaveLength(1);
  });

  test('silence is none after five seconds, nor is an answer that never ends', { timeout: 15 * SECOND }, async () => {
    const endless = answer(200, '', { 'content-length': '9' });
    server.behave((socket, index) => void (index === 1 && socket.write(endless)));
    const other = new HeyReachConnection({ origin: server.url });
    const began = performance.now();
    expect(await Promise.all([connection.probe(), other.probe()])).toEqual([false, false]);
    const took = performance.now() - began;
    expect(server.requests).toHaveLength(2);
    expect(took).toBeGreaterThan(4.9 * SECOND);
    expect(took).toBeLessThan(6.5 * SECOND);
    await other.close();
  });
});

describe('what it costs', () => {
  test('one request for fifty who ask at once', async () => {
    answerAll(401);
    const asked = await Promise.all(Array.from({ length: 50 }, () => connection.probe()));
    expect(new Set(asked)).toEqual(new Set([true]));
    expect(server.requests).toHaveLength(1);
  });

  test('nothing for five seconds, whether there was an answer or not; then one more', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    answerAll(503);
    expect(await connection.probe()).toBe(false);
    answerAll(401);
    vi.advanceTimersByTime(4_999);
    expect(await connection.probe()).toBe(false);
    expect(server.requests).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(await connection.probe()).toBe(true);
    expect(server.requests).toHaveLength(2);
    answerAll(503);
    vi.advanceTimersByTime(4_999);
    expect(await connection.probe()).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  test('five seconds from the answer on: one that is still waited for is not asked again', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    let held: Socket | undefined;
    server.behave((socket, index) => {
      if (index === 0) held = socket;
      else socket.write(answer(401));
    });
    const asked = connection.probe();
    await until(() => held !== undefined);
    vi.advanceTimersByTime(30 * SECOND);
    const again = connection.probe();
    held?.write(answer(503));
    expect(await Promise.all([asked, again])).toEqual([false, false]);
    expect(server.requests).toHaveLength(1);
  });

  test("neither a slot of anybody's quota, nor a word to who counts calls", async () => {
    answerAll(401);
    await connection.probe();
    expect(connection.snapshot()).toMatchObject({ waiting: 0, quotaUsed: 0 });
    expect(told).toEqual([]);
  });

  test('a connection of its own: a kept one may be closing', async () => {
    answerAll(200);
    connection = new HeyReachConnection({ origin: server.url });
    const { auth } = connection.clientFor('made-up-key');
    for (let made = 0; made < 2; made += 1) {
      await auth.checkApiKey({});
      // Only now is its connection free for another request.
      await turn();
    }
    expect(server.connections()).toBe(1);
    expect(await connection.probe()).toBe(true);
    expect(server.connections()).toBe(2);
  });
});
