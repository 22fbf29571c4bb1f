import { isHttpError } from '../../../lib/http-error.ts';
import type { ConcurrencyLimiter, ConcurrencyLimits } from '../concurrency-limiter.ts';
import type { Middleware } from '../pipeline.ts';

/** Applies to requests in flight, to uploads, and to open `subscriptions/listen` streams, each counted apart. */
export const LIMITS: ConcurrencyLimits = { perCaller: 64, all: 1_000 };

/** Takes a slot for each JSON-RPC request in the body, or a stream slot for `subscriptions/listen`, until the response ends. */
export function concurrencyLimit(calls: ConcurrencyLimiter, streams: ConcurrencyLimiter): Middleware {
  return (exchange) => {
    const { isStream, principal, ids } = exchange;
    const slot = (isStream ? streams : calls).acquire(principal.name, ids.length);
    if (isHttpError(slot)) return slot;
    exchange.onClose(slot.release);
    return undefined;
  };
}
