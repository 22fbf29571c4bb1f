import { Quota, WINDOW_MS } from './quota.ts';
import type { SharedStore } from './store.ts';

const FORGET_AFTER_MS = 600_000;
/** About a kilobyte each. Whoever makes up keys gets no further. */
const MAX_QUOTAS = 10_000;
/** So many of the oldest are looked at for one that has nothing in its window. */
const LOOK_AT = 100;

/** The quotas of all keys in use, one per key whatever the transport, connection or tool. */
export class Quotas {
  /** Those used last stand last. */
  readonly #quotas = new Map<string, Quota>();
  readonly #store: SharedStore;
  readonly #cap: number;
  readonly #windowMs: number | undefined;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(options: { store: SharedStore; cap: number; windowMs?: number | undefined }) {
    this.#store = options.store;
    this.#cap = options.cap;
    this.#windowMs = options.windowMs;
  }

  /** @param fingerprint of the key; the key itself is not kept here. */
  of(fingerprint: string): Quota {
    let quota = this.#quotas.get(fingerprint);
    if (quota === undefined) {
      const window = this.#windowMs === undefined ? {} : { windowMs: this.#windowMs };
      quota = new Quota({ key: fingerprint, store: this.#store, cap: this.#cap, ...window });
      if (this.#quotas.size >= MAX_QUOTAS) this.#makeRoom();
      this.#sweeper ??= setInterval(() => this.#sweep(), WINDOW_MS).unref();
    }
    this.#quotas.delete(fingerprint);
    this.#quotas.set(fingerprint, quota);
    return quota;
  }

  /** Calls that wait, of all keys, and the share of its window that the busiest key has used. */
  snapshot(): { waiting: number; quotaUsed: number } {
    let waiting = 0;
    let quotaUsed = 0;
    for (const quota of this.#quotas.values()) {
      waiting += quota.waiting;
      quotaUsed = Math.max(quotaUsed, quota.used);
    }
    return { waiting, quotaUsed };
  }

  /**
   * Forgets the quota that was used longest ago, of those with nothing waiting and nothing in their window if there is one.
   * The store is not told: it knows for itself what was started and held, and lets go of it once that does not count any
   * more. So a key that comes back within its minute keeps to its limit; it only hears of a wait later than it could have. A
   * store that forgot it would cost a 429 of that key's own.
   */
  #makeRoom(): void {
    let oldest: string | undefined;
    let looked = 0;
    for (const [fingerprint, quota] of this.#quotas) {
      if (quota.waiting > 0) continue;
      oldest ??= fingerprint;
      looked += 1;
      if (quota.used === 0) oldest = fingerprint;
      // Those behind were used later still, and a look at all of them would cost more than they do.
      if (quota.used === 0 || looked === LOOK_AT) break;
    }
    // Where something waits for each key there are no more quotas than calls, which others bound.
    if (oldest !== undefined) this.#quotas.delete(oldest);
  }

  #sweep(): void {
    const before = performance.now() - FORGET_AFTER_MS;
    for (const [fingerprint, quota] of this.#quotas) {
      if (!quota.isIdleSince(before)) continue;
      this.#quotas.delete(fingerprint);
      void this.#store.forget(fingerprint);
    }
    if (this.#quotas.size === 0) {
      clearInterval(this.#sweeper);
      this.#sweeper = undefined;
    }
  }
}
