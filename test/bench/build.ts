import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { bundle, smallValidator } from '../../scripts/bundle.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Tools that `larger` has in addition, to see the cost of one tool. */
export const MORE_TOOLS = 100;

/** Paths of the built programs, all bundled with the options of the real one. */
export interface Programs {
  ours: string;
  /** Ours with a rate limiter that never makes a call wait. */
  unlimited: string;
  /** The same with `MORE_TOOLS` made-up tools. */
  larger: string;
  bare: string;
  mcpServer: string;
  server: string;
  upstream: string;
  load: string;
  remove(): void;
}

/** Builds all programs into a new folder, below node_modules so that packages are found. */
export async function buildPrograms(): Promise<Programs> {
  const cache = `${root}node_modules/.cache`;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(`${cache}/heyreach-mcp-bench-`);
  // As in the installed package. Without it, Node would compile each file again to detect its module type.
  writeFileSync(`${folder}/package.json`, '{"type":"module"}');
  const buildOurs = (outdir: string, plugins: Plugin[]) =>
    build({
      ...bundle,
      absWorkingDir: root,
      entryPoints: { main: 'src/main.ts' },
      outdir,
      plugins: [...plugins, ...(bundle.plugins ?? []), smallValidator],
    });
  const programs = `${folder}/programs`;
  await Promise.all([
    buildOurs(`${folder}/ours`, []),
    buildOurs(`${folder}/unlimited`, [shortWindow]),
    buildOurs(`${folder}/larger`, [shortWindow, moreTools]),
    build({
      ...bundle,
      absWorkingDir: `${root}test/bench/programs`,
      entryPoints: ['bare.ts', 'mcp-server.ts', 'server.ts', 'upstream.ts', 'load.ts'],
      outdir: programs,
    }),
  ]);
  return {
    ours: `${folder}/ours/main.js`,
    unlimited: `${folder}/unlimited/main.js`,
    larger: `${folder}/larger/main.js`,
    bare: `${programs}/bare.js`,
    mcpServer: `${programs}/mcp-server.js`,
    server: `${programs}/server.js`,
    upstream: `${programs}/upstream.js`,
    load: `${programs}/load.js`,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Edits a source file while building. @throws Error when the file or one of the edited texts is missing. */
function edited(name: string, file: RegExp, edits: [from: string, to: string][]): Plugin {
  return {
    name,
    setup(building) {
      let isLoaded = false;
      building.onEnd(() => {
        if (!isLoaded) throw new Error(`no file matches ${file}`);
      });
      building.onLoad({ filter: file }, ({ path }) => {
        isLoaded = true;
        let contents = readFileSync(path, 'utf8');
        for (const [from, to] of edits) {
          if (!contents.includes(from)) throw new Error(`${path} does not hold: ${from}`);
          contents = contents.replace(from, () => to);
        }
        return { contents, loader: 'ts' };
      });
    },
  };
}

// 300 calls in 25 ms: the rate limiter does all of its bookkeeping with a full window, and no call waits.
const shortWindow = edited('short-window', /src\/client\/rate-limit\/rate-limiter\.ts$/, [
  ['const WINDOW_MS = 60_000;', 'const WINDOW_MS = 24;'],
  ['const PAD_MS = 1_000;', 'const PAD_MS = 1;'],
]);

const TOOLS = 'export const tools: readonly Tool[] = [';

const moreTools = edited('more-tools', /src\/tools\/registry\.ts$/, [
  [
    TOOLS,
    `import { defineTool } from '../mcp/tool.ts';
import { id, text, paging, detail } from '../mcp/arguments/fields.ts';
import * as z from 'zod';
${TOOLS}
${Array.from({ length: MORE_TOOLS }, (_, index) => madeUpTool(index)).join('\n')}`,
  ],
]);

function madeUpTool(index: number): string {
  return `defineTool({
  name: 'list_things_${index}', title: 'List things ${index}', toolset: 'account', risk: 'read', retry: 'safe', confirmation: 'never',
  description: 'Things of kind ${index}: their names and how many there are. One of them comes from another tool.',
  input: () => ({ thingId: id('Thing id'), keyword: text('Part of the name').optional(), ...paging(), ...detail }),
  output: () => z.looseObject({
    items: z.array(z.looseObject({ id: z.number().optional(), name: z.string().optional() })),
    totalCount: z.number().optional(),
    returned: z.number().optional(),
  }),
  async run() {
    return { data: { items: [], totalCount: ${index}, returned: 0 } };
  },
}),`;
}
