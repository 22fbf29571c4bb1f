import { describe, expect, test, vi } from 'vitest';
import type { SharedChange } from '../../../src/state/changes.ts';
import { keyChecksInMemory } from '../../../src/state/memory/single-process-state.ts';
import { changesInRedis } from '../../../src/state/redis/changes.ts';
import { keyChecksInRedis } from '../../../src/state/redis/key-checks.ts';
import { becomesUp, useTwoReplicas } from './shared-states.ts';

const LONG = { timeout: 60_000, interval: 20 };
const CHANGE: SharedChange = { tool: 'start_campaign', resources: ['a-digest'], listings: ['campaigns'] };

const redis = useTwoReplicas();
const listeners = (key: string) =>
  Number(redis.server.command('PUBSUB', 'NUMSUB', `hr:{${key}}:changes`).split('\n')[1]);

describe('changes in Redis', () => {
  test('reach the other replicas that follow the key, but not their own replica', async () => {
    const [replica, other] = [changesInRedis(redis.connections[0]), changesInRedis(redis.connections[1])];
    const heard: unknown[] = [];
    const ignore = () => {};
    const stops = [
      replica.subscribe('a', { changed: (change) => heard.push(['one', change.tool]), missed: ignore }),
      other.subscribe('a', { changed: (change) => heard.push(['other', change]), missed: ignore }),
      other.subscribe('b', { changed: () => heard.push('other key'), missed: ignore }),
    ];
    await vi.waitFor(() => expect([listeners('a'), listeners('b')]).toEqual([2, 1]), LONG);
    replica.publish('a', () => CHANGE);
    await vi.waitFor(() => expect(heard).toEqual([['other', expect.objectContaining(CHANGE)]]), LONG);
    other.publish('a', () => ({ ...CHANGE, tool: 'pause_campaign' }));
    await vi.waitFor(() => expect(heard.slice(1)).toEqual([['one', 'pause_campaign']]), LONG);
    for (const stop of stops) stop();
    await vi.waitFor(() => expect([listeners('a'), listeners('b')]).toEqual([0, 0]), LONG);
  });

  test('count as missed after the connection was lost', async () => {
    const other = changesInRedis(redis.connections[1]);
    let missed = 0;
    const stop = other.subscribe('c', { changed() {}, missed: () => (missed += 1) });
    await vi.waitFor(() => expect(listeners('c')).toBe(1), LONG);
    expect(missed).toBe(0);
    await redis.server.restart();
    await vi.waitFor(() => expect(missed).toBeGreaterThan(0), LONG);
    await vi.waitFor(() => expect(listeners('c')).toBe(1), LONG);
    stop();
    for (const connection of redis.connections) await becomesUp(connection);
  });
});

describe('key checks', () => {
  test('key checks of one replica are valid for another, for their lifetime', async () => {
    const [replica, other] = [keyChecksInRedis(redis.connections[0]), keyChecksInRedis(redis.connections[1])];
    await replica.keep('good', { isAccepted: true, ms: 60_000 });
    await replica.keep('bad', { isAccepted: false, ms: 30_000 });
    const good = await other.find('good');
    expect(good).toMatchObject({ isAccepted: true });
    expect(good!.ms).toBeGreaterThan(10_000);
    expect(good!.ms).toBeLessThanOrEqual(60_000);
    expect(await other.find('bad')).toMatchObject({ isAccepted: false });
    expect(await other.find('unknown')).toBeUndefined();
  });

  test('key checks of a single process are only in its cache', async () => {
    const checks = keyChecksInMemory();
    await checks.keep('good', { isAccepted: true, ms: 60_000 });
    expect(await checks.find('good')).toBeUndefined();
  });

  test('work without an available store', async () => {
    const checks = keyChecksInRedis(redis.connections[0]);
    await redis.server.kill();
    await vi.waitUntil(() => !redis.connections[0].isUp, LONG);
    await checks.keep('good', { isAccepted: true, ms: 60_000 });
    expect(await checks.find('good')).toBeUndefined();
    await redis.server.restart();
    for (const connection of redis.connections) await becomesUp(connection);
  });
});
