// Bundles the program into dist/, with every package that it needs. One chunk contains everything that stdio needs for
// `initialize`. Lazy imports (HTTP server, undici, sandbox, logger) become chunks, and are loaded when first needed.
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundle, smallValidator } from './bundle.mjs';
import { noticesOf } from './notices.mjs';
import { buildViews } from './views.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const SCHEMAS = 'tool-schemas.json';
const PROGRAMS = { main: 'src/main.ts', sandbox: 'src/sandbox/main.ts' };

rmSync(`${root}dist`, { recursive: true, force: true });
const { metafile } = await build({
  ...bundle,
  plugins: [...bundle.plugins, smallValidator],
  define: { TOOL_SCHEMAS_FILE: JSON.stringify(`./${SCHEMAS}`), VIEWS_FOLDER: JSON.stringify('./') },
  absWorkingDir: root,
  entryPoints: PROGRAMS,
  outdir: 'dist',
  banner: { js: `#!/usr/bin/env node\n${bundle.banner.js}` },
  metafile: true,
});
for (const name of Object.keys(PROGRAMS)) chmodSync(`${root}dist/${name}.js`, 0o755);
writeFileSync(`${root}dist/THIRD_PARTY_NOTICES.md`, noticesOf(metafile, root));
for (const [name, html] of Object.entries(await buildViews(root))) writeFileSync(`${root}dist/${name}`, html);
writeFileSync(`${root}dist/${SCHEMAS}`, JSON.stringify(await makeSchemas()));

/** The schemas of all tools, which zod makes too slowly to make them at every start. */
async function makeSchemas() {
  const outfile = `${root}dist/schemas.js`;
  const contents =
    "export { schemasByName } from './src/mcp/definitions/tool-definition.ts'; export { tools } from './src/tools/registry.ts';";
  await build({ ...bundle, splitting: false, sourcemap: false, stdin: { contents, resolveDir: root }, outfile });
  const { schemasByName, tools } = await import(outfile);
  rmSync(outfile);
  return schemasByName(tools);
}
