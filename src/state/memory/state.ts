import type { SharedState } from '../shared-state.ts';
import { confirmationsInMemory } from './confirmations.ts';
import { permitsInMemory } from './permits.ts';
import { sendsInMemory } from './sends.ts';
import { changesInMemory, jobRunsInMemory, keyChecksInMemory, pollTurnsInMemory } from './single-process-state.ts';

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
