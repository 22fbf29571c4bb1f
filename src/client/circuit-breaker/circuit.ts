import {
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  DelegateBackoff,
  handleWhenResult,
  type IBreaker,
} from 'cockatiel';
import { type CircuitNews, MAX_FAILED_CALLS, openForMs } from '../../state/circuits.ts';
import { type CallResult, type ClassifiedCall, INCONCLUSIVE } from './classify-call.ts';

/** Retry-After of calls that are rejected during a half-open probe. */
const HALF_OPEN_SECONDS = 5;

/** A circuit opened or closed, for logs. */
export interface CircuitReport {
  state: 'open' | 'closed';
  /** The fingerprint of the key whose calls are rejected, or undefined for all keys. */
  key: string | undefined;
  /** How the last call failed. */
  failure?: string;
  /** How long the circuit stays open. */
  openForMs?: number;
}

/** Counts failed calls in a row. HeyReach's own 5xx count only once two operations got one, because the payload may cause them. */
class FailureRun implements IBreaker {
  state: unknown;
  /** The failed calls are those of other processes. */
  isOpenedElsewhere = false;
  #outages = 0;
  readonly #serverErrors = new Map<string, number>();

  add(result: CallResult, operation: string): void {
    if (result === 'outage') this.#outages += 1;
    else this.#serverErrors.set(operation, (this.#serverErrors.get(operation) ?? 0) + 1);
  }

  success(): void {
    this.#outages = 0;
    this.#serverErrors.clear();
  }

  get isEmpty(): boolean {
    return this.#outages === 0 && this.#serverErrors.size === 0;
  }

  failure(): boolean {
    if (this.isOpenedElsewhere) return true;
    const serverErrors = [...this.#serverErrors.values()].reduce((sum, count) => sum + count, 0);
    return this.#outages + (this.#serverErrors.size > 1 ? serverErrors : 0) >= MAX_FAILED_CALLS;
  }
}

/** The circuit of the host, or of one key. */
export class Circuit {
  readonly #policy: CircuitBreakerPolicy;
  readonly #run = new FailureRun();
  /** Whether a result counts as a failure. */
  readonly isFailure: (result: CallResult) => boolean;
  readonly #report: (report: CircuitReport) => void;
  #failure = '';
  #failedProbes = 0;
  /** The last probe was cancelled, or its deadline passed before it showed anything. */
  #isInconclusive = false;
  /** How long the circuit stays open, as the process says that opened it. */
  #sharedOpenMs: number | undefined;
  /** A call of another process has failed since the last success. */
  #failsElsewhere = false;
  #openUntil = 0;
  #openings = 0;
  #probe: Promise<boolean> | undefined;
  #settleProbe: (isFailed: boolean) => void = () => {};

  constructor(
    isFailure: (result: CallResult) => boolean,
    random: () => number,
    report: (report: CircuitReport) => void,
  ) {
    this.isFailure = isFailure;
    this.#report = report;
    const halfOpenAfter = new DelegateBackoff(() => {
      const ms = this.#isInconclusive ? 0 : (this.#sharedOpenMs ?? openForMs(this.#failedProbes, random()));
      this.#openUntil = performance.now() + ms;
      this.#openings += 1;
      if (!this.#isInconclusive) {
        this.#failedProbes += 1;
        report({ state: 'open', key: undefined, failure: this.#failure, openForMs: ms });
      }
      // The policy waits by the system clock, which can be set back by an hour. `rejection` waits instead.
      return Number.NEGATIVE_INFINITY;
    });
    const isFailed = handleWhenResult((result) => result === true);
    this.#policy = circuitBreaker(isFailed, { halfOpenAfter, breaker: this.#run });
    this.#policy.onReset(() => {
      this.#endRun();
      this.#failedProbes = 0;
      report({ state: 'closed', key: undefined });
    });
  }

  /** How the last call failed. */
  get failure(): string {
    return this.#failure;
  }

  get isClosed(): boolean {
    return this.#policy.state === CircuitState.Closed;
  }

  /** Whether the next call that does not fail ends a run of failed calls. */
  get isFailing(): boolean {
    return this.#failsElsewhere || !this.#run.isEmpty;
  }

  /** How often the circuit has opened. A call that began before an opening says nothing about the time after it. */
  get openings(): number {
    return this.#openings;
  }

  /**
   * Why a call is rejected now, and for how long, or undefined if it may be sent.
   * @param mayProbe false for a retry, because only a new call can be the probe.
   */
  rejection(mayProbe: boolean): { failure: string; seconds: number } | undefined {
    const { state } = this.#policy;
    const leftMs = this.#openUntil - performance.now();
    if (state === CircuitState.Closed || (mayProbe && state === CircuitState.Open && leftMs <= 0)) return undefined;
    return { failure: this.#failure, seconds: leftMs > 0 ? Math.ceil(leftMs / 1_000) : HALF_OPEN_SECONDS };
  }

  /** Records a finished call, unless the circuit has opened since the call began. @param since `openings` at that time. */
  async record({ result, failure }: ClassifiedCall, operation: string, since: number): Promise<void> {
    if (!this.isClosed || since !== this.#openings) return;
    if (result === 'ok') this.#endRun();
    else if (this.isFailure(result)) {
      this.#run.add(result, operation);
      this.#failure = failure;
      this.#isInconclusive = false;
      await this.#policy.execute(() => true);
    }
  }

  /** Half-opens the circuit for one call. Other calls are rejected until `endProbe`. */
  beginProbe(): void {
    const isFailed = new Promise<boolean>((resolve) => {
      this.#settleProbe = resolve;
    });
    this.#probe = this.#policy.execute(() => isFailed);
  }

  /** Closes the circuit, or opens it again, as the probe shows. */
  async endProbe({ result, failure }: ClassifiedCall): Promise<void> {
    const isFailed = this.isFailure(result);
    if (isFailed) this.#failure = failure;
    this.#isInconclusive = result === 'inconclusive';
    this.#settleProbe(isFailed || this.#isInconclusive);
    await this.#probe;
  }

  /** Another process has the probe. Calls are rejected for `ms`. */
  async leaveProbe(ms: number): Promise<void> {
    await this.endProbe(INCONCLUSIVE);
    this.#openUntil = performance.now() + ms;
  }

  /** Takes over what the processes that share the circuit know of it. A probe of this process decides by itself. */
  async applyNews({ state, failure, openForMs: ms }: CircuitNews): Promise<void> {
    if (this.#policy.state === CircuitState.HalfOpen) return;
    if (state === 'failing') this.#failsElsewhere = true;
    else if (state === 'closed') await this.#closeAsShared();
    else await this.#openAsShared(failure, ms);
  }

  async #openAsShared(failure: string, ms: number): Promise<void> {
    this.#failure = failure;
    if (this.isClosed) {
      this.#sharedOpenMs = ms;
      this.#isInconclusive = false;
      this.#run.isOpenedElsewhere = true;
      await this.#policy.execute(() => true);
      this.#run.isOpenedElsewhere = false;
      this.#sharedOpenMs = undefined;
      return;
    }
    // This process has opened it by itself a moment ago, or the probe of another one has failed.
    const isNews = this.#openUntil <= performance.now();
    this.#openUntil = performance.now() + ms;
    if (isNews) this.#report({ state: 'open', key: undefined, failure, openForMs: ms });
  }

  async #closeAsShared(): Promise<void> {
    if (this.isClosed) return this.#endRun();
    await this.#policy.execute(() => false);
  }

  #endRun(): void {
    this.#run.success();
    this.#failsElsewhere = false;
  }
}
