import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HeyReachConnection } from '../../../src/client/index.ts';
import { inFastTime } from '../../support/runs/fast-time.ts';
import { until } from './executors.ts';
import { answer, type RawServer, startRawServer } from './raw-server.ts';

const SECOND = 1_000;

let server: RawServer;
let connection: HeyReachConnection;
let events: string[];

function connect(origin = server.url): void {
  events = [];
  connection = new HeyReachConnection({
    origin,
    requestsPerMinute: 1,
    userAgent: 'tests',
    instrumentation: {
      permitAcquired: () => events.push('slot'),
      attemptStarted: () => events.push('start'),
      attemptEnded: () => events.push('end'),
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

describe('a health check', () => {
  test('sends one request without a key, and passes on a 401', async () => {
    answerAll(401);
    expect(await connection.checkHealth()).toBe(true);
    expect(server.requests).toHaveLength(1);
    const [{ method, path, head, body }] = server.requests as [(typeof server.requests)[0]];
    expect({ method, path, body }).toEqual({ method: 'GET', path: '/api/public/auth/CheckApiKey', body: '' });
    expect(head).toMatch(/^user-agent: tests$/im);
    expect(head).not.toMatch(/x-api-key|authorization/i);
    expect(connection.respondedWithin(60 * SECOND)).toBe(true);
  });

  test.each([200, 302, 403, 404, 429])('passes on a %i', async (status) => {
    answerAll(status);
    expect(await connection.checkHealth()).toBe(true);
  });

  test.each([500, 503])('fails on a %i', async (status) => {
    answerAll(status);
    expect(await connection.checkHealth()).toBe(false);
    expect(server.requests).toHaveLength(1);
    expect(connection.respondedWithin(60 * SECOND)).toBe(false);
  });

  test('fails on a refused connection', async () => {
    connect('http://127.0.0.1:1');
    expect(await connection.checkHealth()).toBe(false);
  });

  test('fails on a broken connection', async () => {
    server.behave((socket) => socket.resetAndDestroy());
    expect(await connection.checkHealth()).toBe(false);
    expect(server.requests).toHaveLength(1);
  });

  test('fails after five seconds without a complete response', async () => {
    const endless = answer(200, '', { 'content-length': '9' });
    server.behave((socket, index) => void (index === 1 && socket.write(endless)));
    const other = new HeyReachConnection({ origin: server.url });
    const took = await inFastTime(async () => {
      const began = performance.now();
      expect(await Promise.all([connection.checkHealth(), other.checkHealth()])).toEqual([false, false]);
      return performance.now() - began;
    });
    expect(server.requests).toHaveLength(2);
    expect(took).toBeGreaterThan(4.9 * SECOND);
    expect(took).toBeLessThan(6.5 * SECOND);
    await other.close();
  });
});

describe('health checks', () => {
  test('send one request for fifty concurrent checks', async () => {
    answerAll(401);
    const asked = await Promise.all(Array.from({ length: 50 }, () => connection.checkHealth()));
    expect(new Set(asked)).toEqual(new Set([true]));
    expect(server.requests).toHaveLength(1);
  });

  test('keep a result for five seconds, whatever it is', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    answerAll(503);
    expect(await connection.checkHealth()).toBe(false);
    answerAll(401);
    vi.advanceTimersByTime(4_999);
    expect(await connection.checkHealth()).toBe(false);
    expect(server.requests).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(await connection.checkHealth()).toBe(true);
    expect(server.requests).toHaveLength(2);
    answerAll(503);
    vi.advanceTimersByTime(4_999);
    expect(await connection.checkHealth()).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  test('count the five seconds from the response, and share a pending check', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    let held: Socket | undefined;
    server.behave((socket, index) => {
      if (index === 0) held = socket;
      else socket.write(answer(401));
    });
    const asked = connection.checkHealth();
    await until(() => held !== undefined);
    vi.advanceTimersByTime(30 * SECOND);
    const again = connection.checkHealth();
    held?.write(answer(503));
    expect(await Promise.all([asked, again])).toEqual([false, false]);
    expect(server.requests).toHaveLength(1);
  });

  test('use no permit of any key, and cause no instrumentation event', async () => {
    answerAll(401);
    await connection.checkHealth();
    expect(connection.snapshot()).toMatchObject({ waiting: 0, permitsUsed: 0 });
    expect(events).toEqual([]);
  });

  test('use a fresh connection, because a kept-alive connection may be closing', async () => {
    answerAll(200);
    connection = new HeyReachConnection({ origin: server.url });
    const { auth } = connection.clientFor('made-up-key');
    for (let made = 0; made < 2; made += 1) {
      await auth.checkApiKey({});
      // Only now is its connection available for another request.
      await turn();
    }
    expect(server.connections()).toBe(1);
    expect(await connection.checkHealth()).toBe(true);
    expect(server.connections()).toBe(2);
  });
});
