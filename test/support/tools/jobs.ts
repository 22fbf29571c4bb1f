import type { JobHost } from '../../../src/mcp/services/job-host.ts';
import type { JobRuns } from '../../../src/state/job-runs.ts';
import { jobRunsInMemory } from '../../../src/state/memory/single-process-state.ts';
import { type JobStore, jobsInMemory } from '../../../src/workflows/jobs/job-store.ts';
import { Jobs } from '../../../src/workflows/jobs/jobs.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };

/** The jobs of a test process. @param running the processes that run. */
export function startJobs(
  store: JobStore = jobsInMemory(),
  {
    pid = 1,
    replica,
    running = [1],
    runs = jobRunsInMemory(),
    isOffered = true,
  }: { pid?: number; replica?: string; running?: number[]; runs?: JobRuns; isOffered?: boolean } = {},
): Jobs {
  const identity = { pid, replica, isRunning: (other: number) => running.includes(other) };
  return new Jobs({ store, identity, runs, log, isOffered });
}

/** Jobs that no caller sees: work ends with its call, as with a hidden get_job. */
export const hiddenJobs: JobHost = startJobs(jobsInMemory(), { isOffered: false });
