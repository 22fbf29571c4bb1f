import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { hostHeaderValidation, originValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, type McpRequestContext } from '@modelcontextprotocol/server';
import type { HeyReachClient } from '../client/index.ts';
import { type createServer, openSource, type ServerParts } from '../server.ts';
import type { Caller } from '../tools/context.ts';
import { answerJson, answerRpcError, MAX_BODY_BYTES, readJsonBody } from './body.ts';
import { ListenBus } from './listen-http.ts';
import { isListen, type ListenRequest } from './listening.ts';
import { mendMessage } from './messages.ts';
import { endWithConnection, UnderWay } from './under-way.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const DRAIN_MS = 60_000;
const SWEEP_MS = 50;

export interface HttpOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Names besides the loopback ones under which the server may be called, without ports. */
  allowedHosts: readonly string[];
  /** The server's own key is meant for one party only: a key sent along would be mixed up with it. */
  refuseCallerKeys: boolean;
  clientFor(key: string): HeyReachClient;
  /** Builds the server that answers one request. */
  createServer: typeof createServer;
}

/** A request as the SDK's types have it. */
type NodeRequest = Parameters<ReturnType<typeof toNodeHandler>>[0];

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
  const callerWith = (key: string | undefined) =>
    key === undefined ? caller : { ...caller, client: options.clientFor(key) };
  const serve = ({ era, requestInfo }: McpRequestContext) => {
    const key = requestInfo === undefined ? undefined : readKey((name) => requestInfo.headers.get(name));
    return options.createServer(parts, callerWith(key), era === 'modern' ? 'listen' : undefined);
  };
  const bus = new ListenBus(parts.hub);
  const how = {
    bus,
    maxRequestBodySize: MAX_BODY_BYTES,
    onerror: (error: Error) => caller.log.warn({ err: error.message }, 'http transport'),
  };
  const handler = createMcpHandler(serve, how);
  // Streams of changes have a handler of their own: at a stop they end at once, and calls when they are done.
  const streams = createMcpHandler(serve, how);
  const serveMcp = toNodeHandler(handler, { maxRequestBodySize: MAX_BODY_BYTES });
  const serveStream = toNodeHandler(streams, { maxRequestBodySize: MAX_BODY_BYTES });
  const names = [...LOOPBACK_NAMES, ...options.allowedHosts];
  const isHostAllowed = hostHeaderValidation(names);
  const isOriginAllowed = originValidation(names);
  const underWay = new UnderWay();

  const serveListen = (message: ListenRequest, request: IncomingMessage, response: ServerResponse) => {
    const source = openSource(parts, callerWith(readKey((name) => header(request, name))));
    return bus.serve(message, source, (narrowed) => serveStream(request as NodeRequest, response, narrowed));
  };

  /** The body is read here, so that it can be mended; what is no JSON POST is the SDK's to refuse. */
  const serveMessage = async (request: IncomingMessage, response: ServerResponse) => {
    const asSdk = request as NodeRequest;
    const isJson = /^application\/json\b/i.test(request.headers['content-type'] ?? '');
    if (request.method !== 'POST' || !isJson) return serveMcp(asSdk, response);
    try {
      const message = await readJsonBody(request, response);
      if (message === undefined) return;
      underWay.note(message, request, response);
      if (isListen(message)) await serveListen(message, request, response);
      else await serveMcp(asSdk, response, mendMessage(message));
    } catch (error) {
      // The client hung up while it was writing.
      caller.log.debug({ err: error instanceof Error ? error.message : String(error) }, 'http request broke off');
      response.destroy();
    }
  };

  let closing = false;
  const server = createHttpServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (!isHostAllowed(request, response) || !isOriginAllowed(request, response)) return;
    // A kept-alive connection outlives the closed door: what still comes over it is turned away.
    if (closing) return refuseWhileClosing(response);
    if (path === '/healthz') return answerJson(response, 200, { status: 'ok' });
    if (path !== '/mcp') return answerJson(response, 404, { error: 'Not found. The MCP endpoint is POST /mcp.' });
    if (options.refuseCallerKeys && readKey((name) => header(request, name)) !== undefined) {
      return answerRpcError(response, 403, -32_600, REFUSED_KEY);
    }
    endWithConnection(request, response);
    void serveMessage(request, response);
  });

  const unused = new Set<Socket>();
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));

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
      // To node a connection that was never used is not idle.
      for (const socket of unused) socket.destroy();
      // A kept connection becomes idle only with its last answer, and a stream may be about to open.
      const sweep = setInterval(() => {
        server.closeIdleConnections();
        void streams.close();
      }, SWEEP_MS);
      const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await drained;
      clearInterval(sweep);
      clearTimeout(timer);
      await handler.close();
    },
  };
}

const REFUSED_KEY =
  'This server works with its own organization key and takes no keys from requests. Leave out X-API-KEY and Authorization.';

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

function refuseWhileClosing(response: ServerResponse): void {
  response.setHeader('connection', 'close');
  response.setHeader('retry-after', '1');
  answerRpcError(response, 503, -32_603, 'The server is stopping.');
}
