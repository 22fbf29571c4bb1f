import { type HttpError, retryLater } from '../../lib/http-error.ts';

/** How many requests may be in flight at the same time. */
export interface ConcurrencyLimits {
  perCaller: number;
  all: number;
}

/** Room for one or more requests in flight. A second release has no effect. */
export interface Slot {
  release(): void;
}

/** Counts what is in flight, per caller and in total. */
export class ConcurrencyLimiter {
  readonly #limits: ConcurrencyLimits;
  readonly #noun: string;
  readonly #counts = new Map<string, number>();
  #total = 0;

  /** @param noun names the counted things in rejections, in the plural. */
  constructor(limits: ConcurrencyLimits, noun: string) {
    this.#limits = limits;
    this.#noun = noun;
  }

  get size(): number {
    return this.#total;
  }

  /** Takes room for all `count` requests, or rejects all of them. */
  acquire(caller: string, count = 1): Slot | HttpError {
    const { perCaller, all } = this.#limits;
    const own = this.#counts.get(caller) ?? 0;
    if (own + count > perCaller) {
      const message = `You have the maximum of ${perCaller} ${this.#noun} open. Nothing was done. Retry when one has ended.`;
      return retryLater(429, 'caller_busy', message);
    }
    if (this.#total + count > all) {
      const message = `The server is busy: ${all} ${this.#noun} are open. Nothing was done. Retry the request.`;
      return retryLater(503, 'server_busy', message);
    }
    this.#add(caller, count);
    let isReleased = false;
    return {
      release: () => {
        if (isReleased) return;
        isReleased = true;
        this.#add(caller, -count);
      },
    };
  }

  #add(caller: string, count: number): void {
    const own = (this.#counts.get(caller) ?? 0) + count;
    if (own === 0) this.#counts.delete(caller);
    else this.#counts.set(caller, own);
    this.#total += count;
  }
}
