import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOOPBACK_NAMES, readHost } from '../host.ts';
import type { Log } from '../log.ts';
import type { Metrics } from './metrics.ts';

const HOST = '127.0.0.1';
/** One or two programs of this machine ask. */
const MAX_CONNECTIONS = 32;
const HEADERS_MS = 5_000;
const REQUEST_MS = 10_000;

/** A running endpoint of the metrics. */
export interface MetricsEndpoint {
  url: string;
  close(): Promise<void>;
}

export interface MetricsOptions {
  /** 0 picks a free one. */
  port: number;
  metrics: Pick<Metrics, 'text' | 'contentType'>;
  log: Log;
}

/** Serves `GET /metrics` to this machine alone, apart from what callers reach. @throws Error where the port is taken. */
export async function startMetrics({ port, metrics, log }: MetricsOptions): Promise<MetricsEndpoint> {
  const limits = {
    maxHeaderSize: 8_192,
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: 1_000,
  };
  const server = createServer(limits, async (request, response) => {
    const refused = refusalOf(request);
    if (refused !== undefined) {
      const [status, why] = refused;
      log.warn({ status }, 'metrics were not given');
      return answer(response, status, why);
    }
    try {
      answer(response, 200, await metrics.text(), metrics.contentType);
    } catch (error) {
      log.error({ err: error }, 'metrics could not be read');
      answer(response, 500, 'The metrics could not be read; the log says why.\n');
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

/** The status and a sentence for what is not to be answered with metrics. */
function refusalOf({ headers, method, url = '' }: IncomingMessage): [status: number, why: string] | undefined {
  // A web page may have its own name resolve to this machine, but then has to ask under that name.
  if (!LOOPBACK_NAMES.includes(readHost(headers.host ?? '') ?? '')) {
    return [403, 'The Host must be a name of this machine: localhost.\n'];
  }
  if (url.split('?', 1)[0] !== '/metrics') return [404, 'Not found. The metrics are at /metrics.\n'];
  return method === 'GET' ? undefined : [405, 'The metrics can be read, with GET.\n'];
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 ? { allow: 'GET' } : {}),
  });
  response.end(text);
}
