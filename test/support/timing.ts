import { expect } from 'vitest';
import { isFullRun } from './run-scope.ts';

/** How often a cancellation is tried. The median of all rounds counts. */
export const ROUNDS = isFullRun ? 5 : 2;
/** Less than any timer of the program, and more than a busy machine takes: cancellations took up to 216 ms at load 10. */
const MOST_MS = 500;
const LOOSE_MS = 4_900;

/** ms since the epoch, with fractions: comparable between this process's sockets and the program's log lines. */
export const now = () => performance.timeOrigin + performance.now();

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Whether a promise is still pending when an event that comes later has happened. */
export async function isPendingAfter(promise: Promise<unknown>, event: Promise<unknown>): Promise<boolean> {
  let isPending = true;
  void promise.then(() => {
    isPending = false;
  });
  await event;
  return isPending;
}

/** Expects an immediate effect. An effect that waits for a timer or for another event is too late. */
export function expectAtOnce(took: readonly number[]): void {
  const middle = took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)];
  expect(middle).toBeLessThanOrEqual(MOST_MS);
  expect(Math.max(...took)).toBeLessThanOrEqual(LOOSE_MS);
}
