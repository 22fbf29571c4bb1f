import type { Budget } from './budget.ts';
import { type Turn, Turns } from './turns.ts';

/** What a target costs of which nothing is known yet. */
const FIRST_GUESS = 3;
const MAX_TIMER_MS = 2_147_483_647;
/** Who was told reads within so long: a look that has ended by then saw what they see. */
const SETTLED_MS = 2_000;

/** The calls that a look at a target may make. */
export interface Calls {
  /** @returns false when the budget has none left: the call must not be made. */
  begin(): boolean;
  /** A call that was begun has ended. */
  end(): void;
}

/** How targets are looked at. */
export interface Looking {
  /** What stands for the state of a target. Rejects where that cannot be told. */
  look(target: string, calls: Calls, signal: AbortSignal): Promise<string>;
  /** Targets of one kind cost the same. */
  kindOf(target: string): string;
  /** How long nothing is looked at after that failure, in milliseconds. */
  pauseAfter(error: unknown): number;
}

interface Look {
  target: string;
  calls: number;
  /** A call was wanted that the budget did not have. */
  isCut: boolean;
  /** The target changed meanwhile: what is read may be of before or after. */
  isStale: boolean;
  controller: AbortController;
}

/**
 * Looks at targets in turn, one at a time, and tells which have changed. The first look at each makes what later ones are
 * compared with. Looks are spread over the minute; only what nothing is known of yet is looked at as soon as the budget allows.
 */
export class Poller {
  readonly #budget: Budget;
  readonly #looking: Looking;
  readonly #tell: (target: string) => void;
  readonly #turns = new Turns();
  /** The state of each target as it was last seen. */
  readonly #states = new Map<string, string>();
  /** When a change of ours was told of which no look has seen the outcome yet. */
  readonly #toldAt = new Map<string, number>();
  readonly #costs = new Map<string, number>();
  #under: Look | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The next turn that is not urgent, and the next one at all, of `performance.now()`. */
  #paceUntil = 0;
  #pauseUntil = 0;

  /** @param tell called with a target that has changed. */
  constructor(budget: Budget, looking: Looking, tell: (target: string) => void) {
    this.#budget = budget;
    this.#looking = looking;
    this.#tell = tell;
  }

  /** Looks at these targets from now on, and at no others. */
  watch(targets: Iterable<string>): void {
    const wanted = new Set(targets);
    for (const target of this.#turns.targets) if (!wanted.has(target)) this.#forget(target);
    for (const target of wanted) this.#turns.add(target);
    this.#schedule();
  }

  /**
   * A target has changed, and that was told: what it was is not what to compare with any more. Where the next look comes late,
   * somebody else may have changed it again by then, which nothing shows: so that is told once more.
   */
  renew(target: string): void {
    if (!this.#turns.has(target)) return;
    this.#states.delete(target);
    this.#toldAt.set(target, performance.now());
    if (this.#under?.target === target) this.#under.isStale = true;
    this.#turns.hurry(target);
    this.#schedule();
  }

  stop(): void {
    this.watch([]);
  }

  #forget(target: string): void {
    this.#turns.remove(target);
    this.#states.delete(target);
    this.#toldAt.delete(target);
    if (this.#under?.target !== target) return;
    this.#under.controller.abort();
    this.#under = undefined;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#under !== undefined) return;
    const now = performance.now();
    const turn = this.#turns.next();
    if (turn === undefined) return;
    const wait = this.#waitOf(turn, now);
    // What was left under way by targets that are gone ends soon, and comes back here.
    if (wait === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#takeTurn(), Math.min(MAX_TIMER_MS, Math.ceil(wait))).unref();
  }

  #waitOf({ target, isUrgent }: Turn, now: number): number {
    const at = Math.max(this.#pauseUntil, isUrgent ? 0 : this.#paceUntil);
    return Math.max(0, at - now, this.#budget.waitFor(this.#costOf(target), now));
  }

  #costOf(target: string): number {
    return this.#costs.get(this.#looking.kindOf(target)) ?? FIRST_GUESS;
  }

  #takeTurn(): void {
    const now = performance.now();
    const turn = this.#turns.next();
    // Who is next may have changed, and a timer may be early.
    if (turn === undefined || this.#waitOf(turn, now) > 0) {
      this.#schedule();
      return;
    }
    this.#turns.begin(turn);
    void this.#look(turn.target, now);
  }

  async #look(target: string, began: number): Promise<void> {
    const under: Look = { target, calls: 0, isCut: false, isStale: false, controller: new AbortController() };
    this.#under = under;
    let state: string | undefined;
    let pause = 0;
    try {
      state = await this.#looking.look(target, this.#countCalls(under), under.controller.signal);
    } catch (error) {
      pause = this.#looking.pauseAfter(error);
    }
    // It was left.
    if (this.#under !== under) return;
    this.#under = undefined;
    const { slots, windowMs } = this.#budget;
    const spent = Math.max(1, under.calls);
    this.#paceUntil = began + (windowMs / slots) * spent;
    this.#pauseUntil = performance.now() + pause;
    const cost = under.isCut ? slots : state === undefined ? this.#costOf(target) : spent;
    this.#costs.set(this.#looking.kindOf(target), cost);
    if (state !== undefined && !under.isCut && !under.isStale) this.#compare(target, state);
    this.#schedule();
  }

  #compare(target: string, state: string): void {
    const before = this.#states.get(target);
    const toldAt = this.#toldAt.get(target);
    this.#states.set(target, state);
    this.#toldAt.delete(target);
    const isLate = toldAt !== undefined && performance.now() - toldAt > SETTLED_MS;
    if (isLate || (before !== undefined && before !== state)) this.#tell(target);
  }

  #countCalls(under: Look): Calls {
    return {
      begin: () => {
        const mayBegin = !under.controller.signal.aborted && this.#budget.take(performance.now());
        if (mayBegin) under.calls += 1;
        else under.isCut = true;
        return mayBegin;
      },
      end: () => {
        this.#budget.end(performance.now());
        // One that was left may have held the last slot.
        if (this.#under === undefined) this.#schedule();
      },
    };
  }
}
