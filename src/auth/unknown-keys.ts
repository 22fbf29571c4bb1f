import { type HttpError, retryLater } from '../lib/http-error.ts';

/** How many keys that HeyReach has not accepted may be tried in any minute. */
export const UNKNOWN_KEYS = { perAddress: 100, all: 400 };
const WINDOW_MS = 60_000;
const RETRY_SECONDS = 10;

/**
 * Bounds the keys that HeyReach has not accepted. Each invented key is a caller of its own, so the limits per caller do not
 * bound them. Without this bound the server would test keys for any client. A key that HeyReach accepts does not count.
 */
export class UnknownKeys {
  readonly #isAccepted: (fingerprint: string) => boolean;
  /** By fingerprint, in the order of their first request. */
  readonly #tried = new Map<string, { address: string; at: number }>();

  constructor(isAccepted: (fingerprint: string) => boolean) {
    this.#isAccepted = isAccepted;
  }

  /** Whether HeyReach has accepted the key. */
  isAccepted(fingerprint: string): boolean {
    return this.#isAccepted(fingerprint);
  }

  /** Counts a key that HeyReach has not accepted. @returns the rejection of one key too many. */
  tryKey(fingerprint: string, address: string): HttpError | undefined {
    this.#forget();
    if (this.#tried.has(fingerprint)) return undefined;
    let own = 0;
    for (const tried of this.#tried.values()) if (tried.address === address) own += 1;
    if (own >= UNKNOWN_KEYS.perAddress) return TOO_MANY_OF_ADDRESS;
    if (this.#tried.size >= UNKNOWN_KEYS.all) return TOO_MANY;
    this.#tried.set(fingerprint, { address, at: performance.now() });
    return undefined;
  }

  #forget(): void {
    const oldest = performance.now() - WINDOW_MS;
    for (const [fingerprint, { at }] of this.#tried) {
      if (at < oldest || this.#isAccepted(fingerprint)) this.#tried.delete(fingerprint);
    }
  }
}

const TOO_MANY_OF_ADDRESS = retryLater(
  429,
  'unknown_keys',
  `Your address sent ${UNKNOWN_KEYS.perAddress} keys in a minute that HeyReach has not accepted. Nothing was done. Check the key, and retry later.`,
  RETRY_SECONDS,
);
const TOO_MANY = retryLater(
  503,
  'unknown_keys',
  'The server received too many keys that HeyReach has not accepted. Nothing was done. Retry the request later.',
  RETRY_SECONDS,
);
