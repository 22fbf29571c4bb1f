/** A call that has changed something at HeyReach, or may have. */
export interface Change {
  /** Fingerprint of the key. */
  key: string;
  tool: string;
  input: Readonly<Record<string, unknown>>;
}

/** Tells what this server changes to whoever keeps something of it. */
export class Changes {
  readonly #listeners = new Set<(change: Change) => void>();

  /** @returns how to be told no more. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }
}
