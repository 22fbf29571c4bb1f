import { type HeyReachClient, HeyReachError } from '../client/index.ts';
import { type Refusal, refuse } from './refusals.ts';

const KNOWN_MS = 600_000;
const ASK_MS = 5_000;
const MAX_KEYS = 10_000;

/**
 * Which keys HeyReach has accepted lately. A call with a made-up key costs its caller a refusal; a stream would stay open with it
 * and take the place of somebody who has one.
 */
export class KnownKeys {
  /** Fingerprints, the one that was found out first in front, with the moment of `performance.now()` until which it counts. */
  readonly #known = new Map<string, number>();

  /** @returns the refusal of a key that HeyReach does not take. Where it says neither yes nor no, the key is let pass. */
  async check({ fingerprint, auth }: HeyReachClient): Promise<Refusal | undefined> {
    const now = performance.now();
    if ((this.#known.get(fingerprint) ?? 0) > now) return undefined;
    try {
      await auth.checkApiKey({}, { deadline: Date.now() + ASK_MS, singleAttempt: true, background: true });
    } catch (error) {
      const isRefused = error instanceof HeyReachError && (error.status === 401 || error.status === 403);
      return isRefused ? UNKNOWN : undefined;
    }
    this.#known.delete(fingerprint);
    this.#known.set(fingerprint, now + KNOWN_MS);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_KEYS) break;
      this.#known.delete(oldest);
    }
    return undefined;
  }
}

const UNKNOWN = refuse(
  401,
  'unknown_key',
  'HeyReach does not take this key, so there is nothing to listen to. Keys are made in HeyReach under Settings, Integrations, HeyReach API.',
  { headers: { 'www-authenticate': 'Bearer realm="heyreach-mcp", error="invalid_token"' } },
);
