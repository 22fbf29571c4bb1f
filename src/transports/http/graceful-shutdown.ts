import type { Server } from 'node:http';
import { retryLater } from '../../lib/http-error.ts';
import type { IdleConnections } from './idle-connections.ts';

/** How long a shutdown waits for requests in flight. Longer than any call takes. */
export const DRAIN_MS = 60_000;
/** How long a connection without a request in flight may stay open. Its client sends a request that is never served. */
const SOCKET_GRACE_MS = 1_000;
const SWEEP_MS = 50;

/** The rejection of every request from SIGTERM on. */
export const SHUTTING_DOWN = retryLater(503, 'stopping', 'The server is shutting down. Nothing was done. Retry later.');

/** What a shutdown waits for. */
export interface ShutdownOptions {
  /** How long the port stays open to reject requests: a load balancer needs time to notice. */
  openMs: number;
  isBusy(): boolean;
  endStreams(): void;
}

/** Shuts an HTTP server down without cutting off requests in flight. */
export class GracefulShutdown {
  /** Node does not count a connection without a first request as idle. */
  readonly #idle: IdleConnections;
  #isShuttingDown = false;

  constructor(idle: IdleConnections) {
    this.#idle = idle;
  }

  get isShuttingDown(): boolean {
    return this.#isShuttingDown;
  }

  /** Resolves when every request has ended or was ended, and the port is closed. */
  shutdown(server: Server, { openMs, isBusy, endStreams }: ShutdownOptions): Promise<void> {
    this.#isShuttingDown = true;
    const closeAt = performance.now() + openMs;
    const deadline = closeAt + DRAIN_MS;
    let closedAt: number | undefined;
    return new Promise((resolve) => {
      // A keep-alive connection becomes idle only with its last response, and a stream may be about to open.
      const sweep = setInterval(() => {
        const now = performance.now();
        endStreams();
        if (now >= deadline || (closedAt !== undefined && now >= closedAt + SOCKET_GRACE_MS)) {
          server.closeAllConnections();
        } else if (closedAt !== undefined) this.#idle.closeAll();
        if (closedAt !== undefined || now < closeAt || (isBusy() && now < deadline)) return;
        closedAt = now;
        server.close(() => {
          clearInterval(sweep);
          resolve();
        });
        this.#idle.closeAll();
      }, SWEEP_MS);
    });
  }
}
