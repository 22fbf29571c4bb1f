import type { SharedChange, SharedChanges } from '../../state/changes.ts';

/** A call that has or may have changed something at HeyReach. */
export interface Change {
  /** Fingerprint of the key. */
  key: string;
  tool: string;
  input: Readonly<Record<string, unknown>>;
}

/** A change by another process. */
export interface RemoteChange {
  key: string;
  /** undefined where changes may have been missed: then anything of the key may have changed. */
  change: SharedChange | undefined;
}

interface SharedOptions {
  state: SharedChanges;
  /** The message of a change to other processes. */
  describe(change: Change): SharedChange;
}

/**
 * Notifies caches and subscriptions of the changes that this server makes, and of those that other processes with the same
 * state make.
 */
export class ChangeEvents {
  readonly #shared: SharedOptions | undefined;
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #remoteListeners = new Set<(change: RemoteChange) => void>();
  /** Until when a cache follows a key, on the clock of `performance.now()`. */
  readonly #followed = new Map<string, { until: number }>();

  constructor(shared?: SharedOptions) {
    this.#shared = shared;
  }

  /** @returns how to stop listening. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Listens to the changes by other processes, of the keys that are followed. */
  listenRemote(listener: (change: RemoteChange) => void): void {
    this.#remoteListeners.add(listener);
  }

  emit(change: Change): void {
    for (const listener of this.#listeners) listener(change);
    this.#shared?.state.publish(change.key, () => this.#shared!.describe(change));
  }

  /** Publishes to other processes that a poll found a resource changed. @param resource the digest of its URI. */
  announce(key: string, resource: string): void {
    this.#shared?.state.publish(key, () => ({ tool: undefined, resources: [resource], listings: [] }));
  }

  /** Follows what other processes change with a key. @returns how to stop. */
  follow(key: string): () => void {
    const emitRemote = (change: SharedChange | undefined) => {
      for (const listener of this.#remoteListeners) listener({ key, change });
    };
    return (
      this.#shared?.state.subscribe(key, { changed: emitRemote, missed: () => emitRemote(undefined) }) ?? (() => {})
    );
  }

  /** Follows a key for at least `ms` from now, as long as a cache keeps what it reads now. */
  followFor(key: string, ms: number): void {
    if (this.#shared === undefined) return;
    const until = performance.now() + ms;
    const followed = this.#followed.get(key);
    if (followed !== undefined) {
      followed.until = Math.max(followed.until, until);
      return;
    }
    const stop = this.follow(key);
    const entry = { until };
    this.#followed.set(key, entry);
    const endLater = () => {
      setTimeout(() => {
        if (entry.until > performance.now()) return endLater();
        this.#followed.delete(key);
        stop();
      }, entry.until - performance.now()).unref();
    };
    endLater();
  }
}
