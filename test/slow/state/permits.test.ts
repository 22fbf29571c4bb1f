import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { permitsInMemory } from '../../../src/state/memory/permits.ts';
import type { PermitAnswer, PermitLimits, Permits } from '../../../src/state/permits.ts';
import { connect, type RedisConnection } from '../../../src/state/redis/connection.ts';
import { permitsInRedis } from '../../../src/state/redis/permits.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';

const POLL = { timeout: 30_000, interval: 20 };
/** Longer than any of these tests, so that no start leaves the window of its own accord. */
const LONG: PermitLimits = { cap: 5, backgroundCap: 4, windowMs: 60_000 };

let server: RedisServer;
const connections: RedisConnection[] = [];

beforeAll(async () => {
  server = await startRedis();
});
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
});
afterAll(() => server.close());

async function openRedisPermits(options: { replica?: string; replicas?: number } = {}) {
  const connection = await connect(server.url);
  connections.push(connection);
  const permits = permitsInRedis(connection, { replica: 'one', ...options });
  await vi.waitFor(() => expect(connection.isUp).toBe(true), POLL);
  await vi.waitFor(() => expect(server.command('PUBSUB', 'NUMSUB', 'hr:new-epoch')).not.toContain('\n0'), POLL);
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

const foreground = (ticket: number) => ({ ticket, background: false });
const background = (ticket: number) => ({ ticket, background: true });

describe.each([
  ['in memory', async () => permitsInMemory()],
  ['in Redis', openReadyRedis],
])('permits %s', (_, open) => {
  let permits: Permits;
  let keys = 0;
  let key: string;
  const take = async (ticket: { ticket: number; background: boolean }, limits = LONG): Promise<PermitAnswer> =>
    permits.take(key, ticket, limits);
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

  test('are at most as many as the window has, and the next says how long it waits', async () => {
    expect(await takeMany(several(5))).toEqual([0, 0, 0, 0, 0]);
    const { waitMs, heldMs } = await take(foreground(6));
    expect(waitMs).toBeGreaterThan(30_000);
    expect(waitMs).toBeLessThanOrEqual(60_000);
    expect(heldMs).toBe(0);
  });

  test('of two keys are counted apart', async () => {
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

  test('a place that is given back moves the others up', async () => {
    await takeMany(several(5));
    await takeMany(several(2, 6));
    await permits.drop(key, foreground(6));
    await permits.drop(key, foreground(1));
    expect((await take(foreground(7))).waitMs).toBe(0);
  });

  test('background calls leave room, and foreground calls pass them', async () => {
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

  test('a hold counts for every ticket, and the latest hold wins', async () => {
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
  test('a ticket whose process ended leaves the line with its lease', async () => {
    const permits = await openReadyRedis();
    for (let ticket = 1; ticket <= 5; ticket += 1) await permits.take('lease', foreground(ticket), LONG);
    await permits.take('lease', foreground(6), LONG);
    await permits.drop('lease', foreground(1));
    const next = async () => (await permits.take('lease', foreground(7), LONG)).waitMs;
    expect(await next()).toBeGreaterThan(0);
    await vi.waitFor(async () => expect(await next()).toBe(0), POLL);
  });

  test('after the store lost everything, the starts of all processes count again', async () => {
    const one = await openReadyRedis();
    const two = await openRedisPermits({ replica: 'two' });
    for (let ticket = 1; ticket <= 3; ticket += 1) {
      expect(await one.take('lost', foreground(ticket), LONG)).toMatchObject({ waitMs: 0 });
    }
    server.command('FLUSHALL');
    const next = async () => {
      const taken: number[] = [];
      for (let ticket = 1; ticket <= 5; ticket += 1) {
        if ((await two.take('lost', foreground(ticket), LONG)).waitMs === 0) taken.push(ticket);
      }
      return taken;
    };
    expect(await next()).toEqual([]);
    await vi.waitFor(async () => expect(await next()).toEqual([1, 2]), POLL);
    await sleep(500);
    expect(await next()).toEqual([1, 2]);
  });

  test('while the store is away, reads use the share of a process, and nothing else starts', async () => {
    const permits = await openRedisPermits({ replicas: 2 });
    const alone = await openRedisPermits();
    await server.kill();
    try {
      const limits = { ...LONG, cap: 6 };
      const read = (ticket: number) => permits.take('away', { ...foreground(ticket), read: true }, limits);
      await vi.waitFor(() => expect(connections.some(({ isUp }) => isUp)).toBe(false), POLL);
      await expect(permits.take('away', foreground(1), limits)).rejects.toThrow('unavailable');
      const waits: number[] = [];
      for (let ticket = 2; ticket <= 5; ticket += 1) waits.push((await read(ticket)).waitMs);
      expect(waits.slice(0, 3)).toEqual([0, 0, 0]);
      expect(waits[3]).toBeGreaterThan(30_000);
      await expect(alone.take('away', { ...foreground(1), read: true }, limits)).rejects.toThrow('unavailable');
    } finally {
      await server.restart();
    }
    // The store learns of the reads, so that the others do not start in their place.
    await vi.waitFor(() => expect(server.command('ZCARD', 'hr:{away}:s')).toBe('3'), POLL);
  });

  test('keeps nothing without an end but its epoch', async () => {
    const permits = await openReadyRedis();
    for (let ticket = 1; ticket <= 6; ticket += 1) await permits.take('ends', foreground(ticket), LONG);
    await permits.hold('ends', 1_000);
    const all = server.command('KEYS', '*').split('\n');
    expect(all.length).toBeGreaterThan(4);
    expect(all.filter((key) => server.command('PTTL', key) === '-1')).toEqual(['hr:epoch']);
  });
});
