import type { KeyChecks } from '../key-checks.ts';
import { type RedisConnection, script } from './connection.ts';

/** KEYS check. Returns its value and its milliseconds. */
const FIND = script(`return { redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1]) }`);

/** The checks of all replicas: `1` for an accepted key, `0` for a rejected one. */
export function keyChecksInRedis(connection: RedisConnection): KeyChecks {
  const keyOf = (key: string) => `hr:{${key}}:checked`;
  return {
    async find(key) {
      const answer = await connection.run(FIND, [keyOf(key)], []).catch(() => [null, 0]);
      const [value, ms] = answer as [string | null, number];
      return value === null || ms <= 0 ? undefined : { isAccepted: value === '1', ms };
    },
    async keep(key, { isAccepted, ms }) {
      await connection.command('SET', keyOf(key), isAccepted ? 1 : 0, 'PX', ms).catch(() => {});
    },
  };
}
