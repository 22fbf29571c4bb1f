import type { RateLimitOptions } from '../options.ts';
import { type ApiResponse, jsonResponse } from './response.ts';

const MINUTE = 60_000;

/** Counts each key's requests in real time. */
export class RateLimiter {
  readonly #perMinute: number;
  readonly #window: 'fixed' | 'sliding';
  readonly #windowMs: number;
  readonly #retryAfter: 'none' | 'seconds' | 'date';
  readonly #now: () => number;
  /** Times of the accepted requests in the current window, by key. */
  readonly #taken = new Map<string, number[]>();

  constructor(options: RateLimitOptions = {}, now: () => number = Date.now) {
    this.#perMinute = options.perMinute ?? 300;
    this.#window = options.window ?? 'fixed';
    this.#windowMs = options.windowMs ?? MINUTE;
    this.#retryAfter = options.retryAfter ?? 'none';
    this.#now = now;
  }

  /** Counts a request. @returns the 429 when the key has no budget left. Rejected requests do not count. */
  take(key: string): ApiResponse | undefined {
    const now = this.#now();
    const taken = this.#current(this.#taken.get(key) ?? [], now);
    this.#taken.set(key, taken);
    if (taken.length < this.#perMinute) {
      taken.push(now);
      return undefined;
    }
    return tooManyRequests(this.#wait((taken[0] ?? now) + this.#windowMs, now));
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

/** The response above the limit. */
export function tooManyRequests(retryAfter?: string): ApiResponse {
  const reply = jsonResponse({ errorMessage: 'Too many requests. The limit is 300 requests per minute.' }, 429);
  if (retryAfter !== undefined) reply.headers['retry-after'] = retryAfter;
  return reply;
}
