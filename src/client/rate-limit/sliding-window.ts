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
   * When a call starts that is behind `ahead` other calls, if `cap` calls may start in a window.
   * @param from the earliest start of any call.
   */
  estimateStart(ahead: number, cap: number, from: number): number {
    // The pattern of the known starts repeats every `cap` calls, one window later.
    return this.#free(ahead % cap, cap, from) + Math.floor(ahead / cap) * this.#windowMs;
  }

  /** The same for a call with a smaller cap, and that `others` with a larger cap precede. */
  estimateStartBehind(others: { count: number; cap: number }, ahead: number, cap: number, from: number): number {
    if (others.count === 0) return this.estimateStart(ahead, cap, from);
    const last = this.estimateStart(others.count - 1, others.cap, from);
    const turn = (ahead % cap) + others.count;
    const at =
      turn < cap ? this.#free(turn, cap, last) : this.estimateStart(turn - cap, others.cap, from) + this.#windowMs;
    return Math.max(last, at) + Math.floor(ahead / cap) * this.#windowMs;
  }

  /** When `turn` further starts leave room for one more: the start `cap` starts before it has then left the window. */
  #free(turn: number, cap: number, from: number): number {
    const before = this.#starts[this.#starts.length + turn - cap];
    return before === undefined ? from : Math.max(from, before + this.#windowMs);
  }

  #forgetOld(now: number): void {
    let old = 0;
    while (old < this.#starts.length && now - this.#starts[old]! >= this.#windowMs) old += 1;
    if (old > 0) this.#starts.splice(0, old);
  }
}
