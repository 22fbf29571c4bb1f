import { defineConfig } from 'vitest/config';

/** Tests that take minutes because HeyReach's limits are minutes. They mostly wait, so all of them run at once. */
export default defineConfig({
  test: {
    include: ['test/realtime/**/*.test.ts'],
    globalSetup: ['test/kit/global-setup.ts'],
    testTimeout: 290_000,
    hookTimeout: 20_000,
    maxWorkers: 8,
    maxConcurrency: 100,
  },
});
