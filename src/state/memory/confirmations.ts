import type { ConfirmationStore } from '../confirmation-store.ts';
import { OpenConfirmations } from './open-confirmations.ts';

/** How many new marks trigger a sweep of expired ones. */
const SWEEP_EVERY = 1_000;

/**
 * The proofs in the memory of this process.
 * @param onDrop gets the handle of each proof that is not kept any longer.
 */
export function proofsInMemory(onDrop: (id: string) => void = () => {}): Pick<ConfirmationStore, 'keep' | 'find'> {
  let open: OpenConfirmations | undefined;
  return {
    async keep({ id, kind, proof, owner }) {
      if (kind !== 'token') return;
      open ??= new OpenConfirmations(onDrop);
      open.keep(id, proof, owner);
    },
    find: async (id) => open?.find(id),
  };
}

/** The confirmations of a single process. They end with it, and so does the key that signs them. */
export function confirmationsInMemory(): ConfirmationStore {
  /** When the mark of a used confirmation ends, by its id. */
  const used = new Map<string, number>();
  let added = 0;
  const sweep = () => {
    added += 1;
    if (added < SWEEP_EVERY) return;
    added = 0;
    for (const [id, until] of used) if (until <= Date.now()) used.delete(id);
  };
  const isUsed = (id: string) => (used.get(id) ?? 0) > Date.now();
  return {
    ...proofsInMemory(),
    stateOf: (id) => (isUsed(id) ? 'used' : 'open'),
    markUsed(id, ttlMs) {
      if (isUsed(id)) return false;
      sweep();
      used.set(id, Date.now() + ttlMs);
      return true;
    },
  };
}
