import { Breaker } from './breaker.ts';
import { OperationCaller } from './call.ts';
import type { CircuitReport } from './circuit.ts';
import { HttpSender } from './http.ts';
import { Quotas } from './quotas.ts';
import { createMemoryStore, type SharedStore } from './store.ts';

export interface ConnectionOptions {
  /** Scheme and host of the API, or how to find it out with the first request. */
  origin: string | (() => string | Promise<string>);
  /** Requests per key in any rolling minute; HeyReach allows 300. */
  requestsPerMinute?: number;
  /** The window HeyReach counts in; tests shorten it. */
  windowMs?: number;
  store?: SharedStore;
  userAgent?: string;
  /** Told when calls are held back because HeyReach is down, and when they go on. */
  onCircuit?: (report: CircuitReport) => void;
}

/** What all calls to one host have in common: connections, quotas, circuits. */
export class Engine {
  readonly #sender: HttpSender;
  readonly #quotas: Quotas;
  readonly #breaker: Breaker;

  constructor(options: ConnectionOptions) {
    const { origin } = options;
    this.#sender = new HttpSender({
      origin: typeof origin === 'function' ? origin : () => origin,
      userAgent: options.userAgent ?? 'heyreach-mcp',
    });
    this.#quotas = new Quotas({
      store: options.store ?? createMemoryStore(),
      cap: options.requestsPerMinute ?? 300,
      windowMs: options.windowMs,
    });
    this.#breaker = new Breaker({ report: options.onCircuit });
  }

  callerFor(key: string, fingerprint: string): OperationCaller {
    return new OperationCaller({
      sender: this.#sender,
      quotas: this.#quotas,
      breaker: this.#breaker,
      key,
      fingerprint,
    });
  }

  close(): Promise<void> {
    return this.#sender.close();
  }
}
