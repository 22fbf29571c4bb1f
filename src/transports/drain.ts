import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Longer than any call takes. */
const DRAIN_MS = 60_000;
/** What is still open when nothing is under way any more sends us something that is never served. */
const LINGER_MS = 1_000;
const SWEEP_MS = 50;

export interface DrainOptions {
  /** The door stays open for so long, to say that it is closed: a load balancer needs a while to notice. */
  openMs: number;
  isBusy(): boolean;
  endStreams(): void;
}

/** The connections of a server, of which node only tells those that are idle after a request. */
export class Connections {
  readonly #server: Server;
  readonly #unused = new Set<Socket>();

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#unused.add(socket);
      socket.once('close', () => this.#unused.delete(socket));
    });
    for (const event of ['request', 'checkContinue']) {
      server.on(event, ({ socket }: { socket: Socket }) => this.#unused.delete(socket));
    }
  }

  /** Resolves when what is under way has ended, or has been ended, and nobody can come any more. */
  drain({ openMs, isBusy, endStreams }: DrainOptions): Promise<void> {
    const server = this.#server;
    const shut = performance.now() + openMs;
    const late = shut + DRAIN_MS;
    let isShut = false;
    let shutAt = 0;
    return new Promise((resolve) => {
      // A kept connection becomes idle only with its last answer, and a stream may be about to open.
      const sweep = setInterval(() => {
        const now = performance.now();
        endStreams();
        if (now >= late || (isShut && now >= shutAt + LINGER_MS)) server.closeAllConnections();
        else if (isShut) server.closeIdleConnections();
        if (isShut || now < shut || (isBusy() && now < late)) return;
        isShut = true;
        shutAt = now;
        server.close(() => {
          clearInterval(sweep);
          resolve();
        });
        // To node a connection that was never used is not idle.
        for (const socket of this.#unused) socket.destroy();
      }, SWEEP_MS);
    });
  }
}
