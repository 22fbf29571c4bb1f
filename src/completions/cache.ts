import type { Listed } from './listings.ts';

/** So long what was read is taken for true, and a failure for one that would come again. */
const LIFE_MS = 60_000;
const FAILURE_MS = 10_000;
const MOST_KEYS = 1_000;
/** Some 300 bytes each. */
const MOST_ROWS = 40_000;

interface Kept {
  listed: Promise<Listed>;
  /** Once it has been read. */
  value?: Listed;
  /** Until then it is not read again; without end while it is being read. */
  until: number;
}

interface OfKey {
  kept: Map<string, Kept>;
  /** When a read of it was last begun. */
  begunAt: number;
  /** When searches of the last minute were made. */
  searches: number[];
}

/**
 * Keeps what was read for a minute, for each key by a name, and never the same twice at a time. Bounded without timers: what
 * is old is let go as others come, and past a number of rows or keys whoever read longest ago.
 */
export class CompletionCache {
  /** Whoever read last stands last. */
  readonly #keys = new Map<string, OfKey>();
  #rows = 0;

  /** @param now ms by a clock that nobody sets. */
  constructor(readonly now: () => number = () => performance.now()) {}

  /** @param read is called unless it was a moment ago; its failure is kept, too, so that typing on does not repeat it. */
  read(key: string, name: string, read: () => Promise<Listed>): Promise<Listed> {
    const found = this.#keys.get(key)?.kept.get(name);
    if (found !== undefined && this.has(key, name)) return found.listed;
    const now = this.now();
    const of = this.#touch(key, now);
    this.#forget(of, name);
    const kept: Kept = { listed: read(), until: Number.POSITIVE_INFINITY };
    of.kept.set(name, kept);
    kept.listed.then(
      (value) => {
        kept.until = now + LIFE_MS;
        // What was dropped meanwhile is not counted.
        if (this.#keys.get(key) !== of || of.kept.get(name) !== kept) return;
        kept.value = value;
        this.#rows += value.rows.length;
        this.#trim();
      },
      () => {
        kept.until = this.now() + FAILURE_MS;
      },
    );
    return kept.listed;
  }

  /** Whether a read of it would be no new one. */
  has(key: string, name: string): boolean {
    const found = this.#keys.get(key)?.kept.get(name);
    return found !== undefined && this.now() < found.until;
  }

  /** What is known of a key, by name. */
  *known(key: string): Iterable<[name: string, listed: Listed]> {
    const now = this.now();
    for (const [name, { value, until }] of this.#keys.get(key)?.kept ?? []) {
      if (value !== undefined && now < until) yield [name, value];
    }
  }

  /** Counts a search, unless the key has had its number of this minute. @returns whether it may be made. */
  takeSearch(key: string, most: number): boolean {
    const now = this.now();
    const of = this.#touch(key, now);
    of.searches = of.searches.filter((at) => now - at < LIFE_MS);
    if (of.searches.length >= most) return false;
    of.searches.push(now);
    return true;
  }

  /** Lets go of what has become untrue. Who waits for it gets it all the same: they asked before. */
  drop(key: string, isStale: (name: string) => boolean): void {
    const of = this.#keys.get(key);
    for (const name of [...(of?.kept.keys() ?? [])]) if (isStale(name)) this.#forget(of!, name);
  }

  /** How much is kept. */
  get size(): { keys: number; rows: number } {
    return { keys: this.#keys.size, rows: this.#rows };
  }

  #touch(key: string, now: number): OfKey {
    this.#sweep(now);
    const of = this.#keys.get(key) ?? { kept: new Map(), begunAt: now, searches: [] };
    of.begunAt = now;
    this.#keys.delete(key);
    this.#keys.set(key, of);
    this.#trim();
    return of;
  }

  #sweep(now: number): void {
    for (const [key, { begunAt }] of this.#keys) {
      if (now - begunAt < LIFE_MS) break;
      this.#leave(key);
    }
  }

  #trim(): void {
    for (const key of this.#keys.keys()) {
      if (this.#keys.size <= 1 || (this.#keys.size <= MOST_KEYS && this.#rows <= MOST_ROWS)) break;
      this.#leave(key);
    }
  }

  #leave(key: string): void {
    const of = this.#keys.get(key)!;
    for (const name of [...of.kept.keys()]) this.#forget(of, name);
    this.#keys.delete(key);
  }

  #forget(of: OfKey, name: string): void {
    this.#rows -= of.kept.get(name)?.value?.rows.length ?? 0;
    of.kept.delete(name);
  }
}
