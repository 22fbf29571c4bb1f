import { defineConfig } from 'vitest/config';

const DEFAULT_TIERS = ['unit', 'contract', 'property', 'integration'];
/**
 * Slow tests only belong to full runs, also where one of them runs alone. They start programs and hold real time limits,
 * which a machine that stops for seconds misses: CI runs a failed one once more, and shows that it did.
 */
const SLOW = { env: { FC_RUNS: '1' }, retry: process.env.CI === undefined ? 0 : 1 };

/**
 * `npm run test:full` sets FC_RUNS=1: every tier, every case, and every property with all its runs. The default run tries a
 * twentieth of the runs.
 */
export default defineConfig({
  test: {
    globalSetup: ['test/support/runs/global-setup.ts'],
    env: { FC_RUNS: process.env.FC_RUNS ?? '0.05' },
    // A test that hangs ends here. A busy machine must not reach it.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    expect: { poll: { timeout: 30_000 } },
    // Slow tests wait more than they compute, so a third worker keeps two cores busy. The default run computes more and takes
    // two. The option --maxWorkers of vitest changes no project.
    maxWorkers: process.env.FC_RUNS === '1' ? 3 : 2,
    // The tests keep whole workspaces in memory. A larger young generation saves a tenth of the CPU time.
    execArgv: ['--max-semi-space-size=64'],
    maxConcurrency: 10,
    projects: [
      // These tiers keep no state in modules: the files of a worker share what is loaded.
      ...DEFAULT_TIERS.map((name) => tier(name, { isolate: false })),
      // All of them, which `npm test` runs: loading the sources once for each of four tiers takes a quarter of the time.
      tier('default', { isolate: false, include: DEFAULT_TIERS.map((name) => `test/${name}/**/*.test.ts`) }),
      // npx downloads what the Inspector and conformance tests run, the first time.
      tier('slow', {
        exclude: ['**/node_modules/**', 'test/slow/real-time/**', 'test/slow/alone/**'],
        hookTimeout: 240_000,
        ...SLOW,
      }),
      // These tests wait for limits that are minutes long, so all of them run at once.
      tier('slow', {
        name: 'real-time',
        ...SLOW,
        include: ['test/slow/real-time/**/*.test.ts'],
        testTimeout: 290_000,
        maxWorkers: 8,
        maxConcurrency: 100,
        sequence: { groupOrder: 1 },
      }),
      // These tests measure the machine, so each of them runs without any other.
      tier('slow', {
        name: 'alone',
        ...SLOW,
        include: ['test/slow/alone/**/*.test.ts'],
        testTimeout: 290_000,
        maxWorkers: 1,
        maxConcurrency: 100,
        sequence: { groupOrder: 2 },
      }),
    ],
  },
});

/** A tier is the folder of that name below test/. */
function tier(name: string, options: object = {}) {
  return { extends: true as const, test: { name, include: [`test/${name}/**/*.test.ts`], ...options } };
}
