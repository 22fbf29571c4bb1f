import fc from 'fast-check';
import { isFullRun } from './run-scope.ts';

const FEWEST = 5;

/**
 * The number of cases of a property: `all` in a full run, and by default the share that FC_RUNS in vitest.config.ts
 * sets.
 */
export function runs(all: number): number {
  return Math.max(FEWEST, Math.round(all * Number(process.env.FC_RUNS ?? 1)));
}

// The default run tries the same cases each time, so that a failure can be repeated. Full runs try others each time.
if (!isFullRun) fc.configureGlobal({ seed: 20_260_101 });
