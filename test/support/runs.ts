const FEWEST = 5;

/**
 * How many cases a property tries: `all` in the full run, a share of them by default, as FC_RUNS in vitest.config.ts says.
 */
export function runs(all: number): number {
  return Math.max(FEWEST, Math.round(all * Number(process.env.FC_RUNS ?? 1)));
}
