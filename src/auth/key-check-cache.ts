import { LRUCache } from 'lru-cache';
import { type HeyReachClient, HeyReachError } from '../client/index.ts';
import { type HttpError, httpError, retryLater } from '../lib/http-error.ts';
import type { KeyCheck, KeyChecks } from '../state/key-checks.ts';

const VALID_FOR_MS = 600_000;
/** A key can be reactivated in HeyReach. */
const INVALID_FOR_MS = 30_000;
const CHECK_TIMEOUT_MS = 5_000;
const MAX_KEYS = 10_000;

/** HeyReach accepted the key if there is no error. */
interface CheckResult {
  error?: HttpError;
}

/** Caches which keys HeyReach accepts, by fingerprint. Concurrent checks of the same key share one request. */
export class KeyCheckCache {
  readonly #results = new LRUCache<string, CheckResult, HeyReachClient>({
    max: MAX_KEYS,
    ttl: VALID_FOR_MS,
    // Looked up at each call, since tests replace the clock.
    perf: { now: () => performance.now() },
    // An evicted check still has callers that wait for its result.
    ignoreFetchAbort: true,
    fetchMethod: async (fingerprint, _stale, { options, context: client }) => {
      const check = (await this.#shared.find(fingerprint)) ?? (await this.#check(client));
      options.ttl = check?.ms ?? VALID_FOR_MS;
      return check && (check.isAccepted ? {} : { error: INVALID_KEY });
    },
  });
  readonly #shared: KeyChecks;

  /** @param shared what other processes found out. */
  constructor(shared: KeyChecks) {
    this.#shared = shared;
  }

  /** @returns the rejection of a key that HeyReach does not accept, or `UNCHECKED_KEY` after a check without a clear result. */
  async validate(client: HeyReachClient): Promise<HttpError | undefined> {
    const result = await this.#results.fetch(client.fingerprint, { context: client });
    return result === undefined ? UNCHECKED_KEY : result.error;
  }

  async #check(client: HeyReachClient): Promise<KeyCheck | undefined> {
    const check = await checkKey(client);
    if (check !== undefined) await this.#shared.keep(client.fingerprint, check);
    return check;
  }
}

/** @returns undefined, which is not cached, where HeyReach neither accepted nor rejected the key. */
async function checkKey({ auth }: HeyReachClient): Promise<KeyCheck | undefined> {
  try {
    await auth.checkApiKey({}, { deadline: Date.now() + CHECK_TIMEOUT_MS, singleAttempt: true, background: true });
    return { isAccepted: true, ms: VALID_FOR_MS };
  } catch (error) {
    const isRejected = error instanceof HeyReachError && (error.status === 401 || error.status === 403);
    return isRejected ? { isAccepted: false, ms: INVALID_FOR_MS } : undefined;
  }
}

const INVALID_KEY = httpError(
  401,
  'unknown_key',
  'HeyReach rejects this key. Nothing was done. Create a key in HeyReach under Settings, Integrations, HeyReach API.',
  { headers: { 'www-authenticate': 'Bearer realm="heyreach-mcp", error="invalid_token"' } },
);
/** HeyReach neither accepted nor rejected the key. */
export const UNCHECKED_KEY = retryLater(
  503,
  'unchecked_key',
  'HeyReach did not answer whether it accepts this key. Nothing was done. Retry the request later.',
  10,
);
