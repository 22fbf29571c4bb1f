/**
 * State that several processes with one key have to agree on. In one process it is a few maps; the interface allows
 * promises so that a shared implementation can stand behind it.
 */
export interface SharedStore {
  /**
   * Takes one of `slots` starts in any rolling `windowMs` of the key.
   * @returns 0 when taken, else the milliseconds until one is free; infinity where there are none at all.
   */
  takeSlot(key: string, slots: number, windowMs: number): number | Promise<number>;
  /** The milliseconds until a slot is free, without taking it. */
  nextSlot(key: string, slots: number, windowMs: number): number | Promise<number>;
  /** Gives back a slot whose work was not done after all. @param since ms since the epoch, just before it was taken. */
  returnSlot(key: string, since: number): void | Promise<void>;
  /** Lets nothing of the key start before `until` (ms since the epoch); the latest moment asked for wins. */
  hold(key: string, until: number): void | Promise<void>;
  /** The moment until which the key is held; in the past when it is not. */
  heldUntil(key: string): number | Promise<number>;
  /** Forgets a key that has been idle; of others it lets go by itself once nothing of theirs counts any more. */
  forget(key: string): void | Promise<void>;
  /** @returns true for the first who claims a name, false for all others until it is released or `ttlMs` have passed. */
  claim(name: string, ttlMs: number): boolean | Promise<boolean>;
  release(name: string): void | Promise<void>;
  /** Keeps a value under a name for so long; a later one replaces it. */
  remember(name: string, value: string, ttlMs: number): void | Promise<void>;
  recall(name: string): string | undefined | Promise<string | undefined>;
}

/** What has expired is swept out when so many entries have come since the last time. */
const SWEEP_EVERY = 1_000;

/** A moment read on both clocks is the same to within so much. */
const TICK_MS = 2;

/**
 * The store of a single process. Starts and holds are kept on the clock of `performance.now()`: an hour's step of the
 * system clock must neither stop a key for an hour nor empty its window.
 */
export function createMemoryStore(): SharedStore {
  const starts = new Map<string, { at: number[]; windowMs: number }>();
  const holds = new Map<string, number>();
  const notes = new Map<string, { value: string; until: number }>();
  let added = 0;

  const sweep = () => {
    added += 1;
    if (added < SWEEP_EVERY) return;
    added = 0;
    const now = Date.now();
    for (const [name, { until }] of notes) if (until <= now) notes.delete(name);
    for (const [key, { at, windowMs }] of starts) {
      if (performance.now() - (at.at(-1) ?? Number.NEGATIVE_INFINITY) >= windowMs) starts.delete(key);
    }
    for (const [key, until] of holds) if (until <= performance.now()) holds.delete(key);
  };
  const recent = (key: string, windowMs: number, now: number) => {
    const { at = [] } = starts.get(key) ?? {};
    const first = at.findIndex((start) => now - start < windowMs);
    if (first !== 0) at.splice(0, first === -1 ? at.length : first);
    return at;
  };
  const waitFor = (at: readonly number[], slots: number, windowMs: number, now: number) => {
    if (slots === 0) return Number.POSITIVE_INFINITY;
    return at.length >= slots ? at[at.length - slots]! + windowMs - now : 0;
  };
  const note = (name: string) => {
    const found = notes.get(name);
    return found === undefined || found.until <= Date.now() ? undefined : found.value;
  };

  return {
    takeSlot(key, slots, windowMs) {
      sweep();
      const now = performance.now();
      const at = recent(key, windowMs, now);
      starts.set(key, { at, windowMs });
      const wait = waitFor(at, slots, windowMs, now);
      if (wait === 0) at.push(now);
      return wait;
    },
    nextSlot(key, slots, windowMs) {
      const now = performance.now();
      return waitFor(recent(key, windowMs, now), slots, windowMs, now);
    },
    returnSlot(key, since) {
      const { at = [] } = starts.get(key) ?? {};
      const from = performance.now() - (Date.now() - since) - TICK_MS;
      const own = at.findIndex((start) => start >= from);
      if (own !== -1) at.splice(own, 1);
    },
    hold(key, until) {
      const at = performance.now() + until - Date.now();
      holds.set(key, Math.max(at, holds.get(key) ?? 0));
    },
    heldUntil(key) {
      const at = holds.get(key);
      return at === undefined ? 0 : Date.now() + at - performance.now();
    },
    forget(key) {
      starts.delete(key);
      holds.delete(key);
    },
    claim(name, ttlMs) {
      sweep();
      if (note(name) !== undefined) return false;
      notes.set(name, { value: '', until: Date.now() + ttlMs });
      return true;
    },
    release(name) {
      notes.delete(name);
    },
    remember(name, value, ttlMs) {
      sweep();
      notes.set(name, { value, until: Date.now() + ttlMs });
    },
    recall: note,
  };
}
