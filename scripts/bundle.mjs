// How the program is bundled; the bench bundles what it compares with in the same way.

/** The options of esbuild that all of them share. */
export const bundle = {
  bundle: true,
  splitting: true,
  // Names stay as they are written, for stack traces. To shorten and then restore them would cost every closure a call.
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // A package in modules can be shaken; its CommonJS twin is taken whole.
  mainFields: ['module', 'main'],
  external: ['undici', 'pino', 'prom-client', '@modelcontextprotocol/node'],
  logLevel: 'warning',
};
