import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpRequestContext } from '@modelcontextprotocol/server';
import type { Log } from '../log.ts';
import type { Hub } from '../resources/subscriptions/hub.ts';
import { type createServer, openSource, type ServerParts } from '../server.ts';
import type { Caller } from '../tools/context.ts';
import type { Exchange } from './exchange.ts';
import { ListenBus } from './listen-http.ts';
import type { ListenRequest } from './listening.ts';

/** Who a request comes from, and what is shown to them. */
export interface Visit {
  caller: Caller;
  parts: ServerParts;
}

/** A request as the SDK's types have it. */
type NodeRequest = Parameters<ReturnType<typeof toNodeHandler>>[0];

export interface McpOptions {
  createServer: typeof createServer;
  hub: Hub;
  log: Log;
  maxBodyBytes: number;
}

/**
 * The SDK's handlers of HTTP requests, with a server instance for each. Streams of changes have a handler of their own: at a
 * stop they end at once, and calls when they are done.
 */
export function serveMcp({ createServer, hub, log, maxBodyBytes }: McpOptions) {
  const bus = new ListenBus(hub);
  const serve = ({ era, authInfo }: McpRequestContext) => {
    const { caller, parts } = authInfo!.extra as unknown as Visit;
    return createServer(parts, caller, era === 'modern' ? 'listen' : undefined);
  };
  const how = {
    bus,
    maxRequestBodySize: maxBodyBytes,
    // What it refuses is told with the exchange; here it may quote what a caller sent.
    onerror: (error: Error) => log.debug({ err: error.message }, 'http transport'),
  };
  const calls = createMcpHandler(serve, how);
  const streams = createMcpHandler(serve, how);
  const answerCall = toNodeHandler(calls, { maxRequestBodySize: maxBodyBytes });
  const answerListen = toNodeHandler(streams, { maxRequestBodySize: maxBodyBytes });
  /** The SDK hands on what a request is authorized for; here that is whom it comes from. */
  const withVisit = ({ request }: Exchange, visit: Visit): NodeRequest =>
    Object.assign(request as NodeRequest, { auth: { token: '', clientId: '', scopes: [], extra: { ...visit } } });
  return {
    /** @param message the body as it was read. */
    call: (message: unknown, exchange: Exchange, visit: Visit) =>
      answerCall(withVisit(exchange, visit), exchange.response, message),
    listen: (message: ListenRequest, exchange: Exchange, visit: Visit) =>
      bus.serve(message, openSource(visit.parts, visit.caller), (narrowed) =>
        answerListen(withVisit(exchange, visit), exchange.response, narrowed),
      ),
    endStreams: () => streams.close(),
    close: () => calls.close(),
  };
}
