import {
  type AuthInfo,
  createMcpHandler,
  type McpRequestContext,
  type ServerEventBus,
  type SubscriptionFilter,
} from '@modelcontextprotocol/server';
import type { RequestContext } from '../../mcp/request-context.ts';
import type { Log } from '../../observability/log.ts';
import type { PollSource } from '../../resources/subscriptions/poll-source.ts';
import type { SubscriptionHub } from '../../resources/subscriptions/subscription-hub.ts';
import { filterOf, type ListenRequest, limitSubscriptions } from '../listen-request.ts';
import type { ServerFactory } from '../server-factory.ts';
import { type FetchHandler, serveExchange } from './fetch-adapter.ts';
import { abortResponse, type HttpExchange } from './http-exchange.ts';

/** The context of one request, and the servers that its principal may use. */
export interface RequestScope {
  requestContext: RequestContext;
  servers: ServerFactory;
}

/** The services of the handler. `maxBodyBytes` is the limit that `jsonBody` has applied already. */
export interface McpHandlerOptions {
  hub: SubscriptionHub;
  log: Log;
  maxBodyBytes: number;
}

type SdkHandler = FetchHandler & { close(): Promise<void> };

/** Serves requests through the SDK, each with a server instance of its own. */
export class McpHandler {
  readonly #hub: SubscriptionHub;
  readonly #open: (bus?: ServerEventBus) => SdkHandler;
  readonly #calls: SdkHandler;
  /** Each stream has a handler of its own, which a shutdown closes at once. Calls end when they are done. */
  readonly #streams = new Map<HttpExchange, SdkHandler>();

  constructor({ hub, log, maxBodyBytes }: McpHandlerOptions) {
    this.#hub = hub;
    this.#open = (bus) =>
      createMcpHandler(createServer, {
        ...(bus === undefined ? {} : { bus }),
        maxRequestBodySize: maxBodyBytes,
        // The message may quote what the client sent. The exchange logs the rejection.
        onerror: (error) => log.debug({ err: error.message }, 'http transport error'),
      });
    this.#calls = this.#open();
  }

  call(exchange: HttpExchange, scope: RequestScope): Promise<void> {
    return serveExchange(this.#calls, exchange, exchange.message, authInfoOf(scope));
  }

  /** Serves a `subscriptions/listen` request, whose stream stays open. */
  listen(exchange: HttpExchange, scope: RequestScope): Promise<void> {
    const source = scope.servers.openSource(scope.requestContext);
    const request = exchange.message as ListenRequest;
    // Without a key there is nothing to listen to, and the SDK grants an empty subscription.
    const message = source === undefined ? request : limitSubscriptions(request, this.#hub, source);
    const handler = this.#open(source === undefined ? undefined : busOf(this.#hub, source, message));
    this.#streams.set(exchange, handler);
    exchange.onClose(() => this.#streams.delete(exchange));
    return serveExchange(handler, exchange, message, authInfoOf(scope));
  }

  /** Aborts the streams whose exchange fails the check. */
  abortStreams(isStillValid: (exchange: HttpExchange) => boolean): void {
    for (const exchange of this.#streams.keys()) if (!isStillValid(exchange)) abortResponse(exchange.response);
  }

  /** Completes all streams. */
  endStreams(): void {
    for (const handler of this.#streams.values()) void handler.close();
  }

  close(): Promise<void> {
    return this.#calls.close();
  }
}

function createServer({ era, authInfo }: McpRequestContext) {
  const { servers, requestContext } = authInfo!.extra!.scope as RequestScope;
  return servers.createServer(requestContext, era === 'modern' ? 'listen' : undefined);
}

/** The SDK passes `extra` of the authorization on to `createServer`. */
function authInfoOf(scope: RequestScope): AuthInfo {
  return { token: '', clientId: '', scopes: [], extra: { scope } };
}

/** The event bus of one stream. The SDK subscribes when it opens the stream, and unsubscribes when the stream ends. */
function busOf(hub: SubscriptionHub, source: PollSource, message: ListenRequest): ServerEventBus {
  return {
    publish() {},
    subscribe(emit) {
      const subscription = hub.listen(source, {
        updated: (uri) => emit({ kind: 'resource_updated', uri }),
        listChanged: () => emit({ kind: 'resources_list_changed' }),
      });
      subscription.update(filterOf([message.params.notifications as SubscriptionFilter]));
      return () => subscription.close();
    },
  };
}
