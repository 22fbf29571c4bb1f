import { Circuit, type CircuitReport } from './circuit.ts';
import { HeyReachError } from './errors.ts';
import { type Ended, type Health, readEnd, UNTOLD } from './health.ts';
import type { Exchange } from './http.ts';

/** Keys whose last call failed; those that failed longest ago are forgotten first. */
const MAX_KEYS = 1_000;

/** The end of a call, as it is found out. */
export interface Watched {
  /** The circuit had been open: this call alone finds out how things are, with its first attempt. */
  isProbe: boolean;
  /** Says how an attempt ended; the last word counts, of a probe the first. */
  tell(ended: Exchange, ms: number): void;
}

/**
 * Keeps an outage of HeyReach from becoming a storm: after five calls in a row that failed, calls are refused here for a cooling
 * time, then one at a time is let through until one is answered. One circuit is that of the host, over all keys. Its own
 * 5xx, which one key's payload may cause, count only for the key that got them.
 */
export class Breaker {
  readonly #host: Circuit;
  /** Of keys whose calls have failed, those that failed last at the end. */
  readonly #keys = new Map<string, Circuit>();
  readonly #waiting = new Set<{ key: string; leave: (error: HeyReachError) => void }>();
  readonly #random: () => number;
  readonly #report: (report: CircuitReport) => void;

  constructor(options: { random?: () => number; report?: ((report: CircuitReport) => void) | undefined } = {}) {
    this.#random = options.random ?? Math.random;
    this.#report = options.report ?? (() => {});
    this.#host = this.#makeCircuit(undefined, (health) => health === 'out');
  }

  /** The error for a call, or a further attempt of one, that must not be made now; or undefined. */
  refusal(key: string, isNew = true): HeyReachError | undefined {
    const own = this.#keys.get(key);
    if (this.#host.isClosed && own?.isClosed !== false) return undefined;
    const refusals = [this.#host, own].map((one) => one?.refusal(isNew)).filter((one) => one !== undefined);
    const [longest] = refusals.sort((a, b) => b.seconds - a.seconds);
    return longest && heldBack(longest);
  }

  /** Whether calls of all keys are held back, and how many keys have their own calls refused right now. */
  snapshot(): { hostIsHeldBack: boolean; keysHeldBack: number } {
    // A key that stays away after its cooling time is never probed, and would count for ever.
    const refusing = [...this.#keys.values()].filter((circuit) => circuit.refusal(true) !== undefined);
    return { hostIsHeldBack: !this.#host.isClosed, keysHeldBack: refusing.length };
  }

  /** Calls `leave` when calls of this key are refused from now on. @returns how to stop waiting for that. */
  onOpen(key: string, leave: (error: HeyReachError) => void): () => void {
    const one = { key, leave };
    this.#waiting.add(one);
    return () => this.#waiting.delete(one);
  }

  /** Makes a call and learns from it. @throws what `call` throws, or the refusal. */
  async watch<Result>(key: string, operation: string, call: (watched: Watched) => Promise<Result>): Promise<Result> {
    const refusal = this.refusal(key);
    if (refusal !== undefined) throw refusal;
    const own = this.#keys.get(key);
    const since = { host: this.#host.openings, own: own?.openings ?? 0 };
    if (!this.#host.isClosed || own?.isClosed === false) return this.#probe(key, operation, since, call);
    let last: Ended = UNTOLD;
    const tell = (ended: Exchange, ms: number) => {
      last = readEnd(ended, ms) ?? last;
    };
    try {
      return await call({ isProbe: false, tell });
    } finally {
      await this.#learn(key, operation, since, last);
    }
  }

  /** A request that had outlived its caller was answered after all. */
  async tellLate(key: string, operation: string, ended: Exchange): Promise<void> {
    const late = readEnd(ended, 0);
    if (late?.health !== 'alive') return;
    const since = { host: this.#host.openings, own: this.#keys.get(key)?.openings ?? 0 };
    await this.#learn(key, operation, since, late);
  }

  async #probe<Result>(key: string, operation: string, since: Since, call: (watched: Watched) => Promise<Result>) {
    let result!: Promise<Result>;
    let first: Ended = UNTOLD;
    const make = () =>
      new Promise<Ended>((settle) => {
        const tell = (ended: Exchange, ms: number) => {
          first = readEnd(ended, ms) ?? UNTOLD;
          settle(first);
        };
        result = call({ isProbe: true, tell });
        const end = () => settle(UNTOLD);
        result.then(end, end);
      });
    const open = [this.#keys.get(key), this.#host].filter((circuit) => circuit?.isClosed === false);
    await open.reduce((next, circuit) => () => circuit!.probe(next), make)();
    await this.#learn(key, operation, since, first);
    return result;
  }

  async #learn(key: string, operation: string, since: Since, ended: Ended): Promise<void> {
    await this.#host.learn(ended, operation, since.host);
    const isFailed = ended.health === 'out' || ended.health === 'stumbled';
    // Made meanwhile by another call of the key, perhaps.
    const own = isFailed ? this.#circuitOf(key) : this.#keys.get(key);
    await own?.learn(ended, operation, since.own);
  }

  /** A key without a failure has no circuit. */
  #circuitOf(key: string): Circuit {
    const circuit =
      this.#keys.get(key) ?? this.#makeCircuit(key, (health) => health === 'out' || health === 'stumbled');
    this.#keys.delete(key);
    this.#keys.set(key, circuit);
    if (this.#keys.size > MAX_KEYS) {
      for (const [other, { isClosed }] of this.#keys) {
        if (!isClosed) continue;
        this.#keys.delete(other);
        break;
      }
    }
    return circuit;
  }

  #makeCircuit(key: string | undefined, minds: (health: Health) => boolean): Circuit {
    return new Circuit(minds, this.#random, (report) => {
      this.#report({ ...report, key });
      if (report.state === 'closed') return;
      const { failure = '', coolingMs: ms = 0 } = report;
      const error = heldBack({ failure, seconds: Math.ceil(ms / 1_000) });
      for (const one of [...this.#waiting]) if (key === undefined || one.key === key) one.leave(error);
    });
  }
}

/** How often each circuit had opened when a call began. */
interface Since {
  host: number;
  own: number;
}

function heldBack({ failure, seconds }: { failure: string; seconds: number }): HeyReachError {
  return new HeyReachError({
    kind: 'outage',
    outcome: 'not_sent',
    message: `the last calls to HeyReach have all failed (${failure}), so none is made for the next ${seconds} s`,
    retryAfterSeconds: seconds,
    meaning: 'HeyReach, or the way to it, seems to be down; this call was held back here.',
    nextStep: `Try again in ${seconds} s: one call is let through then to see whether HeyReach is back.`,
  });
}
