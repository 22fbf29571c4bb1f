import type { Mode } from '../../../mcp/modes.ts';
import type { RequestContext } from '../../../mcp/request-context.ts';
import { childLog } from '../../../observability/log.ts';
import type { ServerFactory } from '../../server-factory.ts';
import type { HttpExchange } from '../http-exchange.ts';
import type { McpHandler, RequestScope } from '../mcp-handler.ts';
import type { Middleware, MiddlewareResult } from '../pipeline.ts';

/** The handler of the SDK, and the context of each request. */
export interface DispatchOptions {
  mcp: McpHandler;
  /** The context that all requests share. */
  requestContext: RequestContext;
  /** The servers for a mode. undefined means the mode of the server. */
  serversFor(mode: Mode | undefined): ServerFactory;
}

/** Serves the message through the MCP SDK, in the context of its principal. */
export function dispatch({ mcp, requestContext, serversFor }: DispatchOptions): Middleware {
  const clientAtStart = requestContext.client;
  const scopeOf = ({ requestId, trace, log, principal: { client, token, user } }: HttpExchange): RequestScope => {
    const ownLog =
      (token ?? user) === undefined ? log : childLog(log, token ? { token: token.name } : { user: user?.subject });
    return {
      servers: serversFor(user?.mode ?? token?.mode),
      requestContext: Object.assign({}, requestContext, {
        // The server's own key can change when the file of workspaces is read again.
        client: client?.fingerprint === clientAtStart?.fingerprint ? requestContext.client : client,
        log: ownLog,
        requestId,
        trace,
        token: token?.name,
        user,
      }),
    };
  };
  return async (exchange): Promise<MiddlewareResult> => {
    const scope = scopeOf(exchange);
    await (exchange.isStream ? mcp.listen(exchange, scope) : mcp.call(exchange, scope));
    return 'ended';
  };
}
