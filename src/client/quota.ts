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
  readonly #background: (() => void)[] = [];
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
    if (signal?.aborted) throw cancelled();
    if (this.waiting >= MAX_WAITING) throw this.#tooMany();
    if (background) await this.#waitForRoom(signal);
    const wait = this.#waitOf(this.#waiting.size);
    if (Date.now() + wait > deadline) throw waitTooLong(wait);
    const waiter: Waiter = { deadline, refuse: new AbortController() };
    this.#waiting.add(waiter);
    const signals = signal === undefined ? [waiter.refuse.signal] : [signal, waiter.refuse.signal];
    try {
      await this.#queue.add(() => this.#start(waiter), { signal: AbortSignal.any(signals) });
      await this.#agreeWithOthers(deadline);
    } catch (error) {
      if (error instanceof HeyReachError) throw error;
      throw cancelled();
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
    const oldest = this.#recentStarts(now)[0] ?? now;
    const until = waitMs === undefined ? Math.max(now + MIN_HOLD_MS, oldest + this.#unpaddedMs) : now + waitMs;
    void this.#store.hold(this.#key, until);
    this.#heldUntil = Math.max(this.#heldUntil, until);
    this.#queue.pause();
    this.#armHoldTimer();
    let ahead = 0;
    for (const waiter of [...this.#waiting]) {
      const wait = this.#waitOf(ahead);
      if (now + wait > waiter.deadline) {
        this.#waiting.delete(waiter);
        waiter.refuse.abort(waitTooLong(wait));
      } else ahead += 1;
    }
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
    this.#recentStarts(Date.now()).push(Date.now());
  }

  #recentStarts(now: number): number[] {
    const first = this.#starts.findIndex((at) => now - at < this.#windowMs);
    if (first !== 0) this.#starts = first === -1 ? [] : this.#starts.slice(first);
    return this.#starts;
  }

  /** How long a call with so many ahead of it will wait, in ms. */
  #waitOf(ahead: number): number {
    const now = Date.now();
    const times = [...this.#recentStarts(now)];
    let at = Math.max(now, this.#heldUntil);
    for (let place = 0; place <= ahead; place += 1) {
      if (times.length >= this.#cap) at = Math.max(at, times[times.length - this.#cap]! + this.#windowMs);
      times.push(at);
    }
    return at - now;
  }

  /** Other processes may share the key: the store has the last word before a byte leaves. */
  async #agreeWithOthers(deadline: number): Promise<void> {
    for (;;) {
      const held = (await this.#store.heldUntil(this.#key)) - Date.now();
      const wait = held > 0 ? held : await this.#store.takeSlot(this.#key, this.#cap, this.#unpaddedMs);
      if (wait <= 0) return;
      if (Date.now() + wait > deadline) throw waitTooLong(wait);
      await new Promise((resolve) => setTimeout(resolve, wait));
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

  #waitForRoom(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#background.splice(this.#background.indexOf(enter), 1);
        reject(cancelled());
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#background.push(enter);
      this.#pumpBackground();
    });
  }

  /** Lets one background call through while nobody waits and the window has more than its reserve. */
  #pumpBackground(): void {
    if (this.#background.length === 0) return;
    const now = Date.now();
    const starts = this.#recentStarts(now);
    const hasRoom = starts.length < this.#backgroundCap;
    if (hasRoom && now >= this.#heldUntil && this.#waiting.size === 0) {
      this.#background.shift()!();
      return;
    }
    const roomAt = hasRoom ? now : starts[starts.length - this.#backgroundCap]! + this.#windowMs;
    clearTimeout(this.#backgroundTimer);
    this.#backgroundTimer = setTimeout(
      () => this.#pumpBackground(),
      Math.max(LOOK_AGAIN_MS, this.#heldUntil - now, roomAt - now),
    );
    this.#backgroundTimer.unref();
  }

  #tooMany(): HeyReachError {
    const seconds = Math.ceil(this.#waitOf(this.#waiting.size) / 1_000);
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

function cancelled(): HeyReachError {
  return errorFromFault({ type: 'fault', reason: 'cancelled', bytesLeft: false, inFlight: false, detail: '' });
}

function waitTooLong(waitMs: number): HeyReachError {
  const seconds = Math.ceil(waitMs / 1_000);
  return new HeyReachError({
    kind: 'rate_limited',
    outcome: 'not_sent',
    message: `the request quota of this key is used up for the next ${seconds} s`,
    retryAfterSeconds: seconds,
    meaning: 'HeyReach allows 300 requests a minute per key; waiting would outlast the time this call has.',
    nextStep: `Try again in ${seconds} s.`,
  });
}

const FORGET_AFTER_MS = 600_000;

/** The quotas of all keys in use, one per key whatever the transport, connection or tool. */
export class Quotas {
  readonly #quotas = new Map<string, Quota>();
  readonly #store: SharedStore;
  readonly #cap: number;
  readonly #windowMs: number | undefined;
  #sweeper: NodeJS.Timeout | undefined;

  constructor(options: { store: SharedStore; cap: number; windowMs?: number | undefined }) {
    this.#store = options.store;
    this.#cap = options.cap;
    this.#windowMs = options.windowMs;
  }

  /** @param fingerprint of the key; the key itself is not kept here. */
  of(fingerprint: string): Quota {
    let quota = this.#quotas.get(fingerprint);
    if (quota === undefined) {
      const window = this.#windowMs === undefined ? {} : { windowMs: this.#windowMs };
      quota = new Quota({ key: fingerprint, store: this.#store, cap: this.#cap, ...window });
      this.#quotas.set(fingerprint, quota);
      this.#sweeper ??= setInterval(() => this.#sweep(), WINDOW_MS).unref();
    }
    return quota;
  }

  #sweep(): void {
    const before = Date.now() - FORGET_AFTER_MS;
    for (const [fingerprint, quota] of this.#quotas) {
      if (!quota.isIdleSince(before)) continue;
      this.#quotas.delete(fingerprint);
      void this.#store.forget(fingerprint);
    }
    if (this.#quotas.size === 0) {
      clearInterval(this.#sweeper);
      this.#sweeper = undefined;
    }
  }
}
