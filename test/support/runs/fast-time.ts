import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, vi } from 'vitest';
import { isFullRun } from './run-scope.ts';

/** The clock moves by this much in each real millisecond. */
const STEP_MS = 25;
const realTimeout = globalThis.setTimeout;

/**
 * Runs work that waits for a pause or a deadline on a clock that moves 25 times as fast, or less on a busy machine.
 * Sockets stay real, so every deadline of the work must leave them some real milliseconds.
 */
export async function inFastTime<Result>(work: () => Promise<Result>): Promise<Result> {
  const stop = await startFastTime();
  try {
    return await work();
  } finally {
    await stop();
  }
}

/**
 * `inFastTime` in the default run, whose programs run in the process of the test. A full run starts built programs,
 * which have their own clocks, and takes the real time.
 */
export function inFastTimeByDefault<Result>(work: () => Promise<Result>): Promise<Result> {
  return isFullRun ? work() : inFastTime(work);
}

/** Runs every test of the file, or of the `describe` block, on that clock. */
export function useFastTime(): void {
  let stop = async () => {};
  beforeEach(async () => {
    stop = await startFastTime();
  });
  afterEach(() => stop());
}

/** `useFastTime` in the default run, as `inFastTimeByDefault`. */
export function useFastTimeByDefault(): void {
  if (!isFullRun) useFastTime();
}

async function startFastTime(): Promise<() => Promise<void>> {
  // The first request loads `undici`, which takes longer than a deadline on this clock.
  await import('undici');
  const realNow = performance.now;
  const began = performance.now();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const since = Date.now();
  // The fake clock of vitest begins at 0. Earlier times of the program would otherwise be in the future.
  performance.now = () => began + Date.now() - since;
  let isOver = false;
  const run = async () => {
    while (!isOver) {
      await new Promise((resolve) => realTimeout(resolve, 1));
      // Events that have arrived meanwhile come first.
      await turn();
      await vi.advanceTimersByTimeAsync(STEP_MS);
    }
  };
  const running = run();
  return async () => {
    isOver = true;
    await running;
    vi.useRealTimers();
    performance.now = realNow;
  };
}
