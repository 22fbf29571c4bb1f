import type { HttpError } from '../../lib/http-error.ts';
import type { HttpExchange } from './http-exchange.ts';

/**
 * The result of a middleware:
 * - undefined: the next middleware goes on.
 * - `ended`: the middleware has responded, or the client has disconnected.
 * - an error: the pipeline rejects the request with it.
 */
export type MiddlewareResult = HttpError | 'ended' | undefined;

/** One step of the handling of an HTTP request. Synchronous steps run in the same tick as the request event. */
export type Middleware = (exchange: HttpExchange) => MiddlewareResult | Promise<MiddlewareResult>;

/** Runs the middlewares in their order until one of them ends the exchange. */
export async function runPipeline(pipeline: readonly Middleware[], exchange: HttpExchange): Promise<void> {
  try {
    for (const middleware of pipeline) {
      const pending = middleware(exchange);
      const result = pending instanceof Promise ? await pending : pending;
      if (result === 'ended') return;
      if (result !== undefined) return exchange.reject(result);
    }
  } catch (error) {
    exchange.fail(error);
  }
}
