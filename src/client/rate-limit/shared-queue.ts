import { StoreUnavailableError } from '../../state/errors.ts';
import type { PermitAnswer, PermitLimits, Permits, PermitTicket } from '../../state/permits.ts';
import { type EndSignal, sleep } from '../call-signal.ts';
import { waitTooLong } from './errors.ts';

/** The time that a call must have left after its wait. With less, its outcome would probably be unknown. */
const ANSWER_MS = 1_000;

/** A call that asks for a permit. Times are on the clock of `performance.now()`, which cannot be set. */
export interface WaitingCall extends PermitTicket {
  readonly signal: EndSignal | undefined;
  readonly deadline: number;
  /** Ends the wait of the call. */
  leave?: (reason: unknown) => void;
}

/** Whether a wait is longer than the time the call has. */
export function outlasts(wait: number, call: WaitingCall, now: number): boolean {
  const left = call.deadline - now;
  return wait > 0 ? wait + ANSWER_MS > left : left < 0;
}

interface Owner {
  /** Another process has held the key. */
  onHold(ms: number): void;
  /** A call has left the queue, so that another may enter it. */
  onMoved(): void;
}

/**
 * The calls of this process that wait in the store, in the queue of all processes with this key. A store in this process
 * nearly always says yes at once, and then this queue costs nothing.
 */
export class SharedQueue {
  readonly #permits: Permits;
  readonly #key: string;
  readonly #limits: PermitLimits;
  readonly #owner: Owner;
  /** The waiting calls by class, with the moment at which each expects its permit. */
  readonly #calls = { foreground: new Map<WaitingCall, number>(), background: new Map<WaitingCall, number>() };

  constructor(permits: Permits, key: string, limits: PermitLimits, owner: Owner) {
    this.#permits = permits;
    this.#key = key;
    this.#limits = limits;
    this.#owner = owner;
  }

  get size(): number {
    return this.#calls.foreground.size + this.#calls.background.size;
  }

  /** Whether a further call of this class must wait in the process. */
  isFull(background: boolean): boolean {
    return this.#callsOf(background).size >= this.#permits.maxTickets;
  }

  /** When the calls in the queue expect their permits at the latest, as far as a call behind them must wait for them. */
  expectedAt(background: boolean): number {
    if (this.size === 0) return 0;
    const ahead = [...this.#calls.foreground.values(), ...(background ? this.#calls.background.values() : [])];
    return Math.max(0, ...ahead);
  }

  /** Takes a permit. @returns undefined if the store gave it at once, else a promise of it. */
  take(call: WaitingCall): Promise<void> | undefined {
    const answer = this.#permits.take(this.#key, call, this.#limits);
    if (!(answer instanceof Promise) && answer.waitMs <= 0) return undefined;
    return this.#wait(call, answer);
  }

  /** Rejects the calls whose time ends before `until`. */
  rejectHopeless(until: number): void {
    const now = performance.now();
    for (const call of [...this.#calls.foreground.keys(), ...this.#calls.background.keys()]) {
      if (outlasts(until - now, call, now)) call.leave?.(waitTooLong(until - now));
    }
  }

  async #wait(call: WaitingCall, first: PermitAnswer | Promise<PermitAnswer>): Promise<void> {
    const calls = this.#callsOf(call.background);
    const controller = new AbortController();
    call.leave = (reason) => controller.abort(reason);
    const onAbort = () => controller.abort(call.signal?.reason);
    call.signal?.addEventListener('abort', onAbort, { once: true });
    calls.set(call, 0);
    try {
      for (let asked = first; ; asked = this.#permits.take(this.#key, call, this.#limits)) {
        const { waitMs, heldMs, isStoreLost } = await asked;
        if (heldMs > 0) this.#owner.onHold(heldMs);
        if (controller.signal.aborted) throw controller.signal.reason;
        if (waitMs <= 0) return;
        const now = performance.now();
        // An unavailable store is usually back before its window ends.
        if (outlasts(waitMs, call, now)) throw isStoreLost ? new StoreUnavailableError('away') : waitTooLong(waitMs);
        calls.set(call, now + waitMs);
        await sleep(Math.min(waitMs, this.#permits.askAgainMs), controller.signal);
        if (controller.signal.aborted) throw controller.signal.reason;
      }
    } finally {
      calls.delete(call);
      call.signal?.removeEventListener('abort', onAbort);
      this.#owner.onMoved();
    }
  }

  #callsOf(background: boolean): Map<WaitingCall, number> {
    return background ? this.#calls.background : this.#calls.foreground;
  }
}
