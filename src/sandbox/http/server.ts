import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { handleControlRequest } from './control-api.ts';
import { ApiError, type ApiResponse, emptyResponse, plainText } from './response.ts';
import { dispatch } from './router.ts';
import { applyFaultAfter, applyFaultBefore, sendResponse } from './send-response.ts';
import type { RecordedRequest, ServerParts } from './types.ts';

const PREFIX = '/api/public';
const MAX_RECORDED = 5_000;

/** The HTTP server of a sandbox. */
export interface RunningServer {
  port: number;
  close(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

/** The 401 for an invalid key. Organization routes take organization keys only, and all other routes workspace keys. */
function checkKey(key: string, path: string): ApiResponse | undefined {
  if (key === '') return plainText(401, 'Missing API key');
  const organization = path.toLowerCase().startsWith('/management/organizations');
  if (key === 'invalid' || key.startsWith('org-') !== organization) return plainText(401, 'Invalid API key');
  return undefined;
}

function callRoute(parts: ServerParts, request: RecordedRequest, key: string): ApiResponse {
  const url = new URL(request.path, 'http://sandbox');
  const path = url.pathname.slice(PREFIX.length);
  const unauthorized = checkKey(key, path);
  if (unauthorized) return unauthorized;
  parts.settle();
  const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const contentType = String(request.headers['content-type'] ?? '');
  try {
    return dispatch(
      parts.routes,
      { method: request.method, path, query, contentType, body: request.body },
      parts.world,
    );
  } catch (error) {
    if (error instanceof ApiError) return error.response;
    throw error;
  }
}

async function handleRequest(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  const method = request.method ?? 'GET';
  const body = await readBody(request);
  if (path === '/_sandbox' || path.startsWith('/_sandbox/')) {
    sendResponse(response, handleControlRequest(parts, { method, path, host: request.headers.host ?? '', body }));
    return;
  }
  const record: RecordedRequest = { at: Date.now(), method, path, headers: request.headers, body, status: 0 };
  parts.requests.push(record);
  if (parts.requests.length > MAX_RECORDED) parts.requests.splice(0, parts.requests.length - MAX_RECORDED);
  try {
    await handleApiRequest(parts, record, response);
  } finally {
    if (response.headersSent) record.status = response.statusCode;
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

async function handleApiRequest(parts: ServerParts, record: RecordedRequest, response: ServerResponse): Promise<void> {
  const { method, path } = record;
  const [pathname = ''] = path.split('?');
  if (!pathname.toLowerCase().startsWith(`${PREFIX}/`)) {
    sendResponse(response, emptyResponse(404));
    return;
  }
  const key = String(record.headers['x-api-key'] ?? '');
  // A request counts when it arrives, however long its response takes.
  const rejection = key === '' || key === 'invalid' ? undefined : parts.limiter?.take(key);
  if (parts.latencyMs > 0) await wait(parts.latencyMs);
  if (rejection) {
    sendResponse(response, rejection);
    return;
  }
  const { delay, fault } = parts.faults.take(method, pathname.slice(PREFIX.length), path.slice(PREFIX.length));
  if (delay > 0) await wait(delay);
  if (fault && applyFaultBefore(response, fault)) return;
  const apiResponse = callRoute(parts, record, key);
  if (fault) applyFaultAfter(response, fault, apiResponse);
  else sendResponse(response, apiResponse);
}

/** Listens on 127.0.0.1 only. */
export async function listen(parts: ServerParts, port: number): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((request, response) => {
    // Made-up data must not be taken for the workspace of a customer.
    response.setHeader('x-heyreach-sandbox', 'true');
    handleRequest(parts, request, response).catch((error: unknown) => {
      // A client may disconnect mid-request. Any other error must be visible in a test.
      if (request.destroyed && !request.complete) return;
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (!response.headersSent) sendResponse(response, { status: 500, headers: {}, body: `sandbox: ${text}` });
    });
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
