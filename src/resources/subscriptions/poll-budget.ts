const SLOTS = 6;
const WINDOW_MS = 60_000;

/**
 * Limits the polling calls of a key to six in any rolling minute. A call holds its slot until a minute after its end, because
 * it may have been sent at any time before.
 */
export class PollBudget {
  #inFlight = 0;
  /** When each used slot is free again, the earliest first. */
  readonly #freeAt: number[] = [];

  constructor(
    readonly slots = SLOTS,
    readonly windowMs = WINDOW_MS,
  ) {}

  /** @returns false when no call may begin now. */
  take(now: number): boolean {
    if (this.waitFor(1, now) > 0) return false;
    this.#inFlight += 1;
    return true;
  }

  /** A call that took a slot has ended. */
  end(now: number): void {
    this.#inFlight -= 1;
    this.#freeAt.push(now + this.windowMs);
  }

  /** The milliseconds until a number of calls may begin. Infinite where calls in flight have to end first. */
  waitFor(calls: number, now: number): number {
    while (this.#freeAt.length > 0 && this.#freeAt[0]! <= now) this.#freeAt.shift();
    const unused = this.slots - this.#inFlight - calls;
    if (unused < 0) return Number.POSITIVE_INFINITY;
    const missing = this.#freeAt.length - unused;
    return missing <= 0 ? 0 : this.#freeAt[missing - 1]! - now;
  }

  /** No slot is in use. */
  isUnused(now: number): boolean {
    return this.waitFor(this.slots, now) === 0;
  }
}
