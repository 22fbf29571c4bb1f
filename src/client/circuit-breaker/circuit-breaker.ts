import { LRUCache } from 'lru-cache';
import type { CircuitNews, SharedCircuits } from '../../state/circuits.ts';
import { HeyReachError } from '../errors.ts';
import type { HttpResult } from '../http-types.ts';
import { Circuit, type CircuitReport } from './circuit.ts';
import { type ClassifiedCall, classifyCall, INCONCLUSIVE } from './classify-call.ts';

/** Keys with failed calls whose circuit is closed. The key that failed longest ago is forgotten first. */
const MAX_CLOSED_KEYS = 1_000;

/** A process that waits for the probe of another one asks again after this long, as it may have missed the result. */
const ASK_AGAIN_MS = 5_000;

/** A call that the circuit breaker allows. */
export interface AllowedCall {
  /** The circuit was open. The first attempt of this call alone decides whether it closes. */
  isHalfOpenProbe: boolean;
  /** Reports an attempt. The last conclusive attempt of a call counts, or the first attempt of a probe. */
  report(httpResult: HttpResult, ms: number): void;
  /** Records the call. Must be called once the call has ended, however it ended. */
  end(): Promise<void>;
}

/** What a circuit breaker reports to, and shares. */
export interface CircuitBreakerOptions {
  /** From 0 to 1, for the jitter of openings. */
  random?: () => number;
  report?: ((report: CircuitReport) => void) | undefined;
  /** The circuits of all processes. Undefined for a single one. */
  shared?: SharedCircuits | undefined;
}

/**
 * Keeps an outage of HeyReach from becoming a storm of requests.
 *
 * - After five failed calls in a row the circuit opens, and calls are rejected here.
 * - After a while one call at a time is sent as a probe, until HeyReach responds to one.
 * - The circuit of the host covers all keys.
 * - A 5xx of HeyReach's own may be about one key's payload, so it counts only in the circuit of that key.
 */
export class CircuitBreaker {
  readonly #host: Circuit;
  readonly #shared: SharedCircuits | undefined;
  /** A key without a failed call has no circuit. */
  readonly #closed = new LRUCache<string, Circuit>({ max: MAX_CLOSED_KEYS });
  /** Open and half-open circuits of keys, which are never forgotten. */
  readonly #open = new Map<string, Circuit>();
  readonly #openListeners = new Set<{ key: string; onOpen: (error: HeyReachError) => void }>();
  readonly #random: () => number;
  readonly #report: (report: CircuitReport) => void;

  constructor(options: CircuitBreakerOptions = {}) {
    this.#shared = options.shared;
    options.shared?.listen((news) => void this.#onNews(news));
    this.#random = options.random ?? Math.random;
    this.#report = options.report ?? (() => {});
    this.#host = new Circuit(
      (result) => result === 'outage',
      this.#random,
      (report) => this.#onChange(report),
    );
  }

  /** Why a call, or a retry of one, is rejected now, or undefined if it may be sent. */
  rejection(key: string, isNew = true): HeyReachError | undefined {
    const own = this.#open.get(key);
    if (this.#host.isClosed && own === undefined) return undefined;
    const rejections = [this.#host, own].map((circuit) => circuit?.rejection(isNew));
    const [longest] = rejections.filter((rejection) => rejection !== undefined).sort((a, b) => b.seconds - a.seconds);
    return longest && openCircuitError(longest);
  }

  /**
   * Allows a call, with a promise only where other processes have to agree to a probe.
   * @throws HeyReachError the rejection, if the circuit of the host or of the key is open.
   */
  allow(key: string, operation: string): AllowedCall | Promise<AllowedCall> {
    const rejection = this.rejection(key);
    if (rejection !== undefined) throw rejection;
    const own = this.#open.get(key);
    if (this.#host.isClosed && own === undefined) return this.#allowed(key, operation, []);
    const probed: Probed[] = [];
    if (!this.#host.isClosed) probed.push({ circuit: this.#host, key: undefined });
    if (own?.isClosed === false) probed.push({ circuit: own, key });
    for (const { circuit } of probed) circuit.beginProbe();
    const shared = this.#shared;
    if (shared === undefined) return this.#allowed(key, operation, probed);
    return this.#takeProbes(shared, probed, operation).then(() => this.#allowed(key, operation, probed));
  }

  /** Takes the probes from the other processes. @throws HeyReachError if another one has a probe. */
  async #takeProbes(shared: SharedCircuits, probed: Probed[], operation: string): Promise<void> {
    const taken: Probed[] = [];
    for (const probe of probed) {
      const waitMs = Math.min(ASK_AGAIN_MS, await shared.takeProbe(probe.key));
      if (waitMs <= 0) {
        taken.push(probe);
        continue;
      }
      const { failure } = probe.circuit;
      // Nothing is sent, so other processes may have the probes that this one got.
      for (const { circuit, key } of taken) this.#count(key, circuit, operation, INCONCLUSIVE, performance.now(), true);
      for (const { circuit } of probed) await circuit.leaveProbe(circuit === probe.circuit ? waitMs : 0);
      throw openCircuitError({ failure, seconds: Math.ceil(waitMs / 1_000) });
    }
  }

  #allowed(key: string, operation: string, probed: Probed[]): AllowedCall {
    const since = this.#openings(key);
    const began = performance.now();
    const isHalfOpenProbe = probed.length > 0;
    let last = INCONCLUSIVE;
    let recorded: Promise<void> | undefined;
    const record = async () => {
      const call = last;
      for (const { circuit, key: probedKey } of probed) {
        await circuit.endProbe(call);
        this.#count(probedKey, circuit, operation, call, began, true);
      }
      await this.#record(key, operation, since, call, began);
    };
    const end = () => {
      recorded ??= record();
      return recorded;
    };
    return {
      isHalfOpenProbe,
      report(httpResult, ms) {
        const attempt = classifyCall(httpResult, ms);
        if (attempt.result !== 'inconclusive') last = attempt;
        if (isHalfOpenProbe) void end();
      },
      end,
    };
  }

  /** Records the response to a request whose caller had already left. A failure shows nothing new. */
  async reportDetached(key: string, operation: string, httpResult: HttpResult): Promise<void> {
    const call = classifyCall(httpResult, 0);
    if (call.result === 'ok') await this.#record(key, operation, this.#openings(key), call, performance.now());
  }

  /** Calls `onOpen` when calls of this key start to be rejected. @returns a function that stops that. */
  onOpen(key: string, onOpen: (error: HeyReachError) => void): () => void {
    const listener = { key, onOpen };
    this.#openListeners.add(listener);
    return () => this.#openListeners.delete(listener);
  }

  /** Whether calls of all keys are rejected, and of how many single keys. */
  snapshot(): { isHostCircuitOpen: boolean; openKeyCircuits: number } {
    // A key that is never used again is never probed. It does not count once it may be.
    const rejecting = [...this.#open.values()].filter((circuit) => circuit.rejection(true) !== undefined);
    return { isHostCircuitOpen: !this.#host.isClosed, openKeyCircuits: rejecting.length };
  }

  #openings(key: string): Openings {
    const own = this.#open.get(key) ?? this.#closed.peek(key);
    return { host: this.#host.openings, own: own?.openings ?? 0 };
  }

  async #record(
    ...[key, operation, since, call, began]: [string, string, Openings, ClassifiedCall, number]
  ): Promise<void> {
    this.#count(undefined, this.#host, operation, call, began);
    await this.#host.record(call, operation, since.host);
    const isFailed = call.result === 'outage' || call.result === 'serverError';
    const own = isFailed ? this.#circuitOf(key) : this.#closed.peek(key);
    if (own === undefined) return;
    this.#count(key, own, operation, call, began);
    await own.record(call, operation, since.own);
  }

  /** Counts a call over all processes, where it changes anything. No call waits for that. */
  #count(
    key: string | undefined,
    circuit: Circuit,
    operation: string,
    { result, failure }: ClassifiedCall,
    began: number,
    isHalfOpenProbe = false,
  ): void {
    if (this.#shared === undefined || (!isHalfOpenProbe && !circuit.isClosed)) return;
    const isFailed = circuit.isFailure(result);
    if (!isHalfOpenProbe && !isFailed && (result !== 'ok' || !circuit.isFailing)) return;
    const counted = isFailed ? 'failed' : result === 'inconclusive' ? result : 'ok';
    const ofOperation = result === 'serverError' ? operation : undefined;
    const ageMs = performance.now() - began;
    void this.#shared.count(
      key,
      { result: counted, operation: ofOperation, failure, ageMs, isHalfOpenProbe },
      this.#random(),
    );
  }

  /** The circuit of a key, made with its first failed call. */
  #circuitOf(key: string): Circuit {
    const own = this.#open.get(key) ?? this.#closed.get(key);
    if (own !== undefined) return own;
    const circuit: Circuit = new Circuit(
      (result) => result === 'outage' || result === 'serverError',
      this.#random,
      (report) => {
        if (report.state === 'open') {
          this.#open.set(key, circuit);
          this.#closed.delete(key);
        } else {
          this.#open.delete(key);
          this.#closed.set(key, circuit);
        }
        this.#onChange({ ...report, key });
      },
    );
    this.#closed.set(key, circuit);
    return circuit;
  }

  async #onNews(news: CircuitNews): Promise<void> {
    const { key } = news;
    const known = key === undefined ? this.#host : (this.#open.get(key) ?? this.#closed.peek(key));
    if (known === undefined && news.state === 'closed') return;
    await (known ?? this.#circuitOf(key!)).applyNews(news);
  }

  #onChange(report: CircuitReport): void {
    this.#report(report);
    if (report.state === 'closed') return;
    const { key, failure = '', openForMs: ms = 0 } = report;
    const error = openCircuitError({ failure, seconds: Math.ceil(ms / 1_000) });
    for (const listener of [...this.#openListeners]) {
      if (key === undefined || listener.key === key) listener.onOpen(error);
    }
  }
}

/** An open circuit whose probe a call is. */
interface Probed {
  circuit: Circuit;
  /** undefined for the circuit of the host. */
  key: string | undefined;
}

/** How often each circuit had opened when a call began. */
interface Openings {
  host: number;
  own: number;
}

function openCircuitError({ failure, seconds }: { failure: string; seconds: number }): HeyReachError {
  return new HeyReachError({
    kind: 'outage',
    outcome: 'not_sent',
    message: `HeyReach is unavailable (last error: ${failure}). Calls are paused for ${seconds} s.`,
    retryAfterSeconds: seconds,
    meaning: 'HeyReach, or the network to it, seems to be down. The call was not sent.',
    nextStep: `Try again in ${seconds} s. The server then sends one call to test whether HeyReach is back.`,
  });
}
