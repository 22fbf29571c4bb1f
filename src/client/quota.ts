import PQueue from 'p-queue';
import { HeyReachError } from './errors.ts';
import { Ledger } from './ledger.ts';
import { gaveUp, outOfTime, tooManyWait, waitTooLong } from './quota-errors.ts';
import type { SharedStore } from './store.ts';
import { waitFor } from './wait.ts';

/** HeyReach counts requests per key in a minute (its documented limit is 300); whether the window slides is not said. */
export const WINDOW_MS = 60_000;
/** A request may take so much longer to HeyReach than a later one, and still not fall into the same window there. */
const PAD_MS = 1_000;
const MAX_WAITING = 1_000;
/** Work that nobody waits for leaves this share of the window to calls that somebody waits for. */
const BACKGROUND_SHARE = 0.8;
const MIN_HOLD_MS = 5_000;
/** A call that waited wants this much of its time left for its answer: a slot just before the deadline would end unclear. */
const ANSWER_MS = 1_000;
/** Two readings of the same moment differ by less. */
const TICK_MS = 5;
/** A timer set for longer would go off at once. */
const MAX_TIMER_MS = 2_147_483_647;

export interface TakeOptions {
  signal?: AbortSignal | undefined;
  /** ms since the epoch; a wait that would outlast it, or leave no time for an answer, fails at once. */
  deadline?: number | undefined;
  /** Nobody waits for this call: it takes a slot only while the window has plenty. */
  background?: boolean | undefined;
}

/** The right to start one request. */
export interface Slot {
  /** For a request that is not made after all. */
  giveBack(): void;
  /**
   * Dates the start anew, for a request that leaves later than it could have.
   * @returns false where it is too long ago for that: the slot is gone.
   */
  renew(): Promise<boolean>;
}

export interface QuotaOptions {
  key: string;
  store: SharedStore;
  /** Starts allowed in a window. */
  cap: number;
  windowMs?: number;
}

/** A call that wants a slot. Times are those of `performance.now()`, which nobody can set. */
interface Call {
  readonly signal: AbortSignal | undefined;
  readonly deadline: number;
  readonly background: boolean;
  /** Takes it out of the line it waits in. */
  leave?: (reason: unknown) => void;
  /** When it started; `on` in ms since the epoch, as the store counts. */
  start?: { at: number; on: number };
  /** Other processes let it start, too. */
  agreed?: Promise<void>;
}

/**
 * The request budget of one key: at most `cap` starts in any rolling window, bursts allowed, first come first served.
 * Every attempt takes a slot, retries too. A ledger of starts knows what the window has left and how long a newcomer would
 * wait; p-queue keeps those who wait in order, and lets them leave.
 */
export class Quota {
  readonly #key: string;
  readonly #store: SharedStore;
  readonly #cap: number;
  readonly #backgroundCap: number;
  readonly #unpaddedMs: number;
  readonly #windowMs: number;
  readonly #ledger: Ledger;
  /** Made when a call has to wait for the first time; paused but for the moments in which calls start. */
  #queue: PQueue | undefined;
  readonly #foreground = new Set<Call>();
  readonly #background = new Set<Call>();
  #heldUntil = 0;
  /** Set while calls wait, and only then. */
  #timer: NodeJS.Timeout | undefined;
  #timerAt = 0;
  #lastUsed = performance.now();

  constructor(options: QuotaOptions) {
    this.#key = options.key;
    this.#store = options.store;
    this.#cap = options.cap;
    this.#backgroundCap = Math.max(1, Math.floor(options.cap * BACKGROUND_SHARE));
    this.#unpaddedMs = options.windowMs ?? WINDOW_MS;
    this.#windowMs = this.#unpaddedMs + PAD_MS;
    this.#ledger = new Ledger(this.#windowMs);
  }

  /**
   * Resolves when the caller may start one request, which it must do at once, or renew its slot first.
   * @throws HeyReachError `not_sent`: cancelled, 1,000 calls already waiting, or a wait that would outlast the deadline
   *   (with `retryAfterSeconds`).
   */
  async take({ signal, deadline, background = false }: TakeOptions = {}): Promise<Slot> {
    if (signal?.aborted) throw gaveUp(signal);
    if (this.waiting >= MAX_WAITING) throw tooManyWait(MAX_WAITING, this.expectedWait(background));
    const now = performance.now();
    this.#lastUsed = now;
    // A timer may be late: who is due goes first, but nobody's call does not go before somebody's.
    if ((background || this.#foreground.size > 0) && this.#waitOfNext(now) <= 0) this.#startWhoIsDue();
    const patience = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - Date.now();
    if (patience < 0) throw outOfTime();
    const call: Call = { signal, deadline: now + patience, background };
    const wait = this.expectedWait(background);
    if (outlasts(wait, call, now)) throw waitTooLong(wait);
    try {
      const begun = wait > 0 ? this.#waitInLine(call) : this.#start(call);
      if (!background) this.#refuseHopeless(this.#background);
      await begun;
      await call.agreed;
      if (signal?.aborted) throw signal.reason;
      return { giveBack: () => void this.#giveBack(call), renew: () => this.#renew(call) };
    } catch (error) {
      void this.#giveBack(call);
      throw error instanceof HeyReachError ? error : gaveUp(signal);
    }
  }

  /**
   * A 429 arrived: nothing of this key starts before the latest moment any of them asked for.
   * @param waitMs what HeyReach asked for; without it, until our oldest start has left the window, at least 5 s.
   * @returns the milliseconds until the key is free again.
   */
  hold(waitMs?: number): number {
    const now = performance.now();
    const oldest = this.#ledger.oldest(now) ?? Number.NEGATIVE_INFINITY;
    const wait = waitMs ?? Math.max(MIN_HOLD_MS, oldest + this.#unpaddedMs - now);
    void this.#store.hold(this.#key, Date.now() + wait);
    this.#holdUntil(now + wait);
    return this.#heldUntil - now;
  }

  /** Calls that wait for a slot. */
  get waiting(): number {
    return this.#foreground.size + this.#background.size;
  }

  /** The share of the window that is used up, from 0 to 1. */
  get used(): number {
    return this.#ledger.count(performance.now()) / this.#cap;
  }

  /** How many ms a call would wait that asked now; later ones, holds and foreground work may add to those of background work. */
  expectedWait(background = false): number {
    return this.#waitBehind(background ? this.#background.size : this.#foreground.size, background, performance.now());
  }

  /** True when nothing waits and nothing was asked for since `before` (of `performance.now()`). */
  isIdleSince(before: number): boolean {
    return this.waiting === 0 && this.#lastUsed < before;
  }

  #waitBehind(ahead: number, background: boolean, now: number): number {
    const from = Math.max(now, this.#heldUntil);
    if (!background) return this.#ledger.foresee(ahead, this.#cap, from) - now;
    const others = { count: this.#foreground.size, slots: this.#cap };
    return this.#ledger.foreseeBehind(others, ahead, this.#backgroundCap, from) - now;
  }

  /** The wait of whoever is first in line; infinite when nobody is. */
  #waitOfNext(now: number): number {
    return this.waiting === 0 ? Number.POSITIVE_INFINITY : this.#waitBehind(0, this.#foreground.size === 0, now);
  }

  #start(call: Call): void {
    this.#writeDown(call);
    call.agreed = this.#agreeWithOthers(call);
  }

  #writeDown(call: Call): void {
    if (call.start !== undefined) this.#ledger.strike(call.start.at);
    call.start = { at: performance.now(), on: Date.now() };
    this.#ledger.add(call.start.at);
    this.#lastUsed = call.start.at;
  }

  async #waitInLine(call: Call): Promise<void> {
    const line = call.background ? this.#background : this.#foreground;
    const controller = new AbortController();
    call.leave = (reason) => {
      line.delete(call);
      controller.abort(reason);
    };
    const leave = () => call.leave?.(call.signal?.reason);
    call.signal?.addEventListener('abort', leave, { once: true });
    line.add(call);
    this.#queue ??= new PQueue({ autoStart: false });
    const begin = () => {
      line.delete(call);
      this.#start(call);
      if (this.#waitOfNext(performance.now()) > 0) this.#queue?.pause();
    };
    const begun = this.#queue.add(begin, { priority: call.background ? 0 : 1, signal: controller.signal });
    this.#startWhoIsDue();
    try {
      await begun;
    } finally {
      call.signal?.removeEventListener('abort', leave);
    }
  }

  #startWhoIsDue(): void {
    if (this.#waitOfNext(performance.now()) <= 0) {
      this.#queue?.start();
      this.#queue?.pause();
    }
    const wait = this.#waitOfNext(performance.now());
    const at = performance.now() + wait;
    // A timer that goes off too soon is set again then, which is cheaper than setting it with every newcomer.
    if (this.#timer !== undefined && this.#timerAt <= at && wait < Number.POSITIVE_INFINITY) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (wait === Number.POSITIVE_INFINITY) return;
    this.#timerAt = at;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#startWhoIsDue();
      },
      Math.min(MAX_TIMER_MS, Math.max(1, Math.ceil(wait))),
    );
  }

  async #renew(call: Call): Promise<boolean> {
    const { at, on } = call.start!;
    const age = performance.now() - at;
    if (age < TICK_MS) return true;
    if (age >= this.#windowMs) return false;
    await this.#store.returnSlot(this.#key, on);
    this.#start(call);
    await call.agreed;
    return true;
  }

  /** Gives the slot of a call that got one and does not want it any more to the next. */
  async #giveBack({ start, agreed }: Call): Promise<void> {
    if (start !== undefined) {
      // Was it not to be had from others, or cannot be returned to them, it is lost for a window at most.
      await agreed?.then(() => this.#store.returnSlot(this.#key, start.on)).catch(() => {});
      this.#ledger.strike(start.at);
    }
    this.#startWhoIsDue();
  }

  #holdUntil(until: number): void {
    if (until <= this.#heldUntil) return;
    this.#heldUntil = until;
    this.#refuseHopeless(this.#foreground);
    this.#refuseHopeless(this.#background);
    this.#startWhoIsDue();
  }

  #refuseHopeless(line: ReadonlySet<Call>): void {
    if (line.size === 0) return;
    const now = performance.now();
    let ahead = 0;
    for (const call of [...line]) {
      const wait = this.#waitBehind(ahead, call.background, now);
      if (outlasts(wait, call, now)) call.leave?.(waitTooLong(wait));
      else ahead += 1;
    }
  }

  /** Other processes may share the key: the store has the last word before a byte leaves. */
  async #agreeWithOthers(call: Call): Promise<void> {
    for (;;) {
      // A store in this process answers at once, and then nothing comes between.
      const until = this.#store.heldUntil(this.#key);
      const held = (typeof until === 'number' ? until : await until) - Date.now();
      // Its window is shorter by a tick: it sees our starts a moment later than we do, and would make us wait for that moment.
      const slot = held > TICK_MS ? held : this.#store.takeSlot(this.#key, this.#cap, this.#windowMs - TICK_MS);
      const wait = typeof slot === 'number' ? slot : await slot;
      if (wait <= 0) return;
      const now = performance.now();
      if (outlasts(wait, call, now)) throw waitTooLong(wait);
      await waitFor(wait, call.signal);
      if (call.signal?.aborted) throw call.signal.reason;
      this.#writeDown(call);
    }
  }
}

/** Whether a wait is longer than the call can bear. */
function outlasts(wait: number, call: Call, now: number): boolean {
  const left = call.deadline - now;
  return wait > 0 ? wait + ANSWER_MS > left : left < 0;
}
