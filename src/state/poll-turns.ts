import type { Answer } from './answer.ts';

/** Which of the processes with the same subscriptions polls a target. */
export interface PollTurns {
  /**
   * Takes the turns of a target for `ms`, or keeps them. Never rejects: without an answer each process polls for itself.
   * @param target a digest.
   * @returns false while another process has them. It then tells of what it finds.
   */
  take(key: string, target: string, ms: number): Answer<boolean>;
}
