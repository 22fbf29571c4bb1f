import { expect } from 'vitest';
import { isFullRun } from './run-scope.ts';

/** The number of tries of a cancellation. The median counts. */
export const ROUNDS = isFullRun ? 5 : 2;
/**
 * Less than any timer of the program, and more than a busy machine needs: cancellations took up to 216 ms at load 10.
 */
const MOST_MS = 500;
const LOOSE_MS = 4_900;

/**
 * ms since the epoch, with fractions: comparable between the sockets of this process and the log lines of the program.
 */
export const now = () => performance.timeOrigin + performance.now();

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Whether a promise is still pending after a later event has happened. */
export async function isPendingAfter(promise: Promise<unknown>, event: Promise<unknown>): Promise<boolean> {
  let isPending = true;
  void promise.then(() => {
    isPending = false;
  });
  await event;
  return isPending;
}

/** Expects an immediate effect. An effect after a timer or another event is too late. */
export function expectAtOnce(took: readonly number[]): void {
  const middle = took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)];
  expect(middle).toBeLessThanOrEqual(MOST_MS);
  expect(Math.max(...took)).toBeLessThanOrEqual(LOOSE_MS);
}
