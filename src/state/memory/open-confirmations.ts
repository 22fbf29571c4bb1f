import { LRUCache } from 'lru-cache';
import { CONFIRMATION_KEPT_MS } from '../confirmation-store.ts';

/** A caller whose previews are never confirmed loses its own oldest confirmations, not those of others. */
const MAX_PER_OWNER = 200;
const MAX_IN_ALL = 20_000;

/** The signed proofs of the confirmations that this process showed, by their handle. */
export class OpenConfirmations {
  readonly #proofs: LRUCache<string, string>;
  readonly #handles = new LRUCache<string, string[]>({ max: MAX_IN_ALL });

  /** @param onDrop gets the handle of each proof that is not kept any longer. */
  constructor(onDrop: (id: string) => void) {
    // With any other resolution lru-cache waits for a timer before it reads the clock again.
    this.#proofs = new LRUCache({
      max: MAX_IN_ALL,
      ttl: CONFIRMATION_KEPT_MS,
      ttlResolution: 0,
      dispose: (_proof, id) => onDrop(id),
    });
  }

  keep(id: string, proof: string, owner: string): void {
    const handles = this.#handles.get(owner) ?? [];
    handles.push(id);
    if (handles.length > MAX_PER_OWNER) this.#proofs.delete(handles.shift()!);
    this.#handles.set(owner, handles);
    this.#proofs.set(id, proof);
  }

  find(id: string): string | undefined {
    return this.#proofs.get(id);
  }
}
