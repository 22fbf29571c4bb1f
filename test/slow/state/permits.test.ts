import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { permitsInMemory } from '../../../src/state/memory/permits.ts';
import type { PermitAnswer, PermitLimits, Permits, PermitTicket } from '../../../src/state/permits.ts';
import { connect, type RedisConnection } from '../../../src/state/redis/connection.ts';
import { permitsInRedis } from '../../../src/state/redis/permits.ts';
import { type RedisServer, startRedis } from '../../support/programs/redis.ts';
import { mostInWindow } from '../../unit/client/rate-limit/permit-takers.ts';

const POLL = { timeout: 30_000, interval: 20 };
/** Longer than any of these tests, so that no start leaves the window by itself. */
const LONG: PermitLimits = { cap: 5, backgroundCap: 4, windowMs: 60_000 };
const SHORT: PermitLimits = { cap: 30, backgroundCap: 24, windowMs: 2_000 };
/** A machine that stalls for seconds must not make the store count as slow. */
const PATIENT_MS = 20_000;

interface OpenOptions {
  replica?: string;
  replicas?: number;
  /** After how long without an answer the store counts as slow. */
  commandMs?: number;
}

let server: RedisServer;
const connections: RedisConnection[] = [];

beforeAll(async () => {
  server = await startRedis();
});
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
});
afterAll(() => server.close());

async function openRedisPermits({ commandMs = PATIENT_MS, ...options }: OpenOptions = {}) {
  const connection = await connect(server.url, { commandMs });
  connections.push(connection);
  const permits = permitsInRedis(connection, { replica: 'one', ...options });
  await vi.waitFor(() => expect(connection.isUp).toBe(true), POLL);
  await vi.waitFor(() => {
    const heard = server.command('PUBSUB', 'NUMSUB', 'hr:new-epoch');
    expect(heard).toMatch(new RegExp(`\\n${connections.length}$`));
  }, POLL);
  return permits;
}

/** Waits until the hold of a new store has ended. */
async function openReadyRedis(): Promise<Permits> {
  const permits = await openRedisPermits();
  await vi.waitFor(async () => {
    const { waitMs } = await permits.take('first', { ticket: 0, background: false }, LONG);
    expect(waitMs).toBe(0);
  }, POLL);
  return permits;
}

/** Takes a permit. An answer that was late asks the ticket to ask again after 1 ms. */
async function takeFrom(permits: Permits, ...request: Parameters<Permits['take']>): Promise<PermitAnswer> {
  let answer: PermitAnswer;
  do answer = await permits.take(...request);
  while (answer.waitMs === 1);
  return answer;
}

const foreground = (ticket: number) => ({ ticket, background: false });
const background = (ticket: number) => ({ ticket, background: true });
const read = (ticket: number) => ({ ...foreground(ticket), read: true });

describe.each([
  ['in memory', async () => permitsInMemory()],
  ['in Redis', openReadyRedis],
])('permits %s', (_, open) => {
  let permits: Permits;
  let keys = 0;
  let key: string;
  const take = async (ticket: { ticket: number; background: boolean }, limits = LONG): Promise<PermitAnswer> =>
    takeFrom(permits, key, ticket, limits);
  const takeMany = async (tickets: { ticket: number; background: boolean }[]) => {
    const waits: number[] = [];
    for (const ticket of tickets) waits.push((await take(ticket)).waitMs);
    return waits;
  };
  const several = (count: number, from = 1) => Array.from({ length: count }, (_, place) => foreground(from + place));

  beforeEach(async () => {
    permits = await open();
    keys += 1;
    key = `key-${keys}`;
  });

  test('are limited by the window, and the next ticket gets its wait', async () => {
    expect(await takeMany(several(5))).toEqual([0, 0, 0, 0, 0]);
    const { waitMs, heldMs } = await take(foreground(6));
    expect(waitMs).toBeGreaterThan(30_000);
    expect(waitMs).toBeLessThanOrEqual(60_000);
    expect(heldMs).toBe(0);
  });

  test('permits of two keys are counted separately', async () => {
    await takeMany(several(5));
    key = `${key}-other`;
    expect(await takeMany(several(5))).toEqual([0, 0, 0, 0, 0]);
  });

  test('are free again once the window has passed', async () => {
    const short = { cap: 2, backgroundCap: 1, windowMs: 500 };
    await take(foreground(1), short);
    await take(foreground(2), short);
    const { waitMs } = await take(foreground(3), short);
    await sleep(waitMs);
    await vi.waitFor(async () => expect((await take(foreground(3), short)).waitMs).toBe(0), POLL);
  });

  test('a ticket that asks again gets the same permit', async () => {
    await takeMany(several(4));
    expect(await takeMany([foreground(4), foreground(4), foreground(5)])).toEqual([0, 0, 0]);
    expect((await take(foreground(6))).waitMs).toBeGreaterThan(0);
    expect((await take(foreground(5))).waitMs).toBe(0);
  });

  test('go to waiting tickets in their order', async () => {
    await takeMany(several(5));
    await takeMany(several(3, 6));
    await permits.drop(key, foreground(1));
    expect((await take(foreground(8))).waitMs).toBeGreaterThan(0);
    expect((await take(foreground(9))).waitMs).toBeGreaterThan(0);
    expect((await take(foreground(6))).waitMs).toBe(0);
    await permits.drop(key, foreground(2));
    expect((await take(foreground(8))).waitMs).toBeGreaterThan(0);
    expect((await take(foreground(7))).waitMs).toBe(0);
  });

  test('a released place moves the others up', async () => {
    await takeMany(several(5));
    await takeMany(several(2, 6));
    await permits.drop(key, foreground(6));
    await permits.drop(key, foreground(1));
    expect((await take(foreground(7))).waitMs).toBe(0);
  });

  test('background calls leave room, and foreground calls overtake them', async () => {
    const waits = await takeMany([1, 2, 3, 4].map(background));
    expect(waits).toEqual([0, 0, 0, 0]);
    expect((await take(background(5))).waitMs).toBeGreaterThan(0);
    expect((await take(foreground(6))).waitMs).toBe(0);
    expect((await take(foreground(7))).waitMs).toBeGreaterThan(0);
    await permits.drop(key, background(1));
    await permits.drop(key, background(2));
    expect((await take(background(5))).waitMs).toBeGreaterThan(0);
    expect((await take(foreground(7))).waitMs).toBe(0);
  });

  test('a hold applies to every ticket, and the latest end applies', async () => {
    await permits.hold(key, 40_000);
    await permits.hold(key, 1_000);
    const { waitMs, heldMs } = await take(foreground(1));
    expect(heldMs).toBeGreaterThan(10_000);
    expect(waitMs).toBe(heldMs);
  });

  test('a start can be moved to now, unless it has left the window', async () => {
    const short = { ...LONG, windowMs: 300 };
    await take(foreground(1));
    expect(await permits.restart(key, foreground(1), LONG)).toBe(true);
    expect(await permits.restart(key, foreground(2), LONG)).toBe(false);
    await permits.drop(key, foreground(1));
    expect(await permits.restart(key, foreground(1), LONG)).toBe(false);
    await take(foreground(3), short);
    await sleep(400);
    expect(await permits.restart(key, foreground(3), short)).toBe(false);
  });
});

describe('permits in Redis', () => {
  test('a ticket of an ended process leaves the line when its lease expires', async () => {
    const permits = await openReadyRedis();
    for (let ticket = 1; ticket <= 5; ticket += 1) await permits.take('lease', foreground(ticket), LONG);
    await permits.take('lease', foreground(6), LONG);
    await permits.drop('lease', foreground(1));
    const next = async () => (await permits.take('lease', foreground(7), LONG)).waitMs;
    expect(await next()).toBeGreaterThan(0);
    await vi.waitFor(async () => expect(await next()).toBe(0), POLL);
  });

  test('after the store lost everything, the starts of all processes count again', async () => {
    const first = await openReadyRedis();
    const second = await openRedisPermits({ replica: 'two' });
    for (let ticket = 1; ticket <= 3; ticket += 1) {
      expect(await takeFrom(first, 'lost', foreground(ticket), LONG)).toMatchObject({ waitMs: 0 });
    }
    server.command('FLUSHALL');
    const next = async () => {
      const taken: number[] = [];
      for (let ticket = 1; ticket <= 5; ticket += 1) {
        if ((await takeFrom(second, 'lost', foreground(ticket), LONG)).waitMs === 0) taken.push(ticket);
      }
      return taken;
    };
    expect(await next()).toEqual([]);
    await vi.waitFor(async () => expect(await next()).toEqual([1, 2]), POLL);
    await sleep(500);
    expect(await next()).toEqual([1, 2]);
  });

  test('while the store is unavailable, only reads start, and only with a known number of replicas', async () => {
    const limits = { ...SHORT, windowMs: 10_000 };
    const permits = await openRedisPermits({ replicas: 2 });
    const alone = await openRedisPermits();
    await server.kill();
    try {
      await vi.waitFor(() => expect(connections.some(({ isUp }) => isUp)).toBe(false), POLL);
      await expect(permits.take('away', foreground(1), limits)).rejects.toThrow('unavailable');
      await expect(alone.take('away', read(1), limits)).rejects.toThrow('unavailable');
      // Others may have used the whole cap in the last moment of the store.
      const { waitMs, isStoreLost } = await permits.take('away', read(2), limits);
      expect(isStoreLost).toBe(true);
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThanOrEqual(limits.windowMs);
      const waitOf = async (ticket: number) => (await permits.take('away', read(ticket), limits)).waitMs;
      // A timer may fire a moment early.
      await vi.waitFor(async () => expect(await waitOf(2)).toBe(0), POLL);
      const waits: number[] = [];
      for (let ticket = 3; ticket <= 17; ticket += 1) waits.push(await waitOf(ticket));
      expect(waits.slice(0, 14)).toEqual(Array(14).fill(0));
      expect(waits[14]).toBeGreaterThan(0);
    } finally {
      await server.restart();
    }
    // The store learns of the reads, so that the other replicas do not start more in their place.
    await vi.waitFor(() => expect(server.command('ZCARD', 'hr:{away}:s')).toBe('15'), POLL);
  });

  test.each([
    ['is killed', () => server.kill(), () => server.restart(), PATIENT_MS],
    ['stops', async () => server.pause(), async () => server.resume(), 2_000],
  ])('when the store %s, reads continue, and no window exceeds the cap', async (_, lose, bringBack, commandMs) => {
    const names = ['one', 'two', 'idle'];
    const replicas = await Promise.all(names.map((replica) => openRedisPermits({ replica, replicas: 3, commandMs })));
    const starts: { at: number; name: string }[] = [];
    let tickets = 0;
    let isOver = false;
    const take = async (place: number, ticket: PermitTicket) => replicas[place]!.take('lost', ticket, SHORT);
    const start = async (place: number) => {
      tickets += 1;
      const ticket = read(tickets);
      for (;;) {
        const { waitMs } = await take(place, ticket).catch(() => ({ waitMs: 20 }));
        if (waitMs <= 0 || isOver) break;
        await sleep(Math.min(waitMs, 50));
      }
      if (!isOver) starts.push({ at: performance.now(), name: names[place]! });
    };
    const startMany = async (place: number) => {
      while (!isOver) await start(place);
    };
    const callers = [0, 1].flatMap((place) => [1, 2, 3, 4].map(() => startMany(place)));
    try {
      await vi.waitUntil(() => starts.length >= 2 * SHORT.cap, POLL);
      await lose();
      await vi.waitUntil(() => !connections.some(({ isUp }) => isUp), POLL);
      const lostAt = performance.now();
      callers.push(...[1, 2, 3, 4].map(() => startMany(2)));
      for (const name of names) {
        await vi.waitUntil(() => starts.some((entry) => entry.name === name && entry.at > lostAt), POLL);
      }
      await sleep(SHORT.windowMs);
      const before = starts.length;
      await bringBack();
      await vi.waitUntil(() => connections.every(({ isUp }) => isUp), POLL);
      await vi.waitUntil(() => starts.length >= before + 2 * SHORT.cap, POLL);
    } finally {
      await bringBack();
      isOver = true;
      await Promise.all(callers);
    }
    // A start is at most a quarter of a second older in the store than here.
    const times = starts.map(({ at }) => at);
    expect(mostInWindow(times, SHORT.windowMs - 250)).toBeLessThanOrEqual(SHORT.cap);
  });

  test('a store that accepts no writes counts as lost', async () => {
    const permits = await openRedisPermits({ replicas: 2 });
    const ask = () => permits.take('demoted', read(1), SHORT);
    server.command('REPLICAOF', '127.0.0.1', '1');
    try {
      await expect(ask()).resolves.toHaveProperty('isStoreLost');
      await vi.waitFor(async () => expect(await ask()).toMatchObject({ waitMs: 0 }), POLL);
      expect(connections[0]!.isUp).toBe(false);
    } finally {
      server.command('REPLICAOF', 'NO', 'ONE');
    }
    await vi.waitUntil(() => connections[0]!.isUp, POLL);
  });

  test('a ticket that asks again starts now', async () => {
    const permits = await openReadyRedis();
    await permits.take('again', foreground(1), LONG);
    const startOf = () => Number(server.command('ZSCORE', 'hr:{again}:s', 'one:1'));
    const first = startOf();
    await sleep(300);
    expect(await takeFrom(permits, 'again', foreground(1), LONG)).toMatchObject({ waitMs: 0 });
    expect(startOf() - first).toBeGreaterThan(250_000);
  });

  test('keeps nothing without an expiry, except its epoch', async () => {
    const permits = await openReadyRedis();
    for (let ticket = 1; ticket <= 6; ticket += 1) await permits.take('ends', foreground(ticket), LONG);
    await permits.hold('ends', 1_000);
    const all = server.command('KEYS', '*').split('\n');
    expect(all.length).toBeGreaterThan(4);
    expect(all.filter((key) => server.command('PTTL', key) === '-1')).toEqual(['hr:epoch']);
  });
});
