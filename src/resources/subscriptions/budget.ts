const SLOTS = 6;
const WINDOW_MS = 60_000;

/**
 * What looking for changes may cost a key: so many calls in any rolling minute. A call keeps its slot until a minute after it
 * has ended, since it may have left at any moment before.
 */
export class Budget {
  #underWay = 0;
  /** When each slot is free again, the next one first. */
  readonly #free: number[] = [];

  constructor(
    readonly slots = SLOTS,
    readonly windowMs = WINDOW_MS,
  ) {}

  /** @returns false when no call may begin now. */
  take(now: number): boolean {
    if (this.waitFor(1, now) > 0) return false;
    this.#underWay += 1;
    return true;
  }

  /** A call that took a slot has ended. */
  end(now: number): void {
    this.#underWay -= 1;
    this.#free.push(now + this.windowMs);
  }

  /** The milliseconds until so many calls may begin; infinite while calls are under way that have to end first. */
  waitFor(calls: number, now: number): number {
    while (this.#free.length > 0 && this.#free[0]! <= now) this.#free.shift();
    const left = this.slots - this.#underWay - calls;
    if (left < 0) return Number.POSITIVE_INFINITY;
    const inTheWay = this.#free.length - left;
    return inTheWay <= 0 ? 0 : this.#free[inTheWay - 1]! - now;
  }

  /** Nothing of it is taken. */
  isWhole(now: number): boolean {
    return this.waitFor(this.slots, now) === 0;
  }
}
