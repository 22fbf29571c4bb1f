import { afterEach, beforeEach, vi } from 'vitest';
import { Quota, type TakeOptions } from '../../src/client/quota.ts';
import { createMemoryStore, type SharedStore } from '../../src/client/store.ts';

export const START = Date.UTC(2026, 2, 14, 9, 0, 0);
export const SECOND = 1_000;
/** What a call that waited wants left of its time. */
export const ANSWER = 1_000;
export const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
export const since = (at: number | undefined) => (at === undefined ? undefined : at - START);

/** For the tests of one file: a clock that stands at `START` until it is moved on. */
export function useFakeClock(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(START);
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

export function makeQuota(cap = 300, store: SharedStore = createMemoryStore()): Quota {
  return new Quota({ key: 'fingerprint', store, cap });
}

/** One call that asked for a slot, and what became of it. Times are those of the given clock. */
export interface Taker {
  askedAt: number;
  /** What it was told it would wait, in ms. */
  promised: number;
  startedAt?: number;
  failedAt?: number;
  error?: unknown;
  background: boolean;
  deadline: number;
  cancel(): void;
  cancelledAt?: number;
}

/** Asks for a slot and writes down when it was given or refused. @param now the clock of the times written down. */
export function take(quota: Quota, options: TakeOptions = {}, now: () => number = Date.now): Taker {
  const controller = new AbortController();
  const patience = (options.deadline ?? Number.POSITIVE_INFINITY) - Date.now();
  const taker: Taker = {
    askedAt: now(),
    promised: quota.expectedWait(options.background),
    background: options.background === true,
    deadline: now() + patience,
    cancel() {
      if (taker.startedAt !== undefined || taker.failedAt !== undefined || taker.cancelledAt !== undefined) return;
      taker.cancelledAt = now();
      controller.abort('cancelled');
    },
  };
  quota.take({ ...options, signal: controller.signal }).then(
    () => {
      taker.startedAt = now();
    },
    (error: unknown) => {
      taker.failedAt = now();
      taker.error = error;
    },
  );
  return taker;
}

export function takeMany(quota: Quota, count: number, options: TakeOptions = {}): Taker[] {
  return Array.from({ length: count }, () => take(quota, options));
}

export function startsOf(takers: readonly Taker[]): number[] {
  return takers
    .map(({ startedAt }) => startedAt)
    .filter((at) => at !== undefined)
    .sort((a, b) => a - b);
}

/** The most starts in any window of so many ms: its beginning belongs to it, its end does not. */
export function mostInWindow(starts: readonly number[], windowMs: number): number {
  let most = 0;
  let first = 0;
  for (let last = 0; last < starts.length; last += 1) {
    while (starts[last]! - starts[first]! >= windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
