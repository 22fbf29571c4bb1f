import { type HttpError, httpError, isHttpError } from '../../../lib/http-error.ts';
import { ConcurrencyLimiter, type ConcurrencyLimits, type Slot } from '../concurrency-limiter.ts';
import type { HttpExchange } from '../http-exchange.ts';
import type { Middleware } from '../pipeline.ts';

/**
 * Limits the uploads: requests whose bodies the server reads. Uploads have their own slots, so that a client with the maximum
 * of calls in flight can still send a cancellation.
 */
export class UploadLimiter {
  readonly #slots: ConcurrencyLimiter;
  /** In the order of their start, the slowest first. */
  readonly #uploads = new Map<HttpExchange, Slot>();

  constructor(limits: ConcurrencyLimits) {
    this.#slots = new ConcurrencyLimiter(limits, 'requests');
  }

  /**
   * Takes a slot until `release`, or until the exchange closes. When all slots are taken, the slowest upload is rejected: an
   * attacker could hold every slot with uploads that never end.
   * @returns the rejection of a caller with too many uploads.
   */
  acquire(exchange: HttpExchange): HttpError | undefined {
    const { name } = exchange.principal;
    let slot = this.#slots.acquire(name);
    if (isHttpError(slot) && slot.status === 503) {
      const [slowest] = this.#uploads.keys();
      if (slowest !== undefined) this.#evict(slowest, TOO_SLOW);
      slot = this.#slots.acquire(name);
    }
    if (isHttpError(slot)) return slot;
    this.#uploads.set(exchange, slot);
    exchange.onClose(() => this.release(exchange));
    return undefined;
  }

  release(exchange: HttpExchange): void {
    this.#uploads.get(exchange)?.release();
    this.#uploads.delete(exchange);
  }

  /** Rejects every upload. */
  rejectAll(error: HttpError): void {
    for (const exchange of [...this.#uploads.keys()]) this.#evict(exchange, error);
  }

  #evict(exchange: HttpExchange, error: HttpError): void {
    this.release(exchange);
    exchange.reject(error);
  }
}

/** Takes an upload slot for the request. The middleware `jsonBody` releases it. */
export function uploadLimit(uploads: UploadLimiter): Middleware {
  return (exchange) => uploads.acquire(exchange);
}

const TOO_SLOW = httpError(
  408,
  'slow_client',
  'Upload too slow. The request was rejected to free a slot for other requests, and nothing was done. Retry it.',
);
