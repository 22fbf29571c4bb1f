import type { Random } from '../../../../src/sandbox/random.ts';
import type { Outcome } from '../outcome.ts';
import type { Wanted } from '../wanted.ts';
import type { LoadClient } from './client.ts';
import type { PlainClient } from './plain.ts';

/** Most calls are still in flight after this time. */
const LEAVES_WITHIN_MS = 150;

/** Closes the connection during most of its calls. */
export class HangingUp implements LoadClient {
  readonly #client: PlainClient;
  readonly #random: Random;

  constructor(client: PlainClient, random: Random) {
    this.#client = client;
    this.#random = random;
  }

  get owner() {
    return this.#client.owner;
  }

  ask(request: Wanted): Promise<Outcome> {
    const signal = AbortSignal.timeout(this.#random.int(0, LEAVES_WITHIN_MS));
    return this.#client.askUntil(request, signal).outcome;
  }

  close() {
    return this.#client.close();
  }
}

/** Cancels most of its calls with a notification, as clients of 2025 do, and then waits for the outcome. */
export class Cancelling implements LoadClient {
  readonly #client: PlainClient;
  readonly #random: Random;

  /** @param client has an extra connection for the cancellations. */
  constructor(client: PlainClient, random: Random) {
    this.#client = client;
    this.#random = random;
  }

  get owner() {
    return this.#client.owner;
  }

  async ask(request: Wanted): Promise<Outcome> {
    const { id, outcome } = this.#client.askUntil(request, undefined);
    let isCancelled = false;
    const timer = setTimeout(
      () => {
        isCancelled = true;
        const cancelled = { requestId: id, reason: 'Changed my mind' };
        // If the server is gone, the call reports it.
        this.#client.notify('notifications/cancelled', cancelled).catch(() => {});
      },
      this.#random.int(0, LEAVES_WITHIN_MS),
    );
    const ended = await outcome;
    clearTimeout(timer);
    // The server closes the connection.
    return isCancelled && ended.end === undefined ? { end: 'left', faults: [] } : ended;
  }

  close() {
    return this.#client.close();
  }
}
