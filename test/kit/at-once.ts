import { expect } from 'vitest';

/** Two noisy cores: the middle of so many measurements is what counts, and none may be far off. */
export const ROUNDS = 5;
const MOST_MS = 50;
const LOOSE_MS = 1_000;

/** ms since the epoch, with fractions: comparable between this process's sockets and the program's log lines. */
export const now = () => performance.timeOrigin + performance.now();

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Expects that what was to happen at once did; what waits for a timer or a further event does not. */
export function expectAtOnce(took: readonly number[]): void {
  const middle = took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)];
  expect(middle).toBeLessThanOrEqual(MOST_MS);
  expect(Math.max(...took)).toBeLessThanOrEqual(LOOSE_MS);
}
