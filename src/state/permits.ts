import type { MaybePromise } from './maybe-promise.ts';

/** How many requests may start in a rolling window. */
export interface PermitLimits {
  cap: number;
  /** The part of the window that background calls may use. Foreground calls may use all of it. */
  backgroundCap: number;
  windowMs: number;
}

/** A call that asks for a permit. The ticket names it, also when it asks again. */
export interface PermitTicket {
  readonly ticket: string | number;
  readonly background: boolean;
  /** The request changes nothing. While the store is unavailable, it may use a share of the window. */
  readonly read?: boolean | undefined;
}

/** The answer of a store to a ticket. */
export interface PermitAnswer {
  /** 0 if the permit is taken. Else how long this ticket has to wait, as far as is known now. */
  waitMs: number;
  /** How long the key is held after a 429. 0 if it is not held. */
  heldMs: number;
  /** The store is unavailable. The wait ends when it is available again, or when a share may be used. */
  isStoreLost?: true;
}

/**
 * The permits of all keys. Requests of a key start in the order of their tickets, foreground before background, in all
 * processes that share the store. Times go in and out as durations: the clock of the store decides.
 */
export interface Permits {
  /** How many tickets of each class one process may keep waiting here. The calls behind them wait in the process. */
  readonly maxTickets: number;
  /** A waiting ticket must ask again after this long, or it lapses. */
  readonly askAgainMs: number;
  /**
   * Takes a permit, or a position in the queue. A ticket that already has its permit gets it again, as a start of now.
   * @throws StoreUnavailableError then the request must not start.
   */
  take(key: string, ticket: PermitTicket, limits: PermitLimits): MaybePromise<PermitAnswer>;
  /**
   * Moves the start of a ticket to now.
   * @returns false if the ticket has no permit, or its start has left the window.
   * @throws StoreUnavailableError then the request must not start.
   */
  restart(key: string, ticket: PermitTicket, limits: PermitLimits): MaybePromise<boolean>;
  /** Gives back the permit of a ticket, or its position in the queue. Never rejects. */
  drop(key: string, ticket: PermitTicket): MaybePromise<void>;
  /** Holds the key after a 429. The latest moment of all holds counts. Never rejects. */
  hold(key: string, ms: number): MaybePromise<void>;
  /** Forgets what this process alone needs for an idle key. */
  forget(key: string): void;
}
