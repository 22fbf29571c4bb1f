import { type Refusal, refuseForNow } from './refusals.ts';

/** How many requests may be under way at once. */
export interface Bounds {
  perCaller: number;
  all: number;
}

/** A place in the house, to be left once. */
export interface Place {
  leave(): void;
}

/** Counts what is under way, for each caller and for all. */
export class Admission {
  readonly #bounds: Bounds;
  readonly #what: string;
  readonly #counts = new Map<string, number>();
  #all = 0;

  /** @param what is counted, in the words of a refusal. */
  constructor(bounds: Bounds, what: string) {
    this.#bounds = bounds;
    this.#what = what;
  }

  get size(): number {
    return this.#all;
  }

  /** Takes so many places at once, or none. */
  enter(caller: string, count = 1): Place | Refusal {
    const { perCaller, all } = this.#bounds;
    const own = this.#counts.get(caller) ?? 0;
    if (own + count > perCaller) {
      return refuseForNow(429, 'caller_busy', `${perCaller} ${this.#what} of yours are open; wait for some to end.`);
    }
    if (this.#all + count > all)
      return refuseForNow(503, 'server_busy', `The server is busy: ${all} ${this.#what} are open.`);
    this.#add(caller, count);
    let isLeft = false;
    return {
      leave: () => {
        if (isLeft) return;
        isLeft = true;
        this.#add(caller, -count);
      },
    };
  }

  #add(caller: string, count: number): void {
    const own = (this.#counts.get(caller) ?? 0) + count;
    if (own === 0) this.#counts.delete(caller);
    else this.#counts.set(caller, own);
    this.#all += count;
  }
}
