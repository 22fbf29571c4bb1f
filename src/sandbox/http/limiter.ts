import type { RateLimitOptions } from '../options.ts';
import { json, type Reply } from './reply.ts';

const MINUTE = 60_000;

/** Counts each key's requests in real time. */
export class RateLimiter {
  readonly #perMinute: number;
  readonly #window: 'fixed' | 'sliding';
  readonly #windowMs: number;
  readonly #retryAfter: 'none' | 'seconds' | 'date';
  readonly #now: () => number;
  /** The accepted requests of each key that still count. */
  readonly #taken = new Map<string, number[]>();

  constructor(options: RateLimitOptions = {}, now: () => number = Date.now) {
    this.#perMinute = options.perMinute ?? 300;
    this.#window = options.window ?? 'fixed';
    this.#windowMs = options.windowMs ?? MINUTE;
    this.#retryAfter = options.retryAfter ?? 'none';
    this.#now = now;
  }

  /** Takes one request from the key's budget; the 429 when there is none left. Refused requests do not count. */
  take(key: string): Reply | undefined {
    const now = this.#now();
    const taken = this.#current(this.#taken.get(key) ?? [], now);
    this.#taken.set(key, taken);
    if (taken.length < this.#perMinute) {
      taken.push(now);
      return undefined;
    }
    return tooMany(this.#wait((taken[0] ?? now) + this.#windowMs, now));
  }

  #current(taken: number[], now: number): number[] {
    if (this.#window === 'sliding') return taken.filter((at) => at > now - this.#windowMs);
    // A fixed window begins with its first request.
    return (taken[0] ?? 0) + this.#windowMs > now ? taken : [];
  }

  #wait(free: number, now: number): string | undefined {
    if (this.#retryAfter === 'none') return undefined;
    if (this.#retryAfter === 'seconds') return String(Math.max(1, Math.ceil((free - now) / 1_000)));
    return new Date(Math.ceil(free / 1_000) * 1_000).toUTCString();
  }
}

/** The answer above the limit. */
export function tooMany(retryAfter?: string): Reply {
  const reply = json({ errorMessage: 'Too many requests. The limit is 300 requests per minute.' }, 429);
  if (retryAfter !== undefined) reply.headers['retry-after'] = retryAfter;
  return reply;
}
