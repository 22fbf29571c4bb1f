import { type GracefulShutdown, SHUTTING_DOWN } from '../graceful-shutdown.ts';
import type { Middleware } from '../pipeline.ts';

/** Rejects new requests during a shutdown, and closes their connections. */
export function shutdownGate(shutdown: GracefulShutdown): Middleware {
  return () => (shutdown.isShuttingDown ? SHUTTING_DOWN : undefined);
}
