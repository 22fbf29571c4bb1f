import type { HttpSender } from './http.ts';

const PROBE_MS = 5_000;
/** Whoever asks within so long of an answer gets the same. */
const KEPT_MS = 5_000;

/**
 * Finds out whether HeyReach answers at all, without a key and so without any key's quota. One request at a time, however
 * many ask.
 */
export class Probe {
  readonly #sender: HttpSender;
  #asked: Promise<boolean> | undefined;
  #keptUntil = Number.POSITIVE_INFINITY;

  constructor(sender: HttpSender) {
    this.#sender = sender;
  }

  /** @returns whether there was an answer below 500 within 5 s; never rejects. */
  ask(): Promise<boolean> {
    if (this.#asked === undefined || performance.now() >= this.#keptUntil) {
      this.#keptUntil = Number.POSITIVE_INFINITY;
      this.#asked = this.#send().finally(() => {
        this.#keptUntil = performance.now() + KEPT_MS;
      });
    }
    return this.#asked;
  }

  async #send(): Promise<boolean> {
    const ended = await this.#sender.send({
      method: 'GET',
      // The route of `auth.checkApiKey`: without a key it answers 401, and does nothing.
      path: '/api/public/auth/CheckApiKey',
      key: undefined,
      timeoutMs: PROBE_MS,
      signal: new AbortController().signal,
      // On a connection of its own: a kept-alive one may be closing, which would look like an outage.
      abortable: false,
    });
    return ended.type === 'answer' && ended.status < 500;
  }
}
