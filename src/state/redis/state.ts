import type { SharedState } from '../shared-state.ts';
import { changesInRedis } from './changes.ts';
import { circuitsInRedis } from './circuits.ts';
import { confirmationsInRedis } from './confirmations.ts';
import type { RedisConnection } from './connection.ts';
import { jobRunsInRedis } from './job-runs.ts';
import { keyChecksInRedis } from './key-checks.ts';
import { permitsInRedis, type RedisPermitsOptions } from './permits.ts';
import { pollTurnsInRedis } from './poll-turns.ts';
import { sendsInRedis } from './sends.ts';

export { connect } from './connection.ts';

/** The state of all replicas that connect to one Redis. */
export function stateInRedis(connection: RedisConnection, options: RedisPermitsOptions): SharedState {
  return {
    permits: permitsInRedis(connection, options),
    circuits: circuitsInRedis(connection),
    sends: sendsInRedis(connection),
    confirmations: confirmationsInRedis(connection),
    changes: changesInRedis(connection),
    keyChecks: keyChecksInRedis(connection),
    jobRuns: jobRunsInRedis(connection),
    pollTurns: pollTurnsInRedis(connection),
  };
}
