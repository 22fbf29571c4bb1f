import type { GracefulShutdown } from '../graceful-shutdown.ts';
import type { HttpExchange } from '../http-exchange.ts';
import type { Middleware } from '../pipeline.ts';

/** A probe is neither counted in the metrics nor subject to host validation. */
export const HEALTH_PATHS: readonly string[] = ['/healthz', '/readyz'];
/** How long a response of HeyReach proves that it is available. */
const FRESH_MS = 60_000;

/** The availability of HeyReach, which can be checked without a key. */
export interface Upstream {
  /** Whether HeyReach responded to any request in the last `ms`. */
  respondedWithin(ms: number): boolean;
  /** Sends a request without a key. @returns whether HeyReach responded. */
  checkHealth(): Promise<boolean>;
}

/** The body of a response of `/readyz`. */
export type Readiness = { status: 'ready' } | { status: 'not ready'; reason: string };

/** Serves `GET /healthz` (the process runs) and `GET /readyz` (calls would reach HeyReach). */
export function healthRoutes(upstream: Upstream, shutdown: GracefulShutdown): Middleware {
  return (exchange) => {
    if (exchange.path === '/readyz') return respondReadiness(exchange, upstream, shutdown);
    if (exchange.path !== '/healthz') return undefined;
    exchange.respond(200, { status: 'ok' });
    return 'ended';
  };
}

async function respondReadiness(
  exchange: HttpExchange,
  upstream: Upstream,
  shutdown: GracefulShutdown,
): Promise<'ended'> {
  const readiness: Readiness = shutdown.isShuttingDown
    ? { status: 'not ready', reason: 'stopping' }
    : await readReadiness(upstream);
  exchange.respond(readiness.status === 'ready' ? 200 : 503, readiness);
  return 'ended';
}

/** Ready means that HeyReach responded in the last minute, or responds now. */
export async function readReadiness(upstream: Upstream): Promise<Readiness> {
  if (upstream.respondedWithin(FRESH_MS) || (await upstream.checkHealth())) return { status: 'ready' };
  return { status: 'not ready', reason: 'HeyReach does not answer' };
}
