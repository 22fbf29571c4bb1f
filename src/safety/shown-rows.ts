import { LRUCache } from 'lru-cache';
import { CONFIRMATION_KEPT_MS } from '../state/confirmation-store.ts';

/** The most memory that the rows of all confirmations may take, as UTF-8 JSON. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Counted for each entry besides its rows. */
const ENTRY_BYTES = 200;

/** Whose rows they are: no other caller and no other tool gets them. */
export interface RowsOwner {
  key: string;
  tool: string;
}

/**
 * The rows of confirmations that this process showed, so that the confirmed call can omit them. When the memory is full, the
 * least recently used rows are dropped, and the call must bring its rows again.
 */
export class ShownRows {
  readonly #maxBytes: number;
  #entries: LRUCache<string, { owner: RowsOwner; json: Buffer }> | undefined;

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes;
  }

  keep(handle: string, owner: RowsOwner, rows: unknown): void {
    this.#entries ??= new LRUCache({
      maxSize: this.#maxBytes,
      sizeCalculation: ({ json }) => json.length + ENTRY_BYTES,
      ttl: CONFIRMATION_KEPT_MS,
      ttlResolution: 0,
    });
    // As JSON the rows have an exact size, and later changes of the arguments cannot reach them.
    this.#entries.set(handle, { owner, json: Buffer.from(JSON.stringify(rows)) });
  }

  /** @returns undefined where this process has no rows of this owner under the handle. */
  find(handle: string, { key, tool }: RowsOwner): unknown {
    const entry = this.#entries?.get(handle);
    if (entry === undefined || entry.owner.key !== key || entry.owner.tool !== tool) return undefined;
    return JSON.parse(entry.json.toString());
  }

  drop(handle: string): void {
    this.#entries?.delete(handle);
  }
}
