import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { isRecord } from '../../../lib/json.ts';
import { abortResponse, type HttpExchange } from '../http-exchange.ts';
import type { Middleware } from '../pipeline.ts';

const SESSION = 'mcp-session-id';

/**
 * The calls of 2025 clients in flight, so that such a client can cancel them. It cancels with a POST of its own that names
 * only a JSON-RPC id, and every client counts ids from 1. `initialize` therefore assigns a session id. It identifies the
 * client of a call, and the server keeps no other session state.
 */
export class InFlightRequests {
  readonly #calls = new Map<string, HttpExchange>();

  /** Assigns a session id, registers a call, or cancels the call that a notification names. */
  track(exchange: HttpExchange): void {
    const { message, request, response, principal } = exchange;
    if (!isRecord(message)) return;
    const session = request.headers[SESSION];
    if (message.method === 'initialize') response.setHeader(SESSION, randomUUID());
    else if (typeof session !== 'string') return;
    else if (message.method === 'notifications/cancelled') {
      const { requestId } = isRecord(message.params) ? message.params : {};
      const call = this.#calls.get(keyOf(principal.name, session, requestId));
      if (call !== undefined) abortResponse(call.response);
    } else if (message.method !== undefined && message.id !== undefined) {
      const key = keyOf(principal.name, session, message.id);
      this.#calls.set(key, exchange);
      exchange.onClose(() => {
        if (this.#calls.get(key) === exchange) this.#calls.delete(key);
      });
    }
  }
}

/** A caller cancels only calls of its own, whatever session id it sends. */
function keyOf(caller: string, session: string, id: unknown): string {
  return JSON.stringify([caller, session, id]);
}

/** Handles cancellation: registers the calls of 2025 clients, and cancels them. */
export function trackInFlight(calls: InFlightRequests): Middleware {
  return (exchange) => {
    if (!exchange.isStream) calls.track(exchange);
    return undefined;
  };
}

/**
 * Ends the responses of a connection when it closes. Node does so only for the response that it is writing, not for those of
 * pipelined requests behind it.
 */
export const abortOnDisconnect: Middleware = (exchange) => {
  const { socket } = exchange.request;
  const open = openExchanges.get(socket) ?? new Set();
  if (!openExchanges.has(socket)) {
    openExchanges.set(socket, open);
    socket.once('close', () => {
      for (const { response } of open) if (response.socket === null) response.emit('close');
    });
  }
  open.add(exchange);
  exchange.onClose(() => open.delete(exchange));
  return undefined;
};

/** Whether a complete request of a connection waits for its response, or its response is being written. */
export function isServing(socket: Socket): boolean {
  return [...(openExchanges.get(socket) ?? [])].some(({ request }) => request.complete);
}

const openExchanges = new WeakMap<Socket, Set<HttpExchange>>();
