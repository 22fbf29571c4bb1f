import {
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  DelegateBackoff,
  handleWhenResult,
  type IBreaker,
} from 'cockatiel';
import type { Ended, Health } from './health.ts';

const FAILED_CALLS = 5;
const COOLING_MS = 10_000;
const MAX_COOLING_MS = 60_000;
/** While one call finds out how things are, others are asked to come back in so long. */
const PROBE_SECONDS = 5;

/** A circuit opened or closed, for logs. */
export interface CircuitReport {
  state: 'open' | 'closed';
  /** The fingerprint of the key whose calls are held back; undefined for all keys. */
  key: string | undefined;
  /** How the last call failed, and for how long no other is made. */
  failure?: string;
  coolingMs?: number;
}

/** How long calls are held back: from ten seconds up to a minute, the longer the more probes have failed, with jitter. */
export function coolingMs(failedProbes: number, random: number): number {
  return Math.round(Math.min(MAX_COOLING_MS, COOLING_MS * 2 ** failedProbes) * (1 - random / 2));
}

/** Failed calls in a row. A 5xx of HeyReach's own counts only once two operations got one, since it may be the payload. */
class Run implements IBreaker {
  state: unknown;
  #out = 0;
  readonly #stumbled = new Map<string, number>();

  add(health: Health, operation: string): void {
    if (health === 'out') this.#out += 1;
    else this.#stumbled.set(operation, (this.#stumbled.get(operation) ?? 0) + 1);
  }

  success(): void {
    this.#out = 0;
    this.#stumbled.clear();
  }

  failure(): boolean {
    const stumbles = [...this.#stumbled.values()].reduce((sum, count) => sum + count, 0);
    return this.#out + (this.#stumbled.size > 1 ? stumbles : 0) >= FAILED_CALLS;
  }
}

/** One circuit: of the host, or of a key. */
export class Circuit {
  readonly #policy: CircuitBreakerPolicy;
  readonly #run = new Run();
  readonly #minds: (health: Health) => boolean;
  #failure = '';
  #failedProbes = 0;
  /** The last probe was cancelled, or ran out of time by itself. */
  #isUntold = false;
  #coolUntil = 0;
  #openings = 0;

  /** @param minds whether an end of that kind counts as failed. */
  constructor(minds: (health: Health) => boolean, random: () => number, report: (report: CircuitReport) => void) {
    this.#minds = minds;
    const cool = new DelegateBackoff(() => {
      const ms = this.#isUntold ? 0 : coolingMs(this.#failedProbes, random());
      this.#coolUntil = performance.now() + ms;
      this.#openings += 1;
      if (!this.#isUntold) {
        this.#failedProbes += 1;
        report({ state: 'open', key: undefined, failure: this.#failure, coolingMs: ms });
      }
      // The policy would wait by the system clock, which may be set back by an hour: `refusal` does it instead.
      return Number.NEGATIVE_INFINITY;
    });
    const failed = handleWhenResult((isFailed) => isFailed === true);
    this.#policy = circuitBreaker(failed, { halfOpenAfter: cool, breaker: this.#run });
    this.#policy.onReset(() => {
      this.#failedProbes = 0;
      report({ state: 'closed', key: undefined });
    });
  }

  get isClosed(): boolean {
    return this.#policy.state === CircuitState.Closed;
  }

  /** How often it has opened: a call that began before an opening tells nothing about the time after it. */
  get openings(): number {
    return this.#openings;
  }

  /**
   * Why no call can be made now, and for how long; undefined when one can.
   * @param mayProbe false for a further attempt of a call: only a new one can be the probe.
   */
  refusal(mayProbe: boolean): { failure: string; seconds: number } | undefined {
    const { state } = this.#policy;
    const left = this.#coolUntil - performance.now();
    if (state === CircuitState.Closed || (mayProbe && state === CircuitState.Open && left <= 0)) return undefined;
    return { failure: this.#failure, seconds: left > 0 ? Math.ceil(left / 1_000) : PROBE_SECONDS };
  }

  /** Learns from a call that has ended, if nothing has opened it since that call began. */
  async learn({ health, failure }: Ended, operation: string, since: number): Promise<void> {
    if (!this.isClosed || since !== this.#openings) return;
    if (health === 'alive') this.#run.success();
    else if (this.#minds(health)) {
      this.#run.add(health, operation);
      this.#failure = failure;
      this.#isUntold = false;
      await this.#policy.execute(() => true);
    }
  }

  /** Makes the one call that finds out how things are; the others are refused until it has ended. */
  async probe(call: () => Promise<Ended>): Promise<Ended> {
    let ended!: Ended;
    await this.#policy.execute(async () => {
      ended = await call();
      const isFailed = this.#minds(ended.health);
      if (isFailed) this.#failure = ended.failure;
      this.#isUntold = ended.health === 'untold';
      return isFailed || this.#isUntold;
    });
    return ended;
  }
}
