import type { MaybePromise } from './maybe-promise.ts';

/** Which runs of jobs go on, so that a process of another machine sees that one has ended. Never rejects. */
export interface JobRuns {
  /** Says that a run of this process goes on, until it is released or the process ends. @returns how to release it. */
  hold(key: string, run: string): () => void;
  /** Whether a process holds the run, also where the store cannot tell. undefined without shared state. */
  isHeld(key: string, run: string): MaybePromise<boolean | undefined>;
}
