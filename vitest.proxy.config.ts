import { defineConfig } from 'vitest/config';

/** Tests of the program behind real proxies, which have to be installed: nginx and caddy. */
export default defineConfig({
  test: {
    include: ['test/proxy/**/*.test.ts'],
    globalSetup: ['test/kit/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 20_000,
    maxWorkers: 2,
  },
});
