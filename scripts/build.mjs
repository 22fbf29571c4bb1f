// Bundles the program into dist/. One file holds what stdio needs to answer `initialize`; everything behind a lazy
// import (HTTP serving, undici, the sandbox, the logger) is a chunk or a package of its own, read when first needed.
import { chmodSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundle } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

rmSync(`${root}dist`, { recursive: true, force: true });
await build({
  ...bundle,
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts', sandbox: 'src/sandbox/main.ts' },
  outdir: 'dist',
  banner: { js: '#!/usr/bin/env node' },
});
chmodSync(`${root}dist/main.js`, 0o755);
