import type { HeyReachError } from './errors.ts';

/** A timer set for longer would go off at once. */
const MAX_TIMER_MS = 2_147_483_647;

/** The time of a call: ends with its caller, with its deadline, or when it is left. */
export interface Scope {
  /** Aborted with the reason `cancelled` or `deadline`, or with the error it was left with. */
  signal: AbortSignal;
  leave(error: HeyReachError): void;
  close(): void;
}

/** Joins the caller's signal and the deadline into one signal that says which of them it was. */
export function openScope(signal: AbortSignal | undefined, deadline: number | undefined): Scope {
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
    leave: (error) => controller.abort(error),
    close() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
