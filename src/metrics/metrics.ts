import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ConnectionSnapshot, ConnectionWatch, RequestEnd } from '../client/index.ts';
import type { ToolReport, ToolWatch } from '../tools/context.ts';
import type { ExchangeReport } from '../transports/exchange.ts';

/** What is read anew with each look at the numbers. */
export interface Sources {
  http(): HttpSnapshot;
  heyreach(): ConnectionSnapshot;
}

export interface HttpSnapshot {
  /** Exchanges that are not over, streams apart. */
  inFlight: number;
  /** Streams of changes that are open. */
  streams: number;
}

const PREFIX = 'heyreach_mcp_';
/** A tool has 55 s at most; what took longer has waited for a person. */
const TOOL_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 55];
const WAIT_SECONDS = [0.005, 0.1, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 55];
/** What must not be repeated is given 90 s. */
const REQUEST_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45, 90];
/** More words than there are for refusals: should one ever be made of what a caller sent, series stay countable. */
const MAX_REFUSALS = 40;

/**
 * The numbers of one running server, for Prometheus. Labels are words of this program: nothing that names a caller, a key or
 * anything of a workspace, and nothing that somebody outside could make up.
 */
export class Metrics implements ToolWatch, ConnectionWatch {
  readonly #registry = new Registry();
  readonly #tools: ReadonlySet<string>;
  readonly #refusals = new Set<string>();
  #sources: Sources = {
    http: () => ({ inFlight: 0, streams: 0 }),
    heyreach: () => ({ waiting: 0, quotaUsed: 0, hostIsHeldBack: false, keysHeldBack: 0 }),
  };

  readonly #toolCalls = this.#counter('tool_calls_total', 'Calls of tools that have ended, by how they ended.', [
    'tool',
    'outcome',
  ]);
  readonly #toolSeconds = this.#histogram('tool_duration_seconds', 'How long calls of tools took.', TOOL_SECONDS, [
    'tool',
  ]);
  readonly #requests = this.#counter(
    'upstream_requests_total',
    'Requests to HeyReach that have ended, by class of status, or by why there was no answer.',
    ['result'],
  );
  readonly #requestSeconds = this.#histogram(
    'upstream_request_duration_seconds',
    'How long requests to HeyReach took, answered or not.',
    REQUEST_SECONDS,
  );
  readonly #rateLimited = this.#counter('upstream_rate_limited_total', 'Requests that HeyReach answered 429.');
  readonly #retries = this.#counter('upstream_retries_total', 'Requests that were not the first of their call.');
  readonly #requestsInFlight = this.#gauge('upstream_requests_in_flight', 'Requests to HeyReach that are under way.');
  readonly #waitSeconds = this.#histogram(
    'upstream_wait_seconds',
    'How long a request waited for its turn in the quota of its key.',
    WAIT_SECONDS,
  );
  readonly #exchanges = this.#counter(
    'http_exchanges_total',
    'HTTP exchanges that are over, by class of status and by why they were turned away.',
    ['kind', 'status', 'refusal'],
  );

  /** @param options.tools names of all tools there are: a call of any other counts as one of `unknown`. */
  constructor({ tools }: { tools: readonly string[] }) {
    this.#tools = new Set(tools);
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge('upstream_waiting', 'Calls that wait for their turn in the quota of their key.', () => {
      return this.#sources.heyreach().waiting;
    });
    this.#gauge('upstream_quota_used_ratio', 'What the busiest key has used of its rolling minute, 0 to 1.', () => {
      return this.#sources.heyreach().quotaUsed;
    });
    this.#gauge('upstream_host_circuit_open', '1 while calls are held back because HeyReach seems to be down.', () => {
      return Number(this.#sources.heyreach().hostIsHeldBack);
    });
    this.#gauge('upstream_key_circuits_open', 'Keys whose own calls are held back right now.', () => {
      return this.#sources.heyreach().keysHeldBack;
    });
    this.#gauge(
      'http_exchanges_in_flight',
      'Requests that are under way over HTTP, of a batch each one; streams apart.',
      () => {
        return this.#sources.http().inFlight;
      },
    );
    this.#gauge('http_streams_open', 'Streams of changes that are open.', () => this.#sources.http().streams);
  }

  /** From now on reads these with each look; until then nothing is going on. */
  observe(sources: Sources): void {
    this.#sources = sources;
  }

  toolEnded({ tool: name, outcome, ms }: ToolReport): void {
    const tool = this.#tools.has(name) ? name : 'unknown';
    this.#toolCalls.inc({ tool, outcome });
    this.#toolSeconds.observe({ tool }, ms / 1_000);
  }

  slotTaken(waitedMs: number): void {
    this.#waitSeconds.observe(waitedMs / 1_000);
  }

  attemptStarted(attempt: number): void {
    this.#requestsInFlight.inc();
    if (attempt > 1) this.#retries.inc();
  }

  attemptEnded({ ended, ms }: RequestEnd): void {
    this.#requestsInFlight.dec();
    this.#requests.inc({ result: typeof ended === 'number' ? classOf(ended) : ended });
    this.#requestSeconds.observe(ms / 1_000);
    if (ended === 429) this.#rateLimited.inc();
  }

  exchangeEnded({ status, refusal, isStream }: ExchangeReport): void {
    const kind = isStream ? 'stream' : 'call';
    this.#exchanges.inc({ kind, status: classOf(status), refusal: this.#labelOf(refusal ?? 'none') });
  }

  /** What Prometheus is to be told that it reads. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All numbers as they are now, in Prometheus' text format. */
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

  /** @param read gives the value with each look; without it the value is kept here. */
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

/** `2xx` for 200 and so on; `none` where nothing was answered, and `other` for what is no status of HTTP. */
function classOf(status: number): string {
  if (status === 0) return 'none';
  return status >= 100 && status < 600 ? `${Math.floor(status / 100)}xx` : 'other';
}
