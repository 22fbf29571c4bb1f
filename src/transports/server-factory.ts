import type { Server } from '@modelcontextprotocol/server';
import type { RequestContext } from '../mcp/request-context.ts';
import type { PollSource } from '../resources/subscriptions/poll-source.ts';
import type { SubscriptionHub } from '../resources/subscriptions/subscription-hub.ts';

/** A running transport. */
export interface RunningServer {
  close(): Promise<void>;
  /** Reloads the files of tokens, subjects, people not to contact and workspaces, as far as there are any. */
  reload?(): Promise<void>;
}

/** Creates what a transport serves: an MCP server for each connection or request, and the source of its change events. */
export interface ServerFactory {
  /**
   * Creates the server for one connection over stdio, or for one request over HTTP. It must be cheap and free of side effects.
   * @param changes how the client receives change events: by `resources/subscribe` of 2025, or by `subscriptions/listen`, which
   *   the transport serves. undefined where the client cannot receive any.
   */
  createServer(requestContext: RequestContext, changes?: 'subscribe' | 'listen'): Server;
  /** Opens the resources to subscribe to. undefined for a caller without a HeyReach key. */
  openSource(requestContext: RequestContext): PollSource | undefined;
  readonly hub: SubscriptionHub;
}
