import { describe, expect, test, vi } from 'vitest';
import { pollTurnsInMemory } from '../../../src/state/memory/single-process-state.ts';
import { pollTurnsInRedis } from '../../../src/state/redis/poll-turns.ts';
import { useTwoReplicas } from './shared-states.ts';

const redis = useTwoReplicas();

describe('turns to poll', () => {
  test('belong to one replica, for a time that it extends', async () => {
    const [replica, other] = [pollTurnsInRedis(redis.connections[0]), pollTurnsInRedis(redis.connections[1])];
    expect(await replica.take('a', 'target', 60_000)).toBe(true);
    expect(await other.take('a', 'target', 60_000)).toBe(false);
    expect(await other.take('a', 'other', 60_000)).toBe(true);
    expect(await other.take('b', 'target', 60_000)).toBe(true);
    expect(await replica.take('a', 'target', 90_000.5)).toBe(true);
    expect(Number(redis.server.command('PTTL', 'hr:{a}:poll:target'))).toBeGreaterThan(60_000);
    redis.server.command('DEL', 'hr:{a}:poll:target');
    expect(await other.take('a', 'target', 60_000)).toBe(true);
  });

  test('belong to each replica while the store is unavailable, and to a single process always', async () => {
    await redis.server.kill();
    await vi.waitUntil(() => redis.connections.every(({ isUp }) => !isUp), { timeout: 60_000, interval: 20 });
    for (const connection of redis.connections)
      expect(await pollTurnsInRedis(connection).take('a', 'target', 1)).toBe(true);
    expect(await pollTurnsInMemory().take('a', 'target', 1)).toBe(true);
  });
});
