import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // These take minutes: npm run test:quota.
    exclude: ['test/realtime/**'],
    globalSetup: ['test/kit/global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Integration tests start the built program; two workers keep a two-core machine honest about time.
    maxWorkers: 2,
    maxConcurrency: 10,
  },
});
