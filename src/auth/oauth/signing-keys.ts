import { isLoopback } from '../../lib/hostnames.ts';
import { isRecord } from '../../lib/json.ts';

/** How long keys are used before they are read again. */
const FRESH_MS = 600_000;
/** A key that is not known leads to a request to the issuer at most this often. */
const COOLDOWN_MS = 30_000;
/** After a failure the server waits this long before its next request to the issuer. */
const RETRY_MS = 5_000;
/** For the metadata and the keys together. */
const TIMEOUT_MS = 5_000;

/** An access token is not accepted. The message says why, as the end of a sentence, without a part of the token. */
export class InvalidToken extends Error {}

/** The issuer did not answer with its keys. */
export class IssuerUnavailable extends Error {}

/** Where keys come from, and how they are read. */
export interface SigningKeysOptions<Keys> {
  issuer: string;
  /** @throws Error for a document that is no set of keys. */
  parse(document: unknown): Keys;
  /** Gets why the keys could not be read. */
  onFailure(reason: string): void;
  timeoutMs?: number;
}

/**
 * The public keys of an issuer, found by its metadata. Known keys stay in use while the issuer does not answer. A token with
 * another key is then neither accepted nor rejected.
 */
export class SigningKeys<Keys> {
  readonly #options: SigningKeysOptions<Keys>;
  #known: { keys: Keys; at: number } | undefined;
  #failedAt: number | undefined;
  #reading: Promise<Keys> | undefined;

  constructor(options: SigningKeysOptions<Keys>) {
    this.#options = options;
  }

  /** Reads the keys, so that a wrong issuer shows in the log before the first caller comes. */
  async warmUp(): Promise<void> {
    await this.#read().catch(() => {});
  }

  /**
   * Finds a key by `lookup`, which returns undefined where a set does not have it.
   * @throws IssuerUnavailable where the key is not known, and the issuer does not answer.
   * @throws InvalidToken where the issuer does not have the key.
   */
  async find<Key>(lookup: (keys: Keys) => Promise<Key | undefined>): Promise<Key> {
    const known = this.#known;
    const age = known === undefined ? Number.POSITIVE_INFINITY : performance.now() - known.at;
    let key = known && (await lookup(known.keys));
    if (key !== undefined) {
      if (age >= FRESH_MS) void this.#read().catch(() => {});
      return key;
    }
    if (age >= COOLDOWN_MS) key = await lookup(await this.#read());
    if (key === undefined) throw new InvalidToken('the issuer has no key with the key id (kid) of the token');
    return key;
  }

  /** Reads the keys. Concurrent calls share one request. */
  #read(): Promise<Keys> {
    if (this.#failedAt !== undefined && performance.now() - this.#failedAt < RETRY_MS) {
      return Promise.reject(new IssuerUnavailable());
    }
    this.#reading ??= this.#readNow().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readNow(): Promise<Keys> {
    const { issuer, parse, onFailure, timeoutMs = TIMEOUT_MS } = this.#options;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const keys = parse(await readJson(await findKeysUrl(issuer, signal), signal));
      this.#known = { keys, at: performance.now() };
      this.#failedAt = undefined;
      return keys;
    } catch (error) {
      this.#failedAt = performance.now();
      onFailure(error instanceof Error ? error.message : String(error));
      throw new IssuerUnavailable();
    }
  }
}

/** Finds `jwks_uri` in the metadata of the issuer: of OpenID Connect, then of RFC 8414. */
async function findKeysUrl(issuer: string, signal: AbortSignal): Promise<string> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const places = [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
    ...(path === '' ? [] : [`${origin}/.well-known/openid-configuration${path}`]),
  ];
  let problem: unknown;
  for (const place of places) {
    try {
      return keysUrlIn(await readJson(place, signal), issuer);
    } catch (error) {
      problem ??= error;
    }
  }
  throw problem;
}

function keysUrlIn(metadata: unknown, issuer: string): string {
  const { issuer: named, jwks_uri: url } = isRecord(metadata) ? metadata : {};
  if (named !== issuer)
    throw new Error(`the metadata of the issuer names another issuer: ${String(named).slice(0, 200)}`);
  if (typeof url !== 'string' || !isSecureUrl(url)) throw new Error('the metadata of the issuer has no valid jwks_uri');
  return url;
}

async function readJson(url: string, signal: AbortSignal): Promise<unknown> {
  // A redirect could lead to a host that the operator has not configured.
  const response = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } }).catch(
    ({ message, cause }: Error) => {
      throw new Error(`${url}: ${cause instanceof Error ? cause.message : message}`);
    },
  );
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`${url}: ${response.status}`);
  }
  return response.json();
}

function isSecureUrl(text: string): boolean {
  const { protocol, hostname } = URL.canParse(text) ? new URL(text) : { protocol: '', hostname: '' };
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}
