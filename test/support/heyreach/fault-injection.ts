import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answer, startRawServer } from '../../unit/client/raw-server.ts';
import { run } from '../programs/program.ts';

/** A HeyReach that fails in the same way for every request. */
export interface Faulty {
  url: string;
  /** The number of complete requests. */
  requests(): number;
  close(): Promise<void>;
}

export type Act = (socket: Socket, index: number) => void;

/** Writes these bytes, or the bytes that the function makes. */
export const say =
  (bytes: string | Buffer | (() => string)): Act =>
  (socket) =>
    void socket.write(typeof bytes === 'function' ? bytes() : bytes);

/** The beginning of a response with 1,000 bytes. */
export const BEGUN = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"id":1,';

/** Breaks the connection within the body. */
const cutOff: Act = (socket) => {
  socket.write(BEGUN);
  setTimeout(() => socket.resetAndDestroy(), 20);
};

/** Sends a byte at a time, for longer than any client waits. */
const drip: Act = (socket) => {
  socket.write(BEGUN);
  const timer = setInterval(() => socket.write(' '), 200);
  socket.once('close', () => clearInterval(timer));
};

const BIG = 30_000_000;
const TOO_MANY = '{"errorMessage":"Too many requests"}';
const tooMany = (retryAfter: () => string) => say(() => answer(429, TOO_MANY, { 'retry-after': retryAfter() }));

/** The reactions of HeyReach to a request. */
export const ANSWERS = {
  'a reset before the headers': (socket) => socket.resetAndDestroy(),
  'a reset in the body': cutOff,
  'silence before the headers': () => {},
  'silence in the body': say(BEGUN),
  'a slow drip': drip,
  'a 401': say(answer(401, 'Invalid API key')),
  'a 403': say(answer(403, '{"errorMessage":"No active subscription"}')),
  'a 404': say(answer(404)),
  'a 405': say(answer(405, '', { allow: 'PUT' })),
  'a 415': say(answer(415)),
  'a 429, 10 seconds': tooMany(() => '10'),
  'a 429, a date': tooMany(() => new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 10_000).toUTCString()),
  'a 429 without a time': say(answer(429, TOO_MANY)),
  'a 429, a day': tooMany(() => '86400'),
  'a 500': say(answer(500, '{"errorMessage":"It broke"}')),
  'a 502 in HTML': say(answer(502, '<html><body><h1>502 Bad Gateway</h1></body></html>')),
  'a 503': say(answer(503, 'Service Unavailable')),
  'a 524': say(answer(524, '<!DOCTYPE html><title>A timeout occurred</title>')),
  'an empty 200': say(answer(200)),
  'JSON that is cut off': say(answer(200, '{"id":1,"items":[')),
  'a list, not an object': say(answer(200, '[1,2]')),
  'a body of 30 MB': say(
    Buffer.concat([Buffer.from(answer(200, '', { 'content-length': `${BIG}` })), Buffer.alloc(BIG, ' ')]),
  ),
  'a redirect': say(answer(302, '', { location: 'https://example.com/api/public' })),
} satisfies Record<string, Act>;

/** A HeyReach that accepts no connection. */
const UNREACHABLE = {
  'no such host': async () => ({ url: 'https://api.heyreach.invalid', requests: () => 0, close: async () => {} }),
  'a connection refused': async () => ({ url: 'http://127.0.0.1:1', requests: () => 0, close: async () => {} }),
  'an unknown certificate': startSelfSigned,
  'plain text for TLS': startPlain,
} satisfies Record<string, () => Promise<Faulty>>;

export type FaultName = keyof typeof ANSWERS | keyof typeof UNREACHABLE;

/** Starts a HeyReach that fails in the given way. */
export function startFault(name: FaultName): Promise<Faulty> {
  return name in UNREACHABLE
    ? UNREACHABLE[name as keyof typeof UNREACHABLE]()
    : startFaulty(ANSWERS[name as keyof typeof ANSWERS]);
}

/** Starts a HeyReach with the given reaction to the socket of every request. */
export async function startFaulty(act: Act): Promise<Faulty> {
  const server = await startRawServer();
  server.behave(act);
  return { url: server.url, requests: () => server.requests.length, close: () => server.close() };
}

/** A server with a self-signed certificate, made for this run. */
async function startSelfSigned(): Promise<Faulty> {
  const folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const kind = 'req -x509 -nodes -newkey rsa:2048 -days 2 -subj /CN=127.0.0.1'.split(' ');
  const made = await run('openssl', [...kind, '-keyout', key, '-out', cert]);
  if (made.code !== 0) throw new Error(`openssl ended with ${made.code}: ${made.stderr}`);
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  let requests = 0;
  const server = createTlsServer(pair, (_request, response) => {
    requests += 1;
    response.end('{}');
  });
  server.on('tlsClientError', () => {});
  return {
    url: await listen(server),
    requests: () => requests,
    close: () => new Promise((resolve) => void server.close(() => resolve()).closeAllConnections()),
  };
}

/** A server that answers a TLS hello as if it were HTTP. */
async function startPlain(): Promise<Faulty> {
  const server = createServer((socket) => socket.on('error', () => {}).end(answer(400)));
  return { url: await listen(server), requests: () => 0, close: async () => void server.close() };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
