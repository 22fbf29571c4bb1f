import { httpError } from '../../../lib/http-error.ts';
import type { Middleware } from '../pipeline.ts';
import type { IsOwnHost } from './host-validation.ts';

/** Headers that a listed page may send. */
const REQUEST_HEADERS = [
  'accept',
  'authorization',
  'content-type',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'x-api-key',
  'x-request-id',
].join(', ');
/** Headers that a listed page may read. */
const RESPONSE_HEADERS = 'mcp-session-id, retry-after, www-authenticate, x-request-id';

/**
 * Rejects web pages of other origins, and lets pages of the allowed origins read responses. Pages of this machine and of the
 * server's own hosts may send requests, but the browser hides the responses from them. Clients that are not browsers send no
 * Origin.
 */
export function cors(allowedOrigins: readonly string[], isOwnHost: IsOwnHost): Middleware {
  return ({ request: { headers }, response }) => {
    const { origin } = headers;
    const isAllowed = origin !== undefined && allowedOrigins.includes(origin);
    if (origin !== undefined && !isAllowed && !isOwnOrigin(origin, isOwnHost)) return FOREIGN_ORIGIN;
    if (allowedOrigins.length === 0) return undefined;
    // A cache must not serve the response for one origin to another.
    response.setHeader('vary', 'Origin');
    if (!isAllowed) return undefined;
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', RESPONSE_HEADERS);
    return undefined;
  };
}

/** Responds to the preflight request of a browser. @param allowedMethod the method of the requested path. */
export function corsPreflight(allowedOrigins: readonly string[], allowedMethod: 'GET' | 'POST' = 'POST'): Middleware {
  return ({ request: { method, headers }, response }) => {
    if (method !== 'OPTIONS') return undefined;
    if (headers.origin !== undefined && allowedOrigins.includes(headers.origin)) {
      response.setHeader('access-control-allow-methods', allowedMethod);
      response.setHeader('access-control-allow-headers', REQUEST_HEADERS);
      response.setHeader('access-control-max-age', '7200');
    }
    response.writeHead(204, { allow: `${allowedMethod}, OPTIONS` });
    response.end();
    return 'ended';
  };
}

/** Only `http` and `https` count: an extension or app can choose any host for its pages. */
function isOwnOrigin(origin: string, isOwnHost: IsOwnHost): boolean {
  const host = /^https?:\/\/(.*)$/i.exec(origin)?.[1];
  return host !== undefined && isOwnHost(host);
}

const FOREIGN_ORIGIN = httpError(
  403,
  'origin',
  'Web pages of this Origin may not call the server. Add the origin to HEYREACH_ALLOWED_ORIGINS.',
);
