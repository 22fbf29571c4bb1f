import type { HttpSender } from './http-sender.ts';

/** Time for a response. */
export const HEALTH_CHECK_MS = 5_000;
/** How long a result is kept. */
const FRESH_MS = 5_000;

/**
 * Checks whether HeyReach responds, with a request without a key, which counts against no key's rate limit. One request at
 * a time serves all callers.
 */
export class HealthCheck {
  readonly #sender: HttpSender;
  #pending: Promise<boolean> | undefined;
  #freshUntil = Number.POSITIVE_INFINITY;

  constructor(sender: HttpSender) {
    this.#sender = sender;
  }

  /** @returns whether HeyReach responded with a status below 500 within 5 s. Never rejects. */
  run(): Promise<boolean> {
    if (this.#pending === undefined || performance.now() >= this.#freshUntil) {
      this.#freshUntil = Number.POSITIVE_INFINITY;
      this.#pending = this.#send().finally(() => {
        this.#freshUntil = performance.now() + FRESH_MS;
      });
    }
    return this.#pending;
  }

  async #send(): Promise<boolean> {
    const result = await this.#sender.send({
      method: 'GET',
      // The route of `auth.checkApiKey`. Without a key it answers 401 and does nothing.
      path: '/api/public/auth/CheckApiKey',
      key: undefined,
      timeoutMs: HEALTH_CHECK_MS,
      signal: new AbortController().signal,
      // Uses a fresh connection. A kept-alive connection may be closing, which would look like an outage.
      abortable: false,
    });
    return result.type === 'response' && result.status < 500;
  }
}
