import type { MaybePromise } from './maybe-promise.ts';

/** Which of the processes with the same subscriptions polls a target. */
export interface PollTurns {
  /**
   * Reserves the polls of a target for this process for `ms`, or extends that time. Never rejects: without an answer each
   * process polls for itself.
   * @param target a digest.
   * @returns false while another process polls the target. That process publishes the changes that it finds.
   */
  take(key: string, target: string, ms: number): MaybePromise<boolean>;
}
