import PQueue from 'p-queue';
import { StoreUnavailableError } from '../../state/errors.ts';
import type { PermitLimits, Permits } from '../../state/permits.ts';
import { type EndSignal, MAX_TIMER_MS } from '../call-signal.ts';
import { HeyReachError } from '../errors.ts';
import { storeUnavailable } from '../store-unavailable.ts';
import { cancelledWhileWaiting, deadlineWhileWaiting, queueFull, waitTooLong } from './errors.ts';
import { outlasts, SharedQueue, type WaitingCall } from './shared-queue.ts';
import { SlidingWindow } from './sliding-window.ts';

/** HeyReach documents 300 requests per key and minute. It does not document whether that window slides. */
export const WINDOW_MS = 60_000;
/** A request may take this much longer to HeyReach than a later one without falling into the same window there. */
const PAD_MS = 1_000;
const MAX_WAITING = 1_000;
/** The share of the window that background calls may use. Foreground calls get the rest. */
const BACKGROUND_SHARE = 0.8;
/** The shortest hold after a 429 that names no time. */
const MIN_HOLD_MS = 5_000;
/** Two readings of the clock at the same moment differ by less than this. */
const TICK_MS = 5;

export interface AcquireOptions {
  signal?: EndSignal | undefined;
  /** ms since the epoch. A call whose wait would outlast it, or leave no time for a response, is rejected at once. */
  deadline?: number | undefined;
  /** No caller waits for the result. The call starts only while the window has room to spare. */
  background?: boolean | undefined;
  /** The request changes nothing, so it may use a share of the window while the store is unavailable. */
  read?: boolean | undefined;
}

/** The right to start one request. */
export interface Permit {
  /** Gives the permit back. For a request that is not sent after all. */
  release(): void;
  /**
   * Sets the start of the request to now. For a request that leaves some time after it got its permit.
   * @returns false if the permit has expired.
   */
  refresh(): Promise<boolean>;
}

export interface RateLimiterOptions {
  key: string;
  permits: Permits;
  /** Starts allowed in a window. */
  cap: number;
  windowMs?: number;
}

/** A call that asks for a permit. */
interface PermitRequest extends WaitingCall {
  /** When the call started, on the clock of `performance.now()`. */
  startedAt?: number | undefined;
  /** Resolves when the other processes with this key allow the start too. */
  agreed?: Promise<void> | undefined;
}

let tickets = 0;

/**
 * The rate limiter of one key: at most `cap` starts in any rolling window, bursts allowed, first come, first served. Every
 * attempt takes a permit, retries too. The sliding window knows the recent starts and estimates every wait.
 */
export class RateLimiter {
  readonly #key: string;
  readonly #permits: Permits;
  readonly #limits: PermitLimits;
  readonly #sharedQueue: SharedQueue;
  readonly #unpaddedMs: number;
  readonly #windowMs: number;
  readonly #window: SlidingWindow;
  /**
   * p-queue orders the waiting calls: foreground first, then by arrival. It stays paused except while calls start. Its own
   * rate limit is not used, because it follows the system clock and cannot estimate a wait.
   */
  #queue: PQueue | undefined;
  /** The calls in `#queue` by class, in order of arrival. Estimates need the counts, and a hold needs the deadlines. */
  readonly #waiting = { foreground: new Set<PermitRequest>(), background: new Set<PermitRequest>() };
  #heldUntil = 0;
  /** Set only while calls wait. */
  #timer: NodeJS.Timeout | undefined;
  #timerAt = 0;
  #lastUsed = performance.now();

  constructor(options: RateLimiterOptions) {
    this.#key = options.key;
    this.#permits = options.permits;
    this.#unpaddedMs = options.windowMs ?? WINDOW_MS;
    this.#windowMs = this.#unpaddedMs + PAD_MS;
    this.#window = new SlidingWindow(this.#windowMs);
    // The store's window is shorter by a tick. It sees a start a moment later, and would add that moment to the wait.
    const backgroundCap = Math.max(1, Math.floor(options.cap * BACKGROUND_SHARE));
    this.#limits = { cap: options.cap, backgroundCap, windowMs: this.#windowMs - TICK_MS };
    this.#sharedQueue = new SharedQueue(this.#permits, this.#key, this.#limits, {
      onHold: (ms) => this.#holdUntil(performance.now() + ms),
      onMoved: () => this.#startDue(),
    });
  }

  /**
   * Resolves when the caller may start one request. It must start it at once, or refresh the permit first.
   * @throws HeyReachError `not_sent`: cancelled, 1,000 calls already waiting, or a wait that would outlast the deadline
   *   (with `retryAfterSeconds`).
   */
  async acquire({ signal, deadline, background = false, read }: AcquireOptions = {}): Promise<Permit> {
    if (signal?.aborted) throw cancelledWhileWaiting(signal);
    if (this.waiting >= MAX_WAITING) throw queueFull(MAX_WAITING, this.expectedWait(background));
    const now = performance.now();
    this.#lastUsed = now;
    // The timer may be late. Calls that are due start before this one, but no background call starts before a foreground call.
    if ((background || this.#waiting.foreground.size > 0) && this.#waitOfNext(now) <= 0) this.#startDue();
    const timeLeft = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - Date.now();
    if (timeLeft < 0) throw deadlineWhileWaiting();
    tickets += 1;
    const call: PermitRequest = { ticket: tickets, signal, deadline: now + timeLeft, background, read };
    const wait = this.expectedWait(background);
    if (outlasts(wait, call, now)) throw waitTooLong(wait);
    try {
      const started = wait > 0 || this.#sharedQueue.isFull(background) ? this.#enqueue(call) : this.#start(call);
      if (!background) this.#rejectHopeless(this.#waiting.background);
      await started;
      await call.agreed;
      if (signal?.aborted) throw signal.reason;
      return { release: () => this.#release(call), refresh: () => this.#refresh(call) };
    } catch (error) {
      this.#release(call);
      if (error instanceof StoreUnavailableError) throw storeUnavailable();
      throw error instanceof HeyReachError ? error : cancelledWhileWaiting(signal);
    }
  }

  /**
   * Holds the key after a 429. The latest moment of all holds counts.
   * @param waitMs from HeyReach. Without it, until the oldest start has left HeyReach's window, at least 5 s.
   * @returns the milliseconds until the key is free again.
   */
  hold(waitMs?: number): number {
    const now = performance.now();
    const oldest = this.#window.oldest(now) ?? Number.NEGATIVE_INFINITY;
    const wait = waitMs ?? Math.max(MIN_HOLD_MS, oldest + this.#unpaddedMs - now);
    void this.#permits.hold(this.#key, wait);
    this.#holdUntil(now + wait);
    return this.#heldUntil - now;
  }

  /** Calls that wait for a permit. */
  get waiting(): number {
    return this.#queued + this.#sharedQueue.size;
  }

  /** The share of the window that is used, from 0 to 1. */
  get used(): number {
    return this.#window.count(performance.now()) / this.#limits.cap;
  }

  /** How many ms a new call would wait. Later holds may lengthen it, and for background calls also foreground calls. */
  expectedWait(background = false): number {
    const { size } = background ? this.#waiting.background : this.#waiting.foreground;
    const now = performance.now();
    return this.#waitBehind(size, background, now, this.#sharedQueue.expectedAt(background));
  }

  /** True if no call waits and the last one asked before `before` (of `performance.now()`). */
  isIdleSince(before: number): boolean {
    return this.waiting === 0 && this.#lastUsed < before;
  }

  get #queued(): number {
    return this.#waiting.foreground.size + this.#waiting.background.size;
  }

  /** @param queueAt when the calls in the store's queue expect their permits. */
  #waitBehind(ahead: number, background: boolean, now: number, queueAt = 0): number {
    const from = Math.max(now, queueAt, this.#heldUntil);
    if (!background) return this.#window.estimateStart(ahead, this.#limits.cap, from) - now;
    const foreground = { count: this.#waiting.foreground.size, cap: this.#limits.cap };
    return this.#window.estimateStartBehind(foreground, ahead, this.#limits.backgroundCap, from) - now;
  }

  /** The wait of the first call in `#queue`, or infinity if none may start before another call moves. */
  #waitOfNext(now: number): number {
    const background = this.#waiting.foreground.size === 0;
    if (this.#queued === 0 || this.#sharedQueue.isFull(background)) return Number.POSITIVE_INFINITY;
    return this.#waitBehind(0, background, now);
  }

  #start(call: PermitRequest): void {
    const agreed = this.#sharedQueue.take(call);
    // Until the others agree, the call has not started.
    if (agreed === undefined) this.#record(call);
    else call.agreed = agreed.then(() => this.#record(call));
    // The caller may leave before it awaits this.
    call.agreed?.catch(() => {});
  }

  #record(call: PermitRequest): void {
    this.#unrecord(call);
    call.startedAt = performance.now();
    this.#window.add(call.startedAt);
    this.#lastUsed = call.startedAt;
  }

  #unrecord(call: PermitRequest): void {
    if (call.startedAt !== undefined) this.#window.remove(call.startedAt);
    call.startedAt = undefined;
  }

  /** Resolves when the call has started, and rejects when it leaves the queue. */
  async #enqueue(call: PermitRequest): Promise<void> {
    const waiting = call.background ? this.#waiting.background : this.#waiting.foreground;
    const controller = new AbortController();
    call.leave = (reason) => {
      waiting.delete(call);
      controller.abort(reason);
    };
    const onAbort = () => call.leave?.(call.signal?.reason);
    call.signal?.addEventListener('abort', onAbort, { once: true });
    waiting.add(call);
    this.#queue ??= new PQueue({ autoStart: false });
    const start = () => {
      waiting.delete(call);
      this.#start(call);
      if (this.#waitOfNext(performance.now()) > 0) this.#queue?.pause();
    };
    const started = this.#queue.add(start, { priority: call.background ? 0 : 1, signal: controller.signal });
    this.#startDue();
    try {
      await started;
    } finally {
      call.signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Starts the calls that are due, and sets the timer for the next one. */
  #startDue(): void {
    if (this.#waitOfNext(performance.now()) <= 0) {
      this.#queue?.start();
      this.#queue?.pause();
    }
    const wait = this.#waitOfNext(performance.now());
    const at = performance.now() + wait;
    // A timer that fires too early is set again then. That costs less than setting it for every new call.
    if (this.#timer !== undefined && this.#timerAt <= at && wait < Number.POSITIVE_INFINITY) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (wait === Number.POSITIVE_INFINITY) return;
    this.#timerAt = at;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#startDue();
      },
      Math.min(MAX_TIMER_MS, Math.max(1, Math.ceil(wait))),
    );
  }

  async #refresh(call: PermitRequest): Promise<boolean> {
    const age = performance.now() - call.startedAt!;
    if (age < TICK_MS) return true;
    if (age >= this.#windowMs) return false;
    try {
      const restarted = this.#permits.restart(this.#key, call, this.#limits);
      const hasPermit = restarted instanceof Promise ? await restarted : restarted;
      if (hasPermit) this.#record(call);
      return hasPermit;
    } catch {
      throw storeUnavailable();
    }
  }

  /** Gives the permit of a call that does not use it to the next call. */
  #release(call: PermitRequest): void {
    void this.#permits.drop(this.#key, call);
    this.#unrecord(call);
    this.#startDue();
  }

  #holdUntil(until: number): void {
    if (until <= this.#heldUntil) return;
    this.#heldUntil = until;
    this.#rejectHopeless(this.#waiting.foreground);
    this.#rejectHopeless(this.#waiting.background);
    this.#sharedQueue.rejectHopeless(until);
    this.#startDue();
  }

  /** Rejects the calls whose wait has become longer than the time they have. */
  #rejectHopeless(waiting: ReadonlySet<PermitRequest>): void {
    if (waiting.size === 0) return;
    const now = performance.now();
    let ahead = 0;
    for (const call of [...waiting]) {
      const wait = this.#waitBehind(ahead, call.background, now);
      if (outlasts(wait, call, now)) call.leave?.(waitTooLong(wait));
      else ahead += 1;
    }
  }
}
