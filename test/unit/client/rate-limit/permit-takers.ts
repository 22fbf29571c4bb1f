import { afterEach, beforeEach, vi } from 'vitest';
import { type AcquireOptions, RateLimiter } from '../../../../src/client/rate-limit/rate-limiter.ts';
import { permitsInMemory } from '../../../../src/state/memory/permits.ts';
import type { Permits } from '../../../../src/state/permits.ts';

export const START = Date.UTC(2026, 2, 14, 9, 0, 0);
export const SECOND = 1_000;
/** The time that a call needs after its wait. */
export const ANSWER = 1_000;
export const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
export const since = (at: number | undefined) => (at === undefined ? undefined : at - START);

/** For the tests of one file: a fake clock that starts at `START`. */
export function useFakeClock(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.setSystemTime(START);
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

export function makeLimiter(cap = 300, permits: Permits = permitsInMemory()): RateLimiter {
  return new RateLimiter({ key: 'fingerprint', permits, cap });
}

/** One call that asks for a permit, and its result. Times are on the given clock. */
export interface Taker {
  askedAt: number;
  /** The estimated wait, in ms. */
  promised: number;
  startedAt?: number;
  failedAt?: number;
  error?: unknown;
  background: boolean;
  deadline: number;
  cancel(): void;
  cancelledAt?: number;
}

/** Asks for a permit and records when it starts or fails. @param now the clock of the recorded times. */
export function take(limiter: RateLimiter, options: AcquireOptions = {}, now: () => number = Date.now): Taker {
  const controller = new AbortController();
  const patience = (options.deadline ?? Number.POSITIVE_INFINITY) - Date.now();
  const taker: Taker = {
    askedAt: now(),
    promised: limiter.expectedWait(options.background),
    background: options.background === true,
    deadline: now() + patience,
    cancel() {
      if (taker.startedAt !== undefined || taker.failedAt !== undefined || taker.cancelledAt !== undefined) return;
      taker.cancelledAt = now();
      controller.abort('cancelled');
    },
  };
  limiter.acquire({ ...options, signal: controller.signal }).then(
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

export function takeMany(limiter: RateLimiter, count: number, options: AcquireOptions = {}): Taker[] {
  return Array.from({ length: count }, () => take(limiter, options));
}

export function startsOf(takers: readonly Taker[]): number[] {
  return takers
    .map(({ startedAt }) => startedAt)
    .filter((at) => at !== undefined)
    .sort((a, b) => a - b);
}

/** The most starts in any window. A window includes its beginning but not its end. */
export function mostInWindow(starts: readonly number[], windowMs: number): number {
  let most = 0;
  let first = 0;
  for (let last = 0; last < starts.length; last += 1) {
    while (starts[last]! - starts[first]! >= windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
