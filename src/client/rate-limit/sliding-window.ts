/**
 * The recent starts of one key, and estimates for later calls. Times are of `performance.now()`. The system clock can be set
 * back or forward, and a window on it would then stop or burst.
 */
export class SlidingWindow {
  readonly #windowMs: number;
  /** Oldest first. */
  readonly #starts: number[] = [];

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** Adds a start. Starts must be added in order. */
  add(now: number): void {
    this.#forgetOld(now);
    this.#starts.push(now);
  }

  /** Removes a start whose request was not sent. */
  remove(start: number): void {
    const index = this.#starts.lastIndexOf(start);
    if (index !== -1) this.#starts.splice(index, 1);
  }

  /** The number of starts in the window. */
  count(now: number): number {
    this.#forgetOld(now);
    return this.#starts.length;
  }

  /** The oldest start in the window. */
  oldest(now: number): number | undefined {
    this.#forgetOld(now);
    return this.#starts[0];
  }

  /**
   * When a call starts that is behind `ahead` other calls, if they and it may use `slots` of a window.
   * @param from the earliest start of any call.
   */
  estimateStart(ahead: number, slots: number, from: number): number {
    // The pattern of the known starts repeats every `slots` calls, one window later.
    return this.#free(ahead % slots, slots, from) + Math.floor(ahead / slots) * this.#windowMs;
  }

  /** The same for a call that may use fewer slots, and that `others` with more slots precede. */
  estimateStartBehind(others: { count: number; slots: number }, ahead: number, slots: number, from: number): number {
    if (others.count === 0) return this.estimateStart(ahead, slots, from);
    const last = this.estimateStart(others.count - 1, others.slots, from);
    const turn = (ahead % slots) + others.count;
    const at =
      turn < slots
        ? this.#free(turn, slots, last)
        : this.estimateStart(turn - slots, others.slots, from) + this.#windowMs;
    return Math.max(last, at) + Math.floor(ahead / slots) * this.#windowMs;
  }

  /** When `turn` further starts leave room for one more: the start `slots` places before it has then left the window. */
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
