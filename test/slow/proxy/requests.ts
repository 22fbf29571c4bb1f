import { connect as connectHttp2 } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { Agent, setGlobalDispatcher } from 'undici';
import { ACCEPT, LIST } from '../../support/clients/raw-http.ts';
import { recordOutput } from '../../support/programs/output.ts';
import { NAME, type ProxyServer } from './proxies.ts';

/** Makes the clients of this test process resolve the name to the proxy, and trust its certificate. */
export function trust({ ca }: ProxyServer): Agent {
  const agent = new Agent({
    connect: {
      ca,
      lookup: (_name, { all }, callback) =>
        all === true ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4),
    },
  });
  setGlobalDispatcher(agent);
  return agent;
}

export interface Sent {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: object;
}

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** A request through the proxy that a test can watch and close. */
export interface Open {
  /** The received part of the body. */
  text(): string;
  ended: Promise<Reply>;
  hangUp(): void;
}

/** Opens a request over HTTP/1.1, with any header, including Host. */
export function open(
  { port, ca }: ProxyServer,
  { path = '/mcp', method = 'POST', headers = {}, body = LIST }: Sent,
): Open {
  const target = { host: '127.0.0.1', port, servername: NAME, ca, agent: false, path, method };
  const request = httpsRequest({ ...target, headers: { host: NAME, ...ACCEPT, ...headers } });
  let text = '';
  const ended = new Promise<Reply>((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      response.on('data', (chunk) => {
        text += chunk;
        recordOutput(String(chunk));
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
  });
  // A client that disconnects does not wait for the end.
  ended.catch(() => {});
  request.end(method === 'POST' ? JSON.stringify(body) : undefined);
  return { text: () => text, ended, hangUp: () => void request.destroy() };
}

export const send = (proxy: ProxyServer, sent: Sent = {}): Promise<Reply> => open(proxy, sent).ended;

/** Opens a POST over HTTP/2, as browsers and some hosts do. */
export function openHttp2({ origin, port, ca }: ProxyServer, { headers = {}, body = LIST }: Sent): Open {
  const session = connectHttp2(origin, { ca, servername: NAME, host: '127.0.0.1', port });
  session.on('error', () => {});
  const stream = session.request({ ':method': 'POST', ':path': '/mcp', ':authority': NAME, ...ACCEPT, ...headers });
  let text = '';
  let status = 0;
  const ended = new Promise<Reply>((resolve, reject) => {
    stream.once('error', reject);
    stream.once('response', (answered) => {
      status = answered[':status'] ?? 0;
    });
    stream.on('data', (chunk) => {
      text += chunk;
    });
    stream.once('end', () => resolve({ status, headers: {}, text }));
  });
  ended.catch(() => {});
  void ended.finally(() => session.close()).catch(() => {});
  stream.end(JSON.stringify(body));
  return { text: () => text, ended, hangUp: () => session.destroy() };
}
