import type { SharedState } from '../shared-state.ts';
import { changesInMemory } from './changes.ts';
import { confirmationsInMemory } from './confirmations.ts';
import { jobRunsInMemory } from './job-runs.ts';
import { keyChecksInMemory } from './key-checks.ts';
import { permitsInMemory } from './permits.ts';
import { pollTurnsInMemory } from './poll-turns.ts';
import { sendsInMemory } from './sends.ts';

/** The state of a single process. It ends with it. */
export function stateInMemory(): SharedState {
  return {
    permits: permitsInMemory(),
    circuits: undefined,
    sends: sendsInMemory(),
    confirmations: confirmationsInMemory(),
    changes: changesInMemory(),
    keyChecks: keyChecksInMemory(),
    jobRuns: jobRunsInMemory(),
    pollTurns: pollTurnsInMemory(),
  };
}
