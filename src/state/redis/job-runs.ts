import type { JobRuns } from '../job-runs.ts';
import type { RedisConnection } from './connection.ts';

/** A run is held this long after its process last said so. */
const LEASE_MS = 45_000;
const RENEW_MS = 10_000;

/** The runs of all replicas, each as a lease that its process renews. */
export function jobRunsInRedis(connection: RedisConnection): JobRuns {
  const keyOf = (key: string, run: string) => `hr:{${key}}:run:${run}`;
  return {
    hold(key, run) {
      const renew = () => {
        connection.command('SET', keyOf(key, run), 1, 'PX', LEASE_MS).catch(() => {
          // The next renewal tries again.
        });
      };
      renew();
      const timer = setInterval(renew, RENEW_MS).unref();
      return () => {
        clearInterval(timer);
        connection.command('DEL', keyOf(key, run)).catch(() => {
          // The lease lapses by itself.
        });
      };
    },
    async isHeld(key, run) {
      try {
        return Number(await connection.command('EXISTS', keyOf(key, run))) === 1;
      } catch {
        // Another process must not continue a run that may go on.
        return true;
      }
    },
  };
}
