import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostHeaderValidation, originValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { HeyReachClient } from '../client/index.ts';
import { createServer, type ServerParts } from '../server.ts';
import type { Caller } from '../tools/run.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const DRAIN_MS = 60_000;
const LINGER_MS = 5_000;

export interface HttpOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Names besides the loopback ones under which the server may be called, without ports. */
  allowedHosts: readonly string[];
  /** The server's own key is meant for one party only: a key sent along would be mixed up with it. */
  refuseCallerKeys: boolean;
  clientFor(key: string): HeyReachClient;
}

/** A running HTTP endpoint. */
export interface HttpEndpoint {
  url: string;
  /** Takes no new requests, lets those under way end, then resolves. */
  close(): Promise<void>;
}

/**
 * Serves `POST /mcp` for both protocol eras, statelessly, and `GET /healthz`. Host and Origin are checked before a body is
 * read. A key in the request's headers beats the server's own.
 */
export async function startHttp(parts: ServerParts, caller: Caller, options: HttpOptions): Promise<HttpEndpoint> {
  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const key = requestInfo === undefined ? undefined : readKey((name) => requestInfo.headers.get(name));
      return createServer(parts, key === undefined ? caller : { ...caller, client: options.clientFor(key) });
    },
    {
      maxRequestBodySize: MAX_BODY_BYTES,
      onerror: (error) => caller.log.warn({ err: error.message }, 'http transport'),
    },
  );
  const serveMcp = toNodeHandler(handler, { maxRequestBodySize: MAX_BODY_BYTES });
  const names = [...LOOPBACK_NAMES, ...options.allowedHosts];
  const isHostAllowed = hostHeaderValidation(names);
  const isOriginAllowed = originValidation(names);

  let closing = false;
  const server = createHttpServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (!isHostAllowed(request, response) || !isOriginAllowed(request, response)) return;
    // A kept-alive connection outlives the closed door: what still comes over it is turned away.
    if (closing) return refuseWhileClosing(response);
    if (path === '/healthz') return answerJson(response, 200, { status: 'ok' });
    if (path !== '/mcp') return answerJson(response, 404, { error: 'Not found. The MCP endpoint is POST /mcp.' });
    if (Number(request.headers['content-length']) > MAX_BODY_BYTES) return refuseBody(request, response);
    if (options.refuseCallerKeys && readKey((name) => header(request, name)) !== undefined) {
      return answerJson(response, 403, REFUSED_KEY);
    }
    void serveMcp(request as Parameters<typeof serveMcp>[0], response);
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}/mcp`,
    async close() {
      closing = true;
      const drained = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await drained;
      clearTimeout(timer);
      await handler.close();
    },
  };
}

const REFUSED_KEY = {
  jsonrpc: '2.0',
  id: null,
  error: {
    code: -32_600,
    message:
      'This server works with its own organization key and takes no keys from requests. Leave out X-API-KEY and Authorization.',
  },
};

/** The caller's HeyReach key, from `X-API-KEY` or `Authorization: Bearer`; never from the URL. */
function readKey(header: (name: string) => string | null): string | undefined {
  const own = header('x-api-key')?.trim();
  if (own) return own;
  return /^Bearer\s+(\S+)\s*$/i.exec(header('authorization') ?? '')?.[1];
}

function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function refuseWhileClosing(response: ServerResponse): void {
  response.setHeader('connection', 'close');
  response.setHeader('retry-after', '1');
  answerJson(response, 503, { jsonrpc: '2.0', id: null, error: { code: -32_603, message: 'The server is stopping.' } });
}

/** Answers before the body has come, and reads on for a moment: a client still writing would miss the answer. */
function refuseBody(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close');
  answerJson(response, 413, {
    jsonrpc: '2.0',
    id: null,
    error: { code: -32_600, message: 'The request body is larger than 4 MiB.' },
  });
  request.resume();
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(timer));
}
