/** The clock of the sandbox. It can be moved forward, and follows real time when it is running. */
export class Clock {
  readonly #running: boolean;
  readonly #startAt: number;
  readonly #realStart = performance.now();
  #moved = 0;

  constructor(startAt: number, running: boolean) {
    this.#startAt = startAt;
    this.#running = running;
  }

  now(): number {
    const passed = this.#running ? Math.floor(performance.now() - this.#realStart) : 0;
    return this.#startAt + this.#moved + passed;
  }

  move(ms: number): void {
    if (!(ms >= 0)) throw new RangeError('The clock only moves forward.');
    this.#moved += ms;
  }
}
