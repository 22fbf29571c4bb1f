import { Quota, WINDOW_MS } from './quota.ts';
import type { SharedStore } from './store.ts';

const FORGET_AFTER_MS = 600_000;

/** The quotas of all keys in use, one per key whatever the transport, connection or tool. */
export class Quotas {
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
      this.#quotas.set(fingerprint, quota);
      this.#sweeper ??= setInterval(() => this.#sweep(), WINDOW_MS).unref();
    }
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
