import type { MaybePromise } from './maybe-promise.ts';

/** Whether HeyReach accepts a key, and for how long that counts. */
export interface KeyCheck {
  isAccepted: boolean;
  ms: number;
}

/** What other processes found out about keys, by fingerprint. Never rejects: without an answer a process checks by itself. */
export interface KeyChecks {
  find(key: string): MaybePromise<KeyCheck | undefined>;
  keep(key: string, check: KeyCheck): MaybePromise<void>;
}
