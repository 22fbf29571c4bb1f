import { randomUUID } from 'node:crypto';
import type { PollTurns } from '../poll-turns.ts';
import { type RedisConnection, script } from './connection.ts';

/** KEYS turns. ARGV process, ms. Returns 1 for the process that has them. */
const TAKE = script(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/** The turns of all replicas, each as a lease of its target. */
export function pollTurnsInRedis(connection: RedisConnection): PollTurns {
  const own = randomUUID();
  return {
    async take(key, target, ms) {
      const taken = await connection.run(TAKE, [`hr:{${key}}:poll:${target}`], [own, Math.ceil(ms)]).catch(() => 1);
      return Number(taken) === 1;
    },
  };
}
