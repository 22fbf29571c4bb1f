import type { Permits } from '../../state/permits.ts';
import { RateLimiter, WINDOW_MS } from './rate-limiter.ts';

const FORGET_AFTER_MS = 600_000;
/** About a kilobyte each. The bound is for callers that invent a new key for each call. */
const MAX_LIMITERS = 10_000;
/** How many of the oldest limiters are checked for an empty window. */
const MAX_CHECKED = 100;

/**
 * The rate limiters of all keys in use. All transports, connections and tools share the limiter of a key. An own map and
 * not an LRU cache, because a limiter with waiting calls must never be evicted.
 */
export class RateLimiters {
  /** The limiter that was used last comes last. */
  readonly #limiters = new Map<string, RateLimiter>();
  readonly #permits: Permits;
  readonly #cap: number;
  readonly #windowMs: number | undefined;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(options: { permits: Permits; cap: number; windowMs?: number | undefined }) {
    this.#permits = options.permits;
    this.#cap = options.cap;
    this.#windowMs = options.windowMs;
  }

  /** @param fingerprint of the key. The key itself is not kept here. */
  get(fingerprint: string): RateLimiter {
    let limiter = this.#limiters.get(fingerprint);
    if (limiter === undefined) {
      const window = this.#windowMs === undefined ? {} : { windowMs: this.#windowMs };
      limiter = new RateLimiter({ key: fingerprint, permits: this.#permits, cap: this.#cap, ...window });
      if (this.#limiters.size >= MAX_LIMITERS) this.#evictOldest();
      this.#sweeper ??= setInterval(() => this.#sweep(), WINDOW_MS).unref();
    }
    this.#limiters.delete(fingerprint);
    this.#limiters.set(fingerprint, limiter);
    return limiter;
  }

  /** Waiting calls of all keys, and the share of its window that the busiest key has used. */
  snapshot(): { waiting: number; permitsUsed: number } {
    let waiting = 0;
    let permitsUsed = 0;
    for (const limiter of this.#limiters.values()) {
      waiting += limiter.waiting;
      permitsUsed = Math.max(permitsUsed, limiter.used);
    }
    return { waiting, permitsUsed };
  }

  /**
   * Evicts the oldest limiter without waiting calls, and prefers one with an empty window. The store keeps the starts and
   * holds of the key until they expire. A key that returns within its minute still keeps to its limit, but learns of a wait
   * later. If the store forgot the key too, that key would get a 429.
   */
  #evictOldest(): void {
    let oldest: string | undefined;
    let checked = 0;
    for (const [fingerprint, limiter] of this.#limiters) {
      if (limiter.waiting > 0) continue;
      oldest ??= fingerprint;
      checked += 1;
      if (limiter.used === 0) oldest = fingerprint;
      // Later limiters were used more recently. Checking all of them would cost more than they do.
      if (limiter.used === 0 || checked === MAX_CHECKED) break;
    }
    // If calls wait for every key, there are no more limiters than calls, and those are bounded elsewhere.
    if (oldest !== undefined) this.#limiters.delete(oldest);
  }

  #sweep(): void {
    const before = performance.now() - FORGET_AFTER_MS;
    for (const [fingerprint, limiter] of this.#limiters) {
      if (!limiter.isIdleSince(before)) continue;
      this.#limiters.delete(fingerprint);
      this.#permits.forget(fingerprint);
    }
    if (this.#limiters.size === 0) {
      clearInterval(this.#sweeper);
      this.#sweeper = undefined;
    }
  }
}
