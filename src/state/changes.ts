/** What another process has changed, may have changed, or found changed. It contains no name and no argument. */
export interface SharedChange {
  /** undefined for a change that a poll found. */
  tool: string | undefined;
  /** Digests of the URIs of the resources that became stale. */
  resources: readonly string[];
  /** The listings that became stale. */
  listings: readonly string[];
}

/** Gets the changes of one key by other processes. Neither method may throw. */
export interface ChangeSubscriber {
  changed(change: SharedChange): void;
  /** Changes may have been missed, so any resource may be stale. */
  missed(): void;
}

/** Tells the processes that share a state what calls change. A lost message is found by polling. */
export interface SharedChanges {
  /** Tells the other processes. Never rejects. @param describe is not called where there is no other process. */
  publish(key: string, describe: () => SharedChange): void;
  /** Follows the changes of a key that other processes make. @returns how to stop. */
  subscribe(key: string, subscriber: ChangeSubscriber): () => void;
}
