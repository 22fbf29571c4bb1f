import fc from 'fast-check';
import { isFullRun } from './run-scope.ts';

const FEWEST = 5;

/**
 * How many cases a property tries: `all` in the full run, a share of them by default, as FC_RUNS in vitest.config.ts says.
 */
export function runs(all: number): number {
  return Math.max(FEWEST, Math.round(all * Number(process.env.FC_RUNS ?? 1)));
}

// The default run tries the same cases each time, so that a failure can be repeated. Full runs try others each time.
if (!isFullRun) fc.configureGlobal({ seed: 20_260_101 });
