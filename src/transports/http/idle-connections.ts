import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The connections without a request in flight: after their last response, and before their first request. Clients can hold many
 * of them open. Near the limit of connections, a new one therefore closes the connection that is idle for longest.
 */
export class IdleConnections {
  /** In the order in which they became idle. */
  readonly #idle = new Set<Socket>();
  /** The number of requests in flight of each open connection. */
  readonly #inFlight = new Map<Socket, number>();

  /** @param limit how many connections may be open before idle ones are closed. */
  track(server: Server, limit: number): void {
    server.on('connection', (socket) => {
      this.#inFlight.set(socket, 0);
      this.#idle.add(socket);
      socket.once('close', () => {
        this.#inFlight.delete(socket);
        this.#idle.delete(socket);
      });
      if (this.#inFlight.size > limit) this.#closeLongest();
    });
  }

  requestStarted(socket: Socket): void {
    this.#idle.delete(socket);
    this.#inFlight.set(socket, (this.#inFlight.get(socket) ?? 0) + 1);
  }

  requestEnded(socket: Socket): void {
    const left = (this.#inFlight.get(socket) ?? 0) - 1;
    // A connection that has closed is not tracked any more.
    if (left < 0) return;
    this.#inFlight.set(socket, left);
    if (left === 0) this.#idle.add(socket);
  }

  closeAll(): void {
    for (const socket of this.#idle) socket.destroy();
  }

  #closeLongest(): void {
    const [longest] = this.#idle;
    longest?.destroy();
    if (longest !== undefined) this.#idle.delete(longest);
  }
}
