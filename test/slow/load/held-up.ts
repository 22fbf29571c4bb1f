import { readProcess } from './server.ts';

const LOOK_MS = 100;
/** A delay of a call happens near its beginning or its end. */
const NEAR_MS = 2_500;

/**
 * Measures how long the machine or the clients themselves delayed the processes of the load. A call may be later by
 * this time without a fault of the server. A server that is busy itself waits for no processor, so its own delay is not
 * excused.
 */
export class HeldUp {
  readonly #began: number;
  readonly #sums: { at: number; ms: number }[] = [];
  readonly #timer: NodeJS.Timeout;

  /**
   * @param pids returns the pids of the other processes. @param began the start of the load, by `performance.now()`;
   * `at` counts from it.
   */
  constructor(pids: () => readonly number[], began: number) {
    this.#began = began;
    let lag = 0;
    let waited = 0;
    const lastOf = new Map<number, number>();
    let due = performance.now() + LOOK_MS;
    this.#timer = setInterval(() => {
      const now = performance.now();
      lag += Math.max(0, now - due);
      due = now + LOOK_MS;
      for (const pid of pids()) {
        const ms = waitedMs(pid);
        // A process that has just started or ended adds nothing.
        waited += Math.max(0, ms - (lastOf.get(pid) ?? ms));
        lastOf.set(pid, ms);
      }
      this.#sums.push({ at: now - began, ms: lag + waited });
    }, LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The time for which a call may have been delayed. */
  during({ at, ms }: { at: number; ms: number }): number {
    const end = at + ms;
    if (ms <= 2 * NEAR_MS) return this.#between(at - LOOK_MS, end + LOOK_MS);
    return this.#between(at - LOOK_MS, at + NEAR_MS) + this.#between(end - NEAR_MS, end + LOOK_MS);
  }

  /** The time for which a request that arrived then may have been delayed. `epochMs` is in ms since the epoch. */
  before(epochMs: number): number {
    const at = epochMs - performance.timeOrigin - this.#began;
    return this.#between(at - NEAR_MS, at + LOOK_MS);
  }

  #between(from: number, to: number): number {
    const first = this.#sums.findLast(({ at }) => at <= from) ?? this.#sums[0];
    const last = this.#sums.find(({ at }) => at >= to) ?? this.#sums.at(-1);
    return first === undefined ? 0 : last!.ms - first.ms;
  }
}

/** The time for which the main thread of a process was ready to run, but had no processor. */
function waitedMs(pid: number): number {
  return Number(readProcess(pid, 'schedstat').split(' ')[1] ?? 0) / 1e6;
}
