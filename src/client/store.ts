/**
 * State that several processes with one key have to agree on. In one process it is a few maps; the interface allows
 * promises so that a shared implementation can stand behind it.
 */
export interface SharedStore {
  /**
   * Takes one of `slots` starts in any rolling `windowMs` of the key.
   * @returns 0 when taken, else the milliseconds until one is free.
   */
  takeSlot(key: string, slots: number, windowMs: number): number | Promise<number>;
  /** Lets nothing of the key start before `until` (ms since the epoch); the latest moment asked for wins. */
  hold(key: string, until: number): void | Promise<void>;
  /** The moment until which the key is held; in the past when it is not. */
  heldUntil(key: string): number | Promise<number>;
  /** Forgets a key that has been idle. */
  forget(key: string): void | Promise<void>;
}

/** The store of a single process. */
export function createMemoryStore(): SharedStore {
  const starts = new Map<string, number[]>();
  const holds = new Map<string, number>();
  return {
    takeSlot(key, slots, windowMs) {
      const now = Date.now();
      const recent = (starts.get(key) ?? []).filter((at) => now - at < windowMs);
      starts.set(key, recent);
      if (recent.length >= slots) return recent[recent.length - slots]! + windowMs - now;
      recent.push(now);
      return 0;
    },
    hold(key, until) {
      holds.set(key, Math.max(until, holds.get(key) ?? 0));
    },
    heldUntil: (key) => holds.get(key) ?? 0,
    forget(key) {
      starts.delete(key);
      holds.delete(key);
    },
  };
}
