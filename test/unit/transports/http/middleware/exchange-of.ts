import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Log } from '../../../../../src/observability/log.ts';
import { HttpExchange } from '../../../../../src/transports/http/http-exchange.ts';

const ignore = () => {};
const log: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** An exchange of a POST request with these headers. */
export function exchangeOf(headers: Record<string, string | undefined>, url = '/mcp', method = 'POST'): HttpExchange {
  const request = new IncomingMessage(new Socket());
  request.url = url;
  request.method = method;
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    request.headers[name] = value;
    request.rawHeaders.push(name, value);
  }
  return new HttpExchange('0123456789abcdef', request, new ServerResponse(request), log, undefined, ignore);
}
