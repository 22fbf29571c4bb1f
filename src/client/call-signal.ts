import type { HeyReachError } from './errors.ts';

/** Node fires a timer that is set for longer at once. */
export const MAX_TIMER_MS = 2_147_483_647;

/** One signal for everything that ends a call early. */
export interface CallSignal {
  /** Aborted with the reason `cancelled` or `deadline`, or with the error given to `abort`. */
  signal: AbortSignal;
  abort(error: HeyReachError): void;
  /** Removes the timer and the listener. Must be called once the call has ended. */
  close(): void;
}

/** Joins the caller's signal and the deadline (ms since the epoch). */
export function createCallSignal(signal: AbortSignal | undefined, deadline: number | undefined): CallSignal {
  const controller = new AbortController();
  const onAbort = () => controller.abort('cancelled');
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    deadline === undefined
      ? undefined
      : setTimeout(() => controller.abort('deadline'), Math.min(MAX_TIMER_MS, Math.max(0, deadline - Date.now())));
  return {
    signal: controller.signal,
    abort: (error) => controller.abort(error),
    close() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** Waits, or returns early when the signal aborts. Never rejects. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
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
