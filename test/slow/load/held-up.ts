import { readProcess } from './server.ts';

const LOOK_MS = 100;
/** Whatever keeps a call waiting does so as it begins, or as it ends. */
const NEAR_MS = 2_500;

/**
 * For how long the processes of the load were held up by others on the machine, or the clients by themselves. That is no
 * fault of the server: a call may be so much later. A server that is busy with itself waits for no processor and is not excused.
 */
export class HeldUp {
  readonly #began: number;
  readonly #sums: { at: number; ms: number }[] = [];
  readonly #timer: NodeJS.Timeout;

  /** @param pids tells those of the other processes. @param began the start that `at` counts from, by `performance.now()`. */
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

  /** For how long a call may have been held up. */
  during({ at, ms }: { at: number; ms: number }): number {
    const end = at + ms;
    if (ms <= 2 * NEAR_MS) return this.#between(at - LOOK_MS, end + LOOK_MS);
    return this.#between(at - LOOK_MS, at + NEAR_MS) + this.#between(end - NEAR_MS, end + LOOK_MS);
  }

  /** For how long what arrived then, ms since the epoch, may have been held up. */
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

/** For how long the main thread of a process could have run and had no processor. */
function waitedMs(pid: number): number {
  return Number(readProcess(pid, 'schedstat').split(' ')[1] ?? 0) / 1e6;
}
