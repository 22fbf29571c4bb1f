import { LRUCache } from 'lru-cache';
import type { Listed, ListingQuery } from './read-listing.ts';

/** From the start of a read. */
const LIFE_MS = 60_000;
/** From a failure: typing on does not repeat it. */
const FAILURE_MS = 10_000;
const MAX_LISTINGS = 1_000;
/** About 300 bytes each. */
const MAX_ROWS = 40_000;
/** The keys whose searches of the last minute are counted. */
const MAX_KEYS = 1_000;

interface CachedListing {
  fingerprint: string;
  query: ListingQuery;
  result: Promise<Listed>;
  /** The result, once it is there. */
  listed?: Listed;
}

/**
 * Keeps the listings of each key for a minute, and failed reads for ten seconds. Concurrent reads of the same listing share
 * one read. The numbers of listings and rows are bounded: the least recently used ones leave first.
 */
export class ListingCache {
  // lru-cache's own `fetch` does not show which listings are in flight, and `drop` has to find those too.
  readonly #listings: LRUCache<string, CachedListing>;
  readonly #searches: LRUCache<string, number[]>;
  readonly #now: () => number;

  /** @param now milliseconds of a monotonic clock, more than 0. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    // With any other resolution lru-cache waits for a timer before it reads the clock again.
    const clock = { ttl: LIFE_MS, ttlResolution: 0, perf: { now } };
    this.#searches = new LRUCache({ ...clock, max: MAX_KEYS });
    this.#listings = new LRUCache({
      ...clock,
      max: MAX_LISTINGS,
      maxSize: MAX_ROWS,
      sizeCalculation: ({ listed }) => Math.min(Math.max(1, listed?.rows.length ?? 1), MAX_ROWS),
    });
  }

  /** Returns the cached listing, or calls `read` and caches its result or failure. */
  read(fingerprint: string, query: ListingQuery, read: () => Promise<Listed>): Promise<Listed> {
    this.#listings.purgeStale();
    const id = idOf(fingerprint, query);
    const cached = this.#listings.get(id);
    if (cached !== undefined) return cached.result;
    const entry: CachedListing = { fingerprint, query, result: read() };
    this.#listings.set(id, entry);
    // An entry that was dropped or evicted meanwhile is not put back.
    const isCurrent = () => this.#listings.peek(id) === entry;
    entry.result.then(
      (listed) => isCurrent() && this.#listings.set(id, { ...entry, listed }, { noUpdateTTL: true }),
      () => isCurrent() && this.#listings.set(id, entry, { ttl: FAILURE_MS }),
    );
    return entry.result;
  }

  /** Whether a listing is cached or in flight. */
  has(fingerprint: string, query: ListingQuery): boolean {
    return this.#listings.has(idOf(fingerprint, query));
  }

  /** The listings of a key that were read within the last minute. */
  *known(fingerprint: string): Iterable<{ query: ListingQuery; listed: Listed }> {
    for (const { fingerprint: owner, query, listed } of this.#listings.values())
      if (owner === fingerprint && listed !== undefined) yield { query, listed };
  }

  /** Counts a search. @returns false where the key has used its searches of the last minute: it is not counted. */
  takeSearch(fingerprint: string, max: number): boolean {
    const now = this.#now();
    const recent = (this.#searches.get(fingerprint) ?? []).filter((at) => now - at < LIFE_MS);
    if (recent.length >= max) return false;
    this.#searches.set(fingerprint, [...recent, now]);
    return true;
  }

  /** Drops listings of a key that a change made stale. Callers that wait for one of them still get it. */
  drop(fingerprint: string, listings: readonly string[]): void {
    for (const [id, { fingerprint: owner, query }] of [...this.#listings.entries()])
      if (owner === fingerprint && listings.includes(query.listing)) this.#listings.delete(id);
  }

  /** How much is cached. */
  get size(): { listings: number; rows: number; keysWithSearches: number } {
    const rows = [...this.#listings.values()].reduce((sum, { listed }) => sum + (listed?.rows.length ?? 0), 0);
    return { listings: this.#listings.size, rows, keysWithSearches: this.#searches.size };
  }
}

function idOf(fingerprint: string, { listing, accountId, keyword }: ListingQuery): string {
  return JSON.stringify([fingerprint, listing, accountId, keyword?.toLowerCase()]);
}
