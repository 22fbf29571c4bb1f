import { LRUCache } from 'lru-cache';
import type { SharedCircuits } from '../state/circuits.ts';
import { permitsInMemory } from '../state/memory/permits.ts';
import type { Permits } from '../state/permits.ts';
import type { CircuitReport } from './circuit-breaker/circuit.ts';
import { CircuitBreaker } from './circuit-breaker/circuit-breaker.ts';
import { HealthCheck } from './health-check.ts';
import { HttpSender } from './http-sender.ts';
import type { ClientInstrumentation, ConnectionSnapshot } from './instrumentation.ts';
import { RateLimiters } from './rate-limit/rate-limiters.ts';
import { RequestExecutor } from './request-executor.ts';

/** How many accepted keys are remembered. */
const MAX_KEYS = 10_000;

/** How a connection reaches HeyReach, and what it shares with other processes. */
export interface ConnectionOptions {
  /** Scheme and host of the API, or a function that returns them when the first request needs them. */
  origin: string | (() => string | Promise<string>);
  /** Requests per key in any rolling minute. HeyReach allows 300. */
  requestsPerMinute?: number;
  /** The window in which HeyReach counts. Tests shorten it. */
  windowMs?: number | undefined;
  /** Who may start requests. Replicas share it. */
  permits?: Permits;
  /** The circuits of all replicas. */
  circuits?: SharedCircuits | undefined;
  userAgent?: string;
  /** Called when the circuit breaker starts or stops rejecting calls. */
  onCircuit?: (report: CircuitReport) => void;
  instrumentation?: ClientInstrumentation | undefined;
}

/** Everything that all calls to one host share: connections, rate limiters, circuits. */
export class ClientRuntime {
  readonly #sender: HttpSender;
  readonly #limiters: RateLimiters;
  readonly #breaker: CircuitBreaker;
  readonly #healthCheck: HealthCheck;
  readonly #instrumentation: ClientInstrumentation | undefined;
  /** The fingerprints of keys that HeyReach has accepted. */
  readonly #accepted = new LRUCache<string, true>({ max: MAX_KEYS });

  constructor(options: ConnectionOptions) {
    const { origin } = options;
    this.#sender = new HttpSender({
      origin: typeof origin === 'function' ? origin : () => origin,
      userAgent: options.userAgent ?? 'heyreach-mcp',
    });
    this.#limiters = new RateLimiters({
      permits: options.permits ?? permitsInMemory(),
      cap: options.requestsPerMinute ?? 300,
      windowMs: options.windowMs,
    });
    this.#breaker = new CircuitBreaker({ report: options.onCircuit, shared: options.circuits });
    this.#healthCheck = new HealthCheck(this.#sender);
    this.#instrumentation = options.instrumentation;
  }

  executorFor(key: string, fingerprint: string): RequestExecutor {
    return new RequestExecutor({
      sender: this.#sender,
      limiters: this.#limiters,
      breaker: this.#breaker,
      instrumentation: this.#instrumentation,
      key,
      fingerprint,
      onAccepted: () => this.#accepted.set(fingerprint, true),
    });
  }

  hasAccepted(fingerprint: string): boolean {
    return this.#accepted.has(fingerprint);
  }

  snapshot(): ConnectionSnapshot {
    return { ...this.#limiters.snapshot(), ...this.#breaker.snapshot() };
  }

  get isSandbox(): boolean {
    return this.#sender.isSandbox;
  }

  respondedWithin(ms: number): boolean {
    return this.#sender.respondedWithin(ms);
  }

  checkHealth(): Promise<boolean> {
    return this.#healthCheck.run();
  }

  close(): Promise<void> {
    return this.#sender.close();
  }
}
