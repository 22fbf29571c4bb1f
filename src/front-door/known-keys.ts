import { type HeyReachClient, HeyReachError } from '../client/index.ts';
import { type Refusal, refuse } from './refusals.ts';

const KNOWN_MS = 600_000;
/** A key may be mended. */
const UNKNOWN_MS = 30_000;
const ASK_MS = 5_000;
const MAX_KEYS = 10_000;

interface Answer {
  /** Of `performance.now()`. */
  until: number;
  found: Promise<Refusal | undefined>;
}

/**
 * Which keys HeyReach has accepted lately. A call with a made-up key costs its caller a refusal; a stream would stay open with it
 * and take the place of somebody who has one.
 */
export class KnownKeys {
  /** By fingerprint, the one that was asked about first in front. */
  readonly #answers = new Map<string, Answer>();

  /** @returns the refusal of a key that HeyReach does not take. Where it says neither yes nor no, the key is let pass. */
  check(client: HeyReachClient): Promise<Refusal | undefined> {
    const { fingerprint } = client;
    const known = this.#answers.get(fingerprint);
    if (known !== undefined && known.until > performance.now()) return known.found;
    const answer: Answer = { until: Number.POSITIVE_INFINITY, found: this.#ask(client) };
    this.#answers.delete(fingerprint);
    this.#answers.set(fingerprint, answer);
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MAX_KEYS) break;
      this.#answers.delete(oldest);
    }
    return answer.found;
  }

  async #ask({ fingerprint, auth }: HeyReachClient): Promise<Refusal | undefined> {
    const keepFor = (ms: number) => {
      const answer = this.#answers.get(fingerprint);
      if (answer !== undefined) answer.until = performance.now() + ms;
    };
    try {
      await auth.checkApiKey({}, { deadline: Date.now() + ASK_MS, singleAttempt: true, background: true });
      keepFor(KNOWN_MS);
      return undefined;
    } catch (error) {
      const isRefused = error instanceof HeyReachError && (error.status === 401 || error.status === 403);
      keepFor(isRefused ? UNKNOWN_MS : 0);
      return isRefused ? UNKNOWN : undefined;
    }
  }
}

const UNKNOWN = refuse(
  401,
  'unknown_key',
  'HeyReach does not take this key, so there is nothing to listen to. Keys are made in HeyReach under Settings, Integrations, HeyReach API.',
  { headers: { 'www-authenticate': 'Bearer realm="heyreach-mcp", error="invalid_token"' } },
);
