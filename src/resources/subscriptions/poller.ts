import { MAX_TIMER_MS } from '../../client/index.ts';
import type { MaybePromise } from '../../state/maybe-promise.ts';
import type { PollBudget } from './poll-budget.ts';
import type { CallCounter, PollSource } from './poll-source.ts';

/** The expected calls of a poll before the first one of its kind. */
const FIRST_ESTIMATE = 3;
/** A regular poll that is due follows after this many urgent ones. */
const MAX_URGENT_IN_A_ROW = 6;
/** The shortest time for which a process takes the turns of a target. */
const MIN_TURNS_MS = 30_000;
/** Subscribers read within this time of a notification, so a poll that ends by then sees what they see. */
const SETTLED_MS = 2_000;

interface TargetState {
  /** The state that later polls are compared with. Undefined before the first poll and after `invalidate`. */
  baseline?: string;
  /** When subscribers were last notified of a change by this server. Undefined once a poll has seen the change. */
  invalidatedAt?: number | undefined;
  /** Without a baseline: polled as soon as the budget allows. */
  isUrgent: boolean;
}

interface RunningPoll {
  target: string;
  calls: number;
  /** The budget had no call left for it, so its result is incomplete. */
  isCut: boolean;
  controller: AbortController;
}

/**
 * Polls the subscribed targets in rotation, one at a time, and reports changes. The first poll of a target only sets its
 * baseline. Regular polls are spread over the minute. Targets without a baseline go first.
 */
export class Poller {
  readonly #budget: PollBudget;
  readonly #source: PollSource;
  readonly #notify: (target: string) => void;
  readonly #takeTurns: (target: string, ms: number) => MaybePromise<boolean>;
  /** In the order of their turns. */
  readonly #targets = new Map<string, TargetState>();
  /** The calls of the last poll, by kind of target. */
  readonly #costs = new Map<string, number>();
  #running: RunningPoll | undefined;
  #timer: NodeJS.Timeout | undefined;
  #urgentInARow = 0;
  /** The start of the next regular poll, and of any poll, on the clock of `performance.now()`. */
  #nextRegularAt = 0;
  #pausedUntil = 0;

  /**
   * @param notify called with a target that has changed.
   * @param takeTurns whether this process polls a target. If it does not, another process reports the changes.
   */
  constructor(
    budget: PollBudget,
    source: PollSource,
    notify: (target: string) => void,
    takeTurns: (target: string, ms: number) => MaybePromise<boolean> = () => true,
  ) {
    this.#takeTurns = takeTurns;
    this.#budget = budget;
    this.#source = source;
    this.#notify = notify;
  }

  /** Replaces the targets. Targets that stay keep their baselines. */
  watch(targets: Iterable<string>): void {
    const watched = new Set(targets);
    for (const target of this.#targets.keys()) if (!watched.has(target)) this.#forget(target);
    for (const target of watched) if (!this.#targets.has(target)) this.#targets.set(target, { isUrgent: true });
    this.#schedule();
  }

  /**
   * Drops the baseline of a target after a change by this server, of which subscribers have been notified. If the next poll ends
   * late, they are notified again: another change in the meantime would go unnoticed.
   */
  invalidate(target: string): void {
    if (!this.#targets.has(target)) return;
    // A poll in flight holds the state that this one replaces, and its result is discarded.
    this.#targets.set(target, { isUrgent: true, invalidatedAt: performance.now() });
    this.#schedule();
  }

  stop(): void {
    this.watch([]);
  }

  #forget(target: string): void {
    this.#targets.delete(target);
    if (this.#running?.target !== target) return;
    this.#running.controller.abort();
    this.#running = undefined;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#running !== undefined) return;
    const next = this.#next();
    if (next === undefined) return;
    const wait = this.#waitFor(next, performance.now());
    // Infinite while aborted polls hold the budget. Their end schedules again.
    if (wait === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#takeTurn(), Math.min(MAX_TIMER_MS, Math.ceil(wait))).unref();
  }

  #next(): [target: string, state: TargetState] | undefined {
    const turns = [...this.#targets];
    const urgent = turns.find(([, { isUrgent }]) => isUrgent);
    const regular = turns.find(([, { isUrgent }]) => !isUrgent);
    return regular === undefined || this.#urgentInARow < MAX_URGENT_IN_A_ROW ? (urgent ?? regular) : regular;
  }

  #waitFor([target, { isUrgent }]: [string, TargetState], now: number): number {
    const startsAt = Math.max(this.#pausedUntil, isUrgent ? 0 : this.#nextRegularAt);
    return Math.max(0, startsAt - now, this.#budget.waitFor(this.#costOf(target), now));
  }

  #costOf(target: string): number {
    return this.#costs.get(this.#source.kindOf(target)) ?? FIRST_ESTIMATE;
  }

  #takeTurn(): void {
    const next = this.#next();
    // The next target may have changed, and Node's timers can fire a millisecond early.
    if (next === undefined || this.#waitFor(next, performance.now()) > 0) {
      this.#schedule();
      return;
    }
    const [target, state] = next;
    this.#urgentInARow = state.isUrgent ? this.#urgentInARow + 1 : 0;
    state.isUrgent = false;
    this.#targets.delete(target);
    this.#targets.set(target, state);
    void this.#poll(target, state);
  }

  async #poll(target: string, state: TargetState): Promise<void> {
    const startedAt = performance.now();
    const poll: RunningPoll = { target, calls: 0, isCut: false, controller: new AbortController() };
    this.#running = poll;
    const { slots, windowMs } = this.#budget;
    const callMs = windowMs / slots;
    // Until the next rotation is through. In a single process nothing is awaited.
    const turns = this.#takeTurns(
      target,
      Math.max(MIN_TURNS_MS, 2 * this.#targets.size * this.#costOf(target) * callMs),
    );
    if (turns !== true && !(await turns)) return this.#leaveToOthers(poll, state, startedAt + callMs);
    let result: string | undefined;
    let pauseMs = 0;
    try {
      result = await this.#source.poll(target, this.#countCalls(poll), poll.controller.signal);
    } catch (error) {
      pauseMs = this.#source.pauseAfter(error);
    }
    // Aborted by `watch`.
    if (this.#running !== poll) return;
    this.#running = undefined;
    const calls = Math.max(1, poll.calls);
    this.#nextRegularAt = startedAt + callMs * calls;
    this.#pausedUntil = performance.now() + pauseMs;
    // After a cut the next poll waits for the whole budget.
    const cost = poll.isCut ? slots : result === undefined ? this.#costOf(target) : calls;
    this.#costs.set(this.#source.kindOf(target), cost);
    const isInvalidated = this.#targets.get(target) !== state;
    if (result !== undefined && !poll.isCut && !isInvalidated) this.#compare(target, state, result);
    this.#schedule();
  }

  /** Another process polls the target. The first poll after its turns may have missed a change, and notifies. */
  #leaveToOthers(poll: RunningPoll, state: TargetState, nextRegularAt: number): void {
    if (this.#running !== poll) return;
    this.#running = undefined;
    this.#nextRegularAt = nextRegularAt;
    delete state.baseline;
    state.invalidatedAt ??= performance.now();
    this.#schedule();
  }

  #compare(target: string, state: TargetState, result: string): void {
    const { baseline, invalidatedAt } = state;
    state.baseline = result;
    state.invalidatedAt = undefined;
    const isLate = invalidatedAt !== undefined && performance.now() - invalidatedAt > SETTLED_MS;
    if (isLate || (baseline !== undefined && baseline !== result)) this.#notify(target);
  }

  #countCalls(poll: RunningPoll): CallCounter {
    return {
      begin: () => {
        const isAllowed = !poll.controller.signal.aborted && this.#budget.take(performance.now());
        if (isAllowed) poll.calls += 1;
        else poll.isCut = true;
        return isAllowed;
      },
      end: () => {
        this.#budget.end(performance.now());
        // The call of an aborted poll may have held the last slot.
        if (this.#running === undefined) this.#schedule();
      },
    };
  }
}
