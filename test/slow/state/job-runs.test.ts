import { describe, expect, test, vi } from 'vitest';
import { jobRunsInMemory } from '../../../src/state/memory/single-process-state.ts';
import { jobRunsInRedis } from '../../../src/state/redis/job-runs.ts';
import { becomesUp, useTwoReplicas } from './shared-states.ts';

const LONG = { timeout: 60_000, interval: 20 };

const redis = useTwoReplicas();

describe('runs of jobs in Redis', () => {
  test('are held by their process, for a time that it extends', async () => {
    const [replica, other] = [jobRunsInRedis(redis.connections[0]), jobRunsInRedis(redis.connections[1])];
    const release = replica.hold('a', 'run');
    await vi.waitFor(async () => expect(await other.isHeld('a', 'run')).toBe(true), LONG);
    expect(await other.isHeld('b', 'run')).toBe(false);
    const left = () => Number(redis.server.command('PTTL', 'hr:{a}:run:run'));
    expect(left()).toBeLessThanOrEqual(45_000);
    redis.server.command('PEXPIRE', 'hr:{a}:run:run', '20000');
    await vi.waitFor(() => expect(left()).toBeGreaterThan(30_000), LONG);
    release();
    await vi.waitFor(async () => expect(await other.isHeld('a', 'run')).toBe(false), LONG);
  });

  test('count as held while the store is unavailable', async () => {
    const runs = jobRunsInRedis(redis.connections[0]);
    await redis.server.kill();
    await vi.waitUntil(() => !redis.connections[0].isUp, LONG);
    expect(await runs.isHeld('a', 'never held')).toBe(true);
    await redis.server.restart();
    for (const connection of redis.connections) await becomesUp(connection);
    expect(await runs.isHeld('a', 'never held')).toBe(false);
  });

  test('are unknown to a single process', async () => {
    expect(await jobRunsInMemory().isHeld('a', 'run')).toBeUndefined();
  });
});
