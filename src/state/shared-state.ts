import type { SharedChanges } from './changes.ts';
import type { SharedCircuits } from './circuits.ts';
import type { ConfirmationStore } from './confirmation-store.ts';
import type { JobRuns } from './job-runs.ts';
import type { KeyChecks } from './key-checks.ts';
import type { Permits } from './permits.ts';
import type { PollTurns } from './poll-turns.ts';
import type { Sends } from './sends.ts';

/** The state that processes with the same keys share. In memory, it is the state of one process. */
export interface SharedState {
  permits: Permits;
  /** Undefined in a single process, which knows all its circuits. */
  circuits: SharedCircuits | undefined;
  sends: Sends;
  confirmations: ConfirmationStore;
  changes: SharedChanges;
  keyChecks: KeyChecks;
  jobRuns: JobRuns;
  pollTurns: PollTurns;
}
