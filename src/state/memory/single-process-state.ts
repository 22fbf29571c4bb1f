import type { SharedChanges } from '../changes.ts';
import type { JobRuns } from '../job-runs.ts';
import type { KeyChecks } from '../key-checks.ts';
import type { PollTurns } from '../poll-turns.ts';

/** A single process has no other one to publish to or to hear. */
export function changesInMemory(): SharedChanges {
  return { publish() {}, subscribe: () => () => {} };
}

/** A single process knows its own runs. It does not know those of others. */
export function jobRunsInMemory(): JobRuns {
  return { hold: () => () => {}, isHeld: () => undefined };
}

/** No other process checks keys, and what this one finds out is in its cache. */
export function keyChecksInMemory(): KeyChecks {
  return { find: () => undefined, keep() {} };
}

/** A single process polls everything itself. */
export function pollTurnsInMemory(): PollTurns {
  return { take: () => true };
}
