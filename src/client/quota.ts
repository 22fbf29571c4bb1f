import PQueue from 'p-queue';
import { HeyReachError } from './errors.ts';
import { errorFromFault } from './faults.ts';
import type { SharedStore } from './store.ts';

/** HeyReach counts requests per key in a minute (its documented limit is 300); whether the window slides is not said. */
export const WINDOW_MS = 60_000;
/** Clocks and the way to HeyReach differ by a little, so our window is longer than theirs by a sixtieth. */
const PAD = 1 / 60;
const MAX_WAITING = 1_000;
/** Work that nobody waits for leaves this share of the window to calls that somebody waits for. */
const BACKGROUND_SHARE = 0.8;
const MIN_HOLD_MS = 5_000;
const LOOK_AGAIN_MS = 50;

export interface TakeOptions {
  signal?: AbortSignal | undefined;
  /** ms since the epoch; a wait that would outlast it fails at once. */
  deadline?: number | undefined;
  /** Nobody waits for this call: it takes a slot only while the window has plenty. */
  background?: boolean | undefined;
}

export interface QuotaOptions {
  key: string;
  store: SharedStore;
  /** Starts allowed in a window. */
  cap: number;
  windowMs?: number;
}

interface Waiter {
  deadline: number;
  refuse: AbortController;
}

interface BackgroundWaiter {
  deadline: number;
  enter(): void;
  refuse(error: HeyReachError): void;
}

/**
 * The request budget of one key: at most `cap` starts in any rolling window, bursts allowed, first come first served.
 * Every attempt takes a slot, retries too. p-queue keeps the window; a ledger of starts beside it says how long a newcomer
 * would wait, which p-queue cannot.
 */
export class Quota {
  readonly #queue: PQueue;
  readonly #key: string;
  readonly #store: SharedStore;
  readonly #cap: number;
  readonly #backgroundCap: number;
  readonly #unpaddedMs: number;
  readonly #windowMs: number;
  readonly #waiting = new Set<Waiter>();
  #background: BackgroundWaiter[] = [];
  /** A background call was let through, and joins the queue with its next microtask. */
  #isAdmitting = false;
  #starts: number[] = [];
  #heldUntil = 0;
  #holdTimer: NodeJS.Timeout | undefined;
  #backgroundTimer: NodeJS.Timeout | undefined;
  #lastUsed = Date.now();

  constructor(options: QuotaOptions) {
    this.#key = options.key;
    this.#store = options.store;
    this.#cap = options.cap;
    this.#backgroundCap = Math.max(1, Math.floor(options.cap * BACKGROUND_SHARE));
    this.#unpaddedMs = options.windowMs ?? WINDOW_MS;
    this.#windowMs = Math.round(this.#unpaddedMs * (1 + PAD));
    this.#queue = new PQueue({ strict: true, interval: this.#windowMs, intervalCap: this.#cap });
  }

  /**
   * Resolves when the caller may start one request, which it must do at once.
   * @throws HeyReachError `not_sent`: cancelled, 1,000 calls already waiting, or a wait that would outlast the deadline
   *   (with `retryAfterSeconds`).
   */
  async take({ signal, deadline = Number.POSITIVE_INFINITY, background = false }: TakeOptions = {}): Promise<void> {
    this.#lastUsed = Date.now();
    if (signal?.aborted) throw gaveUp(signal);
    if (this.waiting >= MAX_WAITING) throw this.#tooMany();
    if (background) {
      await this.#waitForRoom(signal, deadline);
      this.#isAdmitting = false;
    }
    const waiter: Waiter = { deadline, refuse: new AbortController() };
    try {
      const wait = this.#waitOfNewcomer();
      if (Date.now() + wait > deadline) throw waitTooLong(wait);
      this.#waiting.add(waiter);
      const signals = signal === undefined ? [waiter.refuse.signal] : [signal, waiter.refuse.signal];
      await this.#queue.add(() => this.#start(waiter), { signal: AbortSignal.any(signals) });
      await this.#agreeWithOthers(signal, deadline);
    } catch (error) {
      if (error instanceof HeyReachError) throw error;
      throw gaveUp(signal);
    } finally {
      this.#waiting.delete(waiter);
      this.#pumpBackground();
    }
  }

  /**
   * A 429 arrived: nothing of this key starts before the latest moment any of them asked for.
   * @param waitMs what HeyReach asked for; without it, until our oldest start has left the window, at least 5 s.
   * @returns the milliseconds until the key is free again.
   */
  hold(waitMs?: number): number {
    const now = Date.now();
    const oldest = this.#recentStarts(now)[0] ?? Number.NEGATIVE_INFINITY;
    const until = waitMs === undefined ? Math.max(now + MIN_HOLD_MS, oldest + this.#unpaddedMs) : now + waitMs;
    void this.#store.hold(this.#key, until);
    this.#heldUntil = Math.max(this.#heldUntil, until);
    if (this.#heldUntil > now) {
      this.#queue.pause();
      this.#armHoldTimer();
    }
    const waits = this.#forecast(this.#waiting.size, 0);
    let ahead = 0;
    for (const waiter of [...this.#waiting]) {
      const wait = waits[ahead]!;
      if (now + wait > waiter.deadline) {
        this.#waiting.delete(waiter);
        waiter.refuse.abort(waitTooLong(wait));
      } else ahead += 1;
    }
    this.#pumpBackground();
    return this.#heldUntil - now;
  }

  /** Calls that wait for a slot. */
  get waiting(): number {
    return this.#waiting.size + this.#background.length;
  }

  /** True when nothing waits and nothing was asked for since `before` (ms since the epoch). */
  isIdleSince(before: number): boolean {
    return this.waiting === 0 && this.#lastUsed < before;
  }

  #start(waiter: Waiter): void {
    this.#waiting.delete(waiter);
    this.#lastUsed = Date.now();
    this.#recentStarts(this.#lastUsed).push(this.#lastUsed);
  }

  #recentStarts(now: number): number[] {
    const first = this.#starts.findIndex((at) => now - at < this.#windowMs);
    if (first !== 0) this.#starts = first === -1 ? [] : this.#starts.slice(first);
    return this.#starts;
  }

  /** How long each of so many waiting calls will wait, in ms: first those somebody waits for, then the others. */
  #forecast(foreground: number, background: number): number[] {
    const now = Date.now();
    const times = [...this.#recentStarts(now)];
    const known = times.length;
    let at = Math.max(now, this.#heldUntil);
    for (let place = 0; place < foreground + background; place += 1) {
      const cap = place < foreground ? this.#cap : this.#backgroundCap;
      if (times.length >= cap) at = Math.max(at, times[times.length - cap]! + this.#windowMs);
      times.push(at);
    }
    return times.slice(known).map((time) => time - now);
  }

  #waitOfNewcomer(): number {
    return this.#forecast(this.#waiting.size + 1, 0).at(-1)!;
  }

  /** Other processes may share the key: the store has the last word before a byte leaves. */
  async #agreeWithOthers(signal: AbortSignal | undefined, deadline: number): Promise<void> {
    for (;;) {
      const held = (await this.#store.heldUntil(this.#key)) - Date.now();
      const wait = held > 0 ? held : await this.#store.takeSlot(this.#key, this.#cap, this.#windowMs);
      if (wait <= 0) return;
      if (Date.now() + wait > deadline) throw waitTooLong(wait);
      await sleep(wait, signal);
    }
  }

  #armHoldTimer(): void {
    clearTimeout(this.#holdTimer);
    this.#holdTimer = setTimeout(
      () => {
        if (Date.now() < this.#heldUntil) return this.#armHoldTimer();
        this.#queue.start();
        this.#pumpBackground();
      },
      Math.max(1, this.#heldUntil - Date.now()),
    );
    this.#holdTimer.unref();
  }

  #waitForRoom(signal: AbortSignal | undefined, deadline: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#background = this.#background.filter((other) => other !== waiter);
        reject(gaveUp(signal));
      };
      const waiter: BackgroundWaiter = {
        deadline,
        enter: () => {
          signal?.removeEventListener('abort', leave);
          this.#isAdmitting = true;
          resolve();
        },
        refuse(error) {
          signal?.removeEventListener('abort', leave);
          reject(error);
        },
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#background.push(waiter);
      this.#pumpBackground();
    });
  }

  /** Lets one background call through while nobody waits and the window has more than its reserve. */
  #pumpBackground(): void {
    if (this.#background.length === 0) return;
    const now = Date.now();
    const waits = this.#forecast(this.#waiting.size, this.#background.length).slice(this.#waiting.size);
    const staying: BackgroundWaiter[] = [];
    for (const waiter of this.#background) {
      const wait = waits[staying.length]!;
      if (now + wait > waiter.deadline) waiter.refuse(waitTooLong(wait));
      else staying.push(waiter);
    }
    this.#background = staying;
    if (staying.length === 0) return;
    if (waits[0] === 0 && this.#waiting.size === 0) {
      if (!this.#isAdmitting) this.#background.shift()!.enter();
      return;
    }
    clearTimeout(this.#backgroundTimer);
    this.#backgroundTimer = setTimeout(() => this.#pumpBackground(), Math.max(LOOK_AGAIN_MS, waits[0]!));
    this.#backgroundTimer.unref();
  }

  #tooMany(): HeyReachError {
    const seconds = inSeconds(this.#waitOfNewcomer());
    return new HeyReachError({
      kind: 'queue_full',
      outcome: 'not_sent',
      message: `${MAX_WAITING} calls already wait for the request quota of this key`,
      retryAfterSeconds: seconds,
      meaning: 'More is asked of HeyReach than its 300 requests a minute allow; this call was not queued.',
      nextStep: `Ask for less at once, and try again in ${seconds} s.`,
    });
  }
}

/** The caller left, or its time ran out, before it had a slot. */
function gaveUp(signal: AbortSignal | undefined): HeyReachError {
  const reason = signal?.reason === 'deadline' ? 'deadline' : 'cancelled';
  return errorFromFault({ type: 'fault', reason, bytesLeft: false, inFlight: false, detail: '' });
}

function inSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}

function waitTooLong(waitMs: number): HeyReachError {
  const seconds = inSeconds(waitMs);
  return new HeyReachError({
    kind: 'rate_limited',
    outcome: 'not_sent',
    message: `the request quota of this key is used up for the next ${seconds} s`,
    retryAfterSeconds: seconds,
    meaning: 'HeyReach allows 300 requests a minute per key; waiting would outlast the time this call has.',
    nextStep: `Try again in ${seconds} s.`,
  });
}

function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer);
      reject(gaveUp(signal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', leave);
      resolve();
    }, ms);
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, { once: true });
  });
}
