import type { SharedChanges } from '../changes.ts';

/** A single process has no other one to tell or to hear. */
export function changesInMemory(): SharedChanges {
  return { publish() {}, subscribe: () => () => {} };
}
