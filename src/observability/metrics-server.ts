import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOOPBACK_NAMES, readHost } from '../lib/hostnames.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

const HOST = '127.0.0.1';
/** One or two programs of this machine read the metrics. */
const MAX_CONNECTIONS = 32;
const HEADERS_MS = 5_000;
const REQUEST_MS = 10_000;

/** A running metrics endpoint. */
export interface MetricsEndpoint {
  url: string;
  close(): Promise<void>;
}

/** What the metrics endpoint serves, and where. */
export interface MetricsOptions {
  /** 0 picks a free port. */
  port: number;
  metrics: Pick<Metrics, 'text' | 'contentType'>;
  log: Log;
}

/** Serves `GET /metrics` to this machine, on a port of its own. @throws Error where the port is in use. */
export async function startMetrics({ port, metrics, log }: MetricsOptions): Promise<MetricsEndpoint> {
  const limits = {
    maxHeaderSize: 8_192,
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: 1_000,
  };
  const server = createServer(limits, async (request, response) => {
    const rejection = rejectionOf(request);
    if (rejection !== undefined) {
      const [status, text] = rejection;
      log.warn({ status }, 'metrics request rejected');
      return respond(response, status, text);
    }
    try {
      respond(response, 200, await metrics.text(), metrics.contentType);
    } catch (error) {
      log.error({ err: error }, 'metrics could not be read');
      respond(response, 500, 'The metrics could not be read. See the log.\n');
    }
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}/metrics`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The status and text of a rejection. undefined for a valid request. */
function rejectionOf({ headers, method, url = '' }: IncomingMessage): [status: number, text: string] | undefined {
  // A web page can resolve its own domain to this machine, but its requests still name that domain as the Host.
  if (!LOOPBACK_NAMES.includes(readHost(headers.host ?? '') ?? '')) {
    return [403, 'The Host header must be a loopback name, such as localhost.\n'];
  }
  if (url.split('?', 1)[0] !== '/metrics') return [404, 'Not found. The metrics are at /metrics.\n'];
  return method === 'GET' ? undefined : [405, 'The metrics accept only GET.\n'];
}

function respond(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 ? { allow: 'GET' } : {}),
  });
  response.end(text);
}
