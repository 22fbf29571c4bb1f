import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The first take minutes: npm run test:quota. The second need the registry: npm run test:inspector. The third need nginx and
    // Caddy: npm run test:proxy.
    exclude: ['test/realtime/**', 'test/inspector/**', 'test/proxy/**'],
    globalSetup: ['test/kit/global-setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Integration tests start the built program; two workers keep a two-core machine honest about time.
    maxWorkers: 2,
    maxConcurrency: 10,
  },
});
