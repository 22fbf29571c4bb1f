import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { World } from '../world.ts';
import { control } from './control.ts';
import type { FaultScript } from './faults.ts';
import type { RateLimiter } from './limiter.ts';
import { bareText, empty, Refusal, type Reply } from './reply.ts';
import { type Route, route } from './router.ts';
import { failAfter, failBefore, send } from './wire.ts';

const PREFIX = '/api/public';
const KEPT = 5_000;

/** A request as it came in. */
export interface RecordedRequest {
  /** Real time, epoch milliseconds. */
  at: number;
  method: string;
  /** Raw, with the query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** What was answered; 0 while there is no answer, or when there never was one. */
  status: number;
}

export interface ServerParts {
  world: World;
  routes: readonly Route[];
  limiter: RateLimiter | undefined;
  faults: FaultScript;
  requests: RecordedRequest[];
  /** Brings the simulation up to the present before a request sees the state. */
  settle(): void;
  advance(ms: number): void;
}

/** The HTTP side of a sandbox. */
export interface RunningServer {
  port: number;
  close(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

/** The 401 a key gets, or nothing. Organization routes and the others each take their own kind of key. */
function checkKey(key: string, path: string): Reply | undefined {
  if (key === '') return bareText(401, 'Missing API key');
  const organization = path.toLowerCase().startsWith('/management/organizations');
  if (key === 'invalid' || key.startsWith('org-') !== organization) return bareText(401, 'Invalid API key');
  return undefined;
}

function answer(parts: ServerParts, request: RecordedRequest, key: string): Reply {
  const url = new URL(request.path, 'http://sandbox');
  const path = url.pathname.slice(PREFIX.length);
  const refused = checkKey(key, path);
  if (refused) return refused;
  parts.settle();
  const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const contentType = String(request.headers['content-type'] ?? '');
  try {
    return route(parts.routes, { method: request.method, path, query, contentType, body: request.body }, parts.world);
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

async function serve(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  const method = request.method ?? 'GET';
  const body = await readBody(request);
  if (path === '/_sandbox' || path.startsWith('/_sandbox/')) {
    send(response, control(parts, { method, path, host: request.headers.host ?? '', body }));
    return;
  }
  const record: RecordedRequest = { at: Date.now(), method, path, headers: request.headers, body, status: 0 };
  parts.requests.push(record);
  if (parts.requests.length > KEPT) parts.requests.splice(0, parts.requests.length - KEPT);
  try {
    await serveApi(parts, record, response);
  } finally {
    if (response.headersSent) record.status = response.statusCode;
  }
}

async function serveApi(parts: ServerParts, record: RecordedRequest, response: ServerResponse): Promise<void> {
  const { method, path } = record;
  const [bare = ''] = path.split('?');
  if (!bare.toLowerCase().startsWith(`${PREFIX}/`)) {
    send(response, empty(404));
    return;
  }
  const key = String(record.headers['x-api-key'] ?? '');
  const over = key === '' || key === 'invalid' ? undefined : parts.limiter?.take(key);
  if (over) {
    send(response, over);
    return;
  }
  const { delay, fault } = parts.faults.take(method, bare.slice(PREFIX.length), path.slice(PREFIX.length));
  if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay).unref());
  if (fault && failBefore(response, fault)) return;
  const reply = answer(parts, record, key);
  if (fault) failAfter(response, fault, reply);
  else send(response, reply);
}

/** Listens on 127.0.0.1 only. */
export async function listen(parts: ServerParts, port: number): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      // A client that goes away mid-request is no fault of ours; anything else must be seen in a test.
      if (request.destroyed && !request.complete) return;
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      if (!response.headersSent) send(response, { status: 500, headers: {}, body: `sandbox: ${text}` });
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
