import { Breaker } from './breaker.ts';
import { OperationCaller } from './call.ts';
import type { CircuitReport } from './circuit.ts';
import { HttpSender } from './http.ts';
import { Probe } from './probe.ts';
import { Quotas } from './quotas.ts';
import { createMemoryStore, type SharedStore } from './store.ts';
import type { ConnectionSnapshot, ConnectionWatch } from './watch.ts';

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
  /** Told of slots and requests, for numbers. */
  watch?: ConnectionWatch | undefined;
}

/** What all calls to one host have in common: connections, quotas, circuits. */
export class Engine {
  readonly #sender: HttpSender;
  readonly #quotas: Quotas;
  readonly #breaker: Breaker;
  readonly #probe: Probe;
  readonly #watch: ConnectionWatch | undefined;

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
    this.#probe = new Probe(this.#sender);
    this.#watch = options.watch;
  }

  callerFor(key: string, fingerprint: string): OperationCaller {
    return new OperationCaller({
      sender: this.#sender,
      quotas: this.#quotas,
      breaker: this.#breaker,
      watch: this.#watch,
      key,
      fingerprint,
    });
  }

  snapshot(): ConnectionSnapshot {
    return { ...this.#quotas.snapshot(), ...this.#breaker.snapshot() };
  }

  answeredWithin(ms: number): boolean {
    return this.#sender.answeredWithin(ms);
  }

  probe(): Promise<boolean> {
    return this.#probe.ask();
  }

  close(): Promise<void> {
    return this.#sender.close();
  }
}
