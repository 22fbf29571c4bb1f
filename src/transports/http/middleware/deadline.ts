import { MAX_TIMER_MS } from '../../../client/index.ts';
import { abortResponse, type HttpExchange } from '../http-exchange.ts';
import type { Middleware } from '../pipeline.ts';

/** A tool responds within its own timeout. The server ends an exchange that takes this much longer. */
const MARGIN_MS = 5_000;

/** Limits how long a call may take. A stream ends with the access token of its caller. */
export function deadline(toolMs: number): Middleware {
  return (exchange) => {
    if (!exchange.isStream) exchange.endWithin(toolMs + MARGIN_MS);
    else if (exchange.principal.user !== undefined) abortAt(exchange, exchange.principal.user.validUntil);
    return undefined;
  };
}

/** Ends a response as a disconnect would. @param time ms since the epoch. */
function abortAt(exchange: HttpExchange, time: number): void {
  const ms = Math.max(0, time - Date.now());
  if (ms > MAX_TIMER_MS) return;
  const timer = setTimeout(() => abortResponse(exchange.response), ms);
  exchange.onClose(() => clearTimeout(timer));
}
