/**
 * The starts of one key, oldest first, and what they mean for calls to come. Times are those of `performance.now()`: the
 * system clock may be set back or forward, and a window measured with it would stand still or burst.
 */
export class Ledger {
  readonly #windowMs: number;
  readonly #starts: number[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Writes down a start; none is earlier than those before it. */
  add(now: number): void {
    this.#forgetOld(now);
    this.#starts.push(now);
  }

  /** Strikes a start out: its request was never made. */
  strike(start: number): void {
    const place = this.#starts.lastIndexOf(start);
    if (place !== -1) this.#starts.splice(place, 1);
  }

  /** How many starts still count. */
  count(now: number): number {
    this.#forgetOld(now);
    return this.#starts.length;
  }

  /** The oldest start that still counts. */
  oldest(now: number): number | undefined {
    this.#forgetOld(now);
    return this.#starts[0];
  }

  /**
   * When a call starts that has `ahead` others in front of it, all of which may fill `slots` of a window.
   * @param from nothing starts before.
   */
  foresee(ahead: number, slots: number, from: number): number {
    // Every `slots` calls the pattern of the known starts comes again, a window later.
    return this.#free(ahead % slots, slots, from) + Math.floor(ahead / slots) * this.#windowMs;
  }

  /** The same for a call that may fill fewer slots, and lets `others` calls with more of them go first. */
  foreseeBehind(others: { count: number; slots: number }, ahead: number, slots: number, from: number): number {
    if (others.count === 0) return this.foresee(ahead, slots, from);
    const last = this.foresee(others.count - 1, others.slots, from);
    const turn = (ahead % slots) + others.count;
    const at =
      turn < slots ? this.#free(turn, slots, last) : this.foresee(turn - slots, others.slots, from) + this.#windowMs;
    return Math.max(last, at) + Math.floor(ahead / slots) * this.#windowMs;
  }

  /** When the start that stands so many slots before the next but `turn` has left the window. */
  #free(turn: number, slots: number, from: number): number {
    const before = this.#starts[this.#starts.length + turn - slots];
    return before === undefined ? from : Math.max(from, before + this.#windowMs);
  }

  #forgetOld(now: number): void {
    let old = 0;
    while (old < this.#starts.length && now - this.#starts[old]! >= this.#windowMs) old += 1;
    if (old > 0) this.#starts.splice(0, old);
  }
}
