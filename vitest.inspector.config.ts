import { defineConfig } from 'vitest/config';

/** Tests with the Inspector, which npx gets: they need the registry, or its copy in npm's cache. */
export default defineConfig({
  test: {
    include: ['test/inspector/**/*.test.ts'],
    globalSetup: ['test/kit/global-setup.ts'],
    testTimeout: 60_000,
    // The first run downloads it.
    hookTimeout: 240_000,
    maxWorkers: 2,
    maxConcurrency: 2,
  },
});
