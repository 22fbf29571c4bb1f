import type { HeyReachError } from './errors.ts';

/** Node fires a timer that is set for longer at once. */
export const MAX_TIMER_MS = 2_147_483_647;

/** The part of `AbortSignal` that a call uses. An `AbortSignal` of Node costs about as much as its whole bookkeeping. */
export interface EndSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** One signal for everything that ends a call early. */
export class CallSignal implements EndSignal {
  readonly #listeners = new Set<() => void>();
  readonly #caller: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  aborted = false;
  /** `cancelled`, `deadline`, or the error given to `abort`. */
  reason: unknown;

  /** Joins the caller's signal and the deadline (ms since the epoch). */
  constructor(caller: AbortSignal | undefined, deadline: number | undefined) {
    this.#caller = caller;
    if (caller?.aborted) this.#onCallerAbort();
    else caller?.addEventListener('abort', this.#onCallerAbort, { once: true });
    if (deadline === undefined) return;
    const ms = Math.min(MAX_TIMER_MS, Math.max(0, deadline - Date.now()));
    this.#timer = setTimeout(() => this.abort('deadline'), ms);
  }

  readonly #onCallerAbort = () => this.abort('cancelled');

  /** Only the first reason counts. */
  readonly abort = (reason: HeyReachError | 'cancelled' | 'deadline'): void => {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener();
  };

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Removes the timer and the listener. Must be called once the call has ended. */
  close(): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener('abort', this.#onCallerAbort);
  }
}

/** Waits, or returns early when the signal aborts. Never rejects. */
export function sleep(ms: number, signal?: EndSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, ms));
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', done, { once: true });
  });
}
