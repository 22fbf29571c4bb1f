import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ClientInstrumentation, ConnectionSnapshot, RequestOutcome } from '../client/index.ts';
import type { ExchangeReport, ToolInstrumentation, ToolReport } from './events.ts';

/** Read at each scrape. */
export interface SnapshotSources {
  http(): HttpSnapshot;
  heyreach(): ConnectionSnapshot;
}

/** What is open over HTTP at the time of a scrape. */
export interface HttpSnapshot {
  /** Requests in flight, without streams. */
  inFlight: number;
  /** Open `subscriptions/listen` streams. */
  streams: number;
}

const PREFIX = 'heyreach_mcp_';
/** A tool has at most 55 s. A longer call waited for a confirmation. */
const TOOL_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 55];
const WAIT_SECONDS = [0.005, 0.1, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 55];
/** A request that is never retried has 90 s. */
const REQUEST_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45, 90];
/** More than there are reasons of rejections. It bounds the number of series if a reason ever contained client input. */
const MAX_REFUSALS = 60;

/**
 * The Prometheus metrics of one server. Label values come from this program alone: no caller, no key, no workspace data, and
 * no client input.
 */
export class Metrics implements ToolInstrumentation, ClientInstrumentation {
  readonly #registry = new Registry();
  readonly #tools: ReadonlySet<string>;
  readonly #refusals = new Set<string>();
  #sources: SnapshotSources = {
    http: () => ({ inFlight: 0, streams: 0 }),
    heyreach: () => ({ waiting: 0, permitsUsed: 0, isHostCircuitOpen: false, openKeyCircuits: 0 }),
  };

  #isStoreUp: () => boolean = () => true;

  readonly #toolCalls = this.#counter('tool_calls_total', 'Completed tool calls, by outcome.', ['tool', 'outcome']);
  readonly #toolSeconds = this.#histogram('tool_duration_seconds', 'Duration of tool calls.', TOOL_SECONDS, ['tool']);
  readonly #requests = this.#counter(
    'upstream_requests_total',
    'Completed requests to HeyReach, by status class, or by the reason of a missing response.',
    ['result'],
  );
  readonly #requestSeconds = this.#histogram(
    'upstream_request_duration_seconds',
    'Duration of requests to HeyReach, with or without a response.',
    REQUEST_SECONDS,
  );
  readonly #rateLimited = this.#counter('upstream_rate_limited_total', 'Requests that HeyReach rejected with 429.');
  readonly #retries = this.#counter('upstream_retries_total', 'Retries of requests to HeyReach.');
  readonly #requestsInFlight = this.#gauge('upstream_requests_in_flight', 'Requests to HeyReach in flight.');
  readonly #waitSeconds = this.#histogram(
    'upstream_wait_seconds',
    'Time that a request waited for the rate limiter of its key.',
    WAIT_SECONDS,
  );
  readonly #exchanges = this.#counter(
    'http_exchanges_total',
    'Completed HTTP requests, by status class and by the reason of the rejection.',
    ['kind', 'status', 'refusal'],
  );

  /** @param options.tools the names of all tools. Calls of any other tool count as `unknown`. */
  constructor({ tools }: { tools: readonly string[] }) {
    this.#tools = new Set(tools);
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge('upstream_waiting', 'Calls that wait for the rate limiter of their key.', () => {
      return this.#sources.heyreach().waiting;
    });
    this.#gauge('upstream_quota_used_ratio', 'Share of the rate limit that the busiest key has used, 0 to 1.', () => {
      return this.#sources.heyreach().permitsUsed;
    });
    this.#gauge(
      'upstream_host_circuit_open',
      '1 while the circuit breaker pauses all calls because HeyReach is unavailable.',
      () => {
        return Number(this.#sources.heyreach().isHostCircuitOpen);
      },
    );
    this.#gauge('upstream_key_circuits_open', 'Keys whose calls the circuit breaker pauses.', () => {
      return this.#sources.heyreach().openKeyCircuits;
    });
    this.#gauge('shared_store_up', '1 while the store that replicas share answers, or without such a store.', () => {
      return Number(this.#isStoreUp());
    });
    this.#gauge(
      'http_exchanges_in_flight',
      'JSON-RPC requests in flight over HTTP, without streams. A batch counts each of its requests.',
      () => {
        return this.#sources.http().inFlight;
      },
    );
    this.#gauge('http_streams_open', 'Open subscriptions/listen streams.', () => this.#sources.http().streams);
  }

  /** Sets how the gauge of the store that replicas share is read. Without that store it is 1. */
  observeStore(isUp: () => boolean): void {
    this.#isStoreUp = isUp;
  }

  /** Sets the sources of the gauges, which are 0 before. */
  observe(sources: SnapshotSources): void {
    this.#sources = sources;
  }

  toolEnded({ tool: name, outcome, ms }: ToolReport): void {
    const tool = this.#tools.has(name) ? name : 'unknown';
    this.#toolCalls.inc({ tool, outcome });
    this.#toolSeconds.observe({ tool }, ms / 1_000);
  }

  permitAcquired(waitedMs: number): void {
    this.#waitSeconds.observe(waitedMs / 1_000);
  }

  attemptStarted(attempt: number): void {
    this.#requestsInFlight.inc();
    if (attempt > 1) this.#retries.inc();
  }

  attemptEnded({ ended, ms }: RequestOutcome): void {
    this.#requestsInFlight.dec();
    this.#requests.inc({ result: typeof ended === 'number' ? classOf(ended) : ended });
    this.#requestSeconds.observe(ms / 1_000);
    if (ended === 429) this.#rateLimited.inc();
  }

  exchangeEnded({ status, refusal, isStream }: ExchangeReport): void {
    const kind = isStream ? 'stream' : 'call';
    this.#exchanges.inc({ kind, status: classOf(status), refusal: this.#labelOf(refusal ?? 'none') });
  }

  /** The content type of `text`. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The current values, in the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #labelOf(refusal: string): string {
    if (this.#refusals.size < MAX_REFUSALS && /^[a-z][a-z_]{0,31}$/.test(refusal)) this.#refusals.add(refusal);
    return this.#refusals.has(refusal) ? refusal : 'other';
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[] = []): Counter<Label> {
    return new Counter({ name: `${PREFIX}${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram<Label extends string>(name: string, help: string, buckets: number[], labelNames: Label[] = []) {
    return new Histogram({ name: `${PREFIX}${name}`, help, buckets, labelNames, registers: [this.#registry] });
  }

  /** @param read returns the value at each scrape. Without it, the caller sets the value. */
  #gauge(name: string, help: string, read?: () => number): Gauge {
    const gauge = { name: `${PREFIX}${name}`, help, registers: [this.#registry] };
    if (read === undefined) return new Gauge(gauge);
    return new Gauge({
      ...gauge,
      collect() {
        this.set(read());
      },
    });
  }
}

/** `2xx` for 200 and so on. `none` without a response, and `other` for an invalid status. */
function classOf(status: number): string {
  if (status === 0) return 'none';
  return status >= 100 && status < 600 ? `${Math.floor(status / 100)}xx` : 'other';
}
