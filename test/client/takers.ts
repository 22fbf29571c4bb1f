import type { Quota, TakeOptions } from '../../src/client/quota.ts';

/** One call that asked for a slot, and what became of it. Times are those of the (fake) clock. */
export interface Taker {
  askedAt: number;
  startedAt?: number;
  failedAt?: number;
  error?: unknown;
  background: boolean;
  deadline: number;
  cancel(): void;
  cancelledAt?: number;
}

/** Asks for a slot and writes down when it was given or refused. */
export function take(quota: Pick<Quota, 'take'>, options: TakeOptions = {}): Taker {
  const controller = new AbortController();
  const taker: Taker = {
    askedAt: Date.now(),
    background: options.background === true,
    deadline: options.deadline ?? Number.POSITIVE_INFINITY,
    cancel() {
      if (taker.startedAt !== undefined || taker.failedAt !== undefined) return;
      taker.cancelledAt = Date.now();
      controller.abort('cancelled');
    },
  };
  quota.take({ ...options, signal: controller.signal }).then(
    () => {
      taker.startedAt = Date.now();
    },
    (error: unknown) => {
      taker.failedAt = Date.now();
      taker.error = error;
    },
  );
  return taker;
}

export function takeMany(quota: Pick<Quota, 'take'>, count: number, options: TakeOptions = {}): Taker[] {
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
