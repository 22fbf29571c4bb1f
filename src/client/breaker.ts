import {
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  DelegateBackoff,
  handleWhenResult,
  type IBreaker,
} from 'cockatiel';
import { HeyReachError } from './errors.ts';
import { describeFault } from './faults.ts';
import type { Exchange } from './http.ts';

const FAILED_CALLS = 5;
const COOLING_MS = 10_000;
const MAX_COOLING_MS = 60_000;
/** While one call finds out how things are, others are asked to come back in so long. */
const PROBE_SECONDS = 5;
/** Left without an answer for so long, a call says as much about HeyReach as a timeout does. */
const SILENT_MS = 10_000;
/** Keys whose last call failed; those that failed longest ago are forgotten first. */
const MAX_KEYS = 1_000;
/** What gateways answer when nobody is behind them; any other 5xx may be about the request. */
const GATEWAY = new Set([502, 503, 504, 524]);

/** What the end of a call says of HeyReach. */
export type Health =
  /** It answered. */
  | 'alive'
  /** It could not be reached, or said nothing, or a gateway spoke for it. */
  | 'out'
  /** A 5xx of its own: it is out, or stumbles over this very request. */
  | 'stumbled'
  /** The call was over before anything could be known. */
  | 'untold';

/** A circuit opened or closed, for logs. */
export interface CircuitReport {
  state: 'open' | 'closed';
  /** The fingerprint of the key whose calls are held back; undefined for all keys. */
  key: string | undefined;
  /** How the last call failed, and for how long no other is made. */
  failure?: string;
  coolingMs?: number;
}

/** @param ms how long the exchange has taken. */
export function healthOf(ended: Exchange, ms: number): Health {
  if (ended.type === 'answer') return ended.status < 500 ? 'alive' : GATEWAY.has(ended.status) ? 'out' : 'stumbled';
  switch (ended.reason) {
    case 'cancelled':
    case 'deadline':
      return ended.bytesLeft && ms >= SILENT_MS ? 'out' : 'untold';
    case 'too_large':
      return 'alive';
    case 'invalid':
      return 'untold';
    default:
      return 'out';
  }
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
class Circuit {
  readonly #policy: CircuitBreakerPolicy;
  readonly #run = new Run();
  readonly #minds: (health: Health) => boolean;
  #failure = '';
  #coolUntil = 0;

  /** @param minds whether an end of that kind counts as failed. */
  constructor(minds: (health: Health) => boolean, random: () => number, report: (report: CircuitReport) => void) {
    this.#minds = minds;
    const cool = new DelegateBackoff(({ attempt }: { attempt: number }) => {
      const ms = coolingMs(attempt - 1, random());
      this.#coolUntil = performance.now() + ms;
      report({ state: 'open', key: undefined, failure: this.#failure, coolingMs: ms });
      // The policy would wait by the system clock, which may be set back by an hour: `refusal` does it instead.
      return Number.NEGATIVE_INFINITY;
    });
    const failed = handleWhenResult((isFailed) => isFailed === true);
    this.#policy = circuitBreaker(failed, { halfOpenAfter: cool, breaker: this.#run });
    this.#policy.onReset(() => report({ state: 'closed', key: undefined }));
  }

  get isClosed(): boolean {
    return this.#policy.state === CircuitState.Closed;
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

  /** Makes a call that nothing refuses. A call that finds the circuit cooled down is the probe. */
  async watch(operation: string, call: () => Promise<{ health: Health; failure: string }>): Promise<void> {
    const isProbe = !this.isClosed;
    await this.#policy
      .execute(async () => {
        const { health, failure } = await call();
        if (health === 'alive') return false;
        if (this.#minds(health)) {
          this.#run.add(health, operation);
          this.#failure = failure;
          return true;
        }
        // What says nothing leaves a run as it is. A probe has to say something, and that HeyReach stumbled says it is there.
        if (isProbe) return health === 'untold';
        throw UNTOLD;
      })
      .catch((error: unknown) => {
        if (error !== UNTOLD) throw error;
      });
  }
}

const UNTOLD = new Error('says nothing of HeyReach');

/** The end of a call, as it is found out. */
export interface Watched {
  /** The circuit had been open: this call alone finds out how things are. */
  isProbe: boolean;
  /** Says how an attempt ended; the last word counts. */
  tell(ended: Exchange, ms: number): void;
}

/**
 * Keeps an outage of HeyReach from becoming a storm: after five calls in a row that failed, calls are refused here for a cooling
 * time, then one at a time is let through until one is answered. One circuit is that of the host, over all keys. Its own
 * 5xx, which one key's payload may cause, count only for the key that got them.
 */
export class Breaker {
  readonly #host: Circuit;
  readonly #keys = new Map<string, Circuit>();
  readonly #waiting = new Set<{ key: string; leave: () => void }>();
  readonly #random: () => number;
  readonly #report: (report: CircuitReport) => void;

  constructor(options: { random?: () => number; report?: ((report: CircuitReport) => void) | undefined } = {}) {
    this.#random = options.random ?? Math.random;
    this.#report = options.report ?? (() => {});
    this.#host = this.#makeCircuit(undefined, (health) => health === 'out');
  }

  /** The error for a call, or a further attempt of one, that must not be made now; or undefined. */
  refusal(key: string, isNew = true): HeyReachError | undefined {
    const circuits = [this.#host, this.#keys.get(key)];
    const refusals = circuits.map((one) => one?.refusal(isNew)).filter((one) => one !== undefined);
    const [longest] = refusals.sort((a, b) => b.seconds - a.seconds);
    return longest && refused(longest);
  }

  /** Calls `leave` when calls of this key are refused from now on. @returns how to stop waiting for that. */
  onOpen(key: string, leave: () => void): () => void {
    const one = { key, leave };
    this.#waiting.add(one);
    return () => this.#waiting.delete(one);
  }

  /** Makes a call and learns from it. @throws what `call` throws, or the refusal. */
  async watch<Result>(key: string, operation: string, call: (watched: Watched) => Promise<Result>): Promise<Result> {
    const refusal = this.refusal(key);
    if (refusal !== undefined) throw refusal;
    const isProbe = !this.#host.isClosed || this.#keys.get(key)?.isClosed === false;
    let health: Health = 'untold';
    let failure = '';
    let result!: Promise<Result>;
    const make = async () => {
      result = call({
        isProbe,
        tell(ended, ms) {
          const told = healthOf(ended, ms);
          if (told === 'untold') return;
          health = told;
          failure = ended.type === 'answer' ? `HTTP ${ended.status}` : describeFault(ended.reason);
        },
      });
      await result.catch(() => {});
      return { health, failure };
    };
    await this.#host.watch(operation, () => this.#watchKey(key, operation, make));
    return result;
  }

  /** A request that had outlived its caller was answered after all. */
  async tellLate(key: string, operation: string, ended: Exchange): Promise<void> {
    if (this.refusal(key) !== undefined || healthOf(ended, 0) !== 'alive') return;
    await this.watch(key, operation, async ({ tell }) => tell(ended, 0));
  }

  async #watchKey(key: string, operation: string, make: () => Promise<{ health: Health; failure: string }>) {
    const own = this.#keys.get(key);
    if (own !== undefined) {
      let ended = { health: 'untold' as Health, failure: '' };
      await own.watch(operation, async () => {
        ended = await make();
        return ended;
      });
      if (ended.health === 'alive' && own.isClosed) this.#keys.delete(key);
      return ended;
    }
    const ended = await make();
    if (ended.health === 'out' || ended.health === 'stumbled') {
      const circuit = this.#circuitOf(key);
      // Others of this key may have opened it meanwhile: then this end is no news.
      if (circuit.isClosed) await circuit.watch(operation, async () => ended);
    }
    return ended;
  }

  /** A key without a failure has no circuit. */
  #circuitOf(key: string): Circuit {
    let circuit = this.#keys.get(key);
    if (circuit === undefined) {
      circuit = this.#makeCircuit(key, (health) => health === 'out' || health === 'stumbled');
      this.#keys.set(key, circuit);
      if (this.#keys.size > MAX_KEYS) this.#keys.delete(this.#keys.keys().next().value!);
    }
    return circuit;
  }

  #makeCircuit(key: string | undefined, minds: (health: Health) => boolean): Circuit {
    return new Circuit(minds, this.#random, (report) => {
      this.#report({ ...report, key });
      if (report.state === 'closed') return;
      for (const one of [...this.#waiting]) if (key === undefined || one.key === key) one.leave();
    });
  }
}

function refused({ failure, seconds }: { failure: string; seconds: number }): HeyReachError {
  return new HeyReachError({
    kind: 'outage',
    outcome: 'not_sent',
    message: `the last calls to HeyReach have all failed (${failure}), so none is made for the next ${seconds} s`,
    retryAfterSeconds: seconds,
    meaning: 'HeyReach, or the way to it, seems to be down; this call was held back here.',
    nextStep: `Try again in ${seconds} s: one call is let through then to see whether HeyReach is back.`,
  });
}
