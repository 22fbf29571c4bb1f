import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Quota } from '../../src/client/quota.ts';
import type { createMemoryStore } from '../../src/client/store.ts';

/** What the properties need: the real thing, or one that was broken on purpose. */
export interface QuotaParts {
  Quota: typeof Quota;
  createMemoryStore: typeof createMemoryStore;
}

/** Texts of the source and what they are replaced with. */
export type Mutation = Record<string, string>;

/** Stands for every reading of a clock. */
const CLOCK = 'performance.now';

const client = fileURLToPath(new URL('../../src/client/', import.meta.url));

/**
 * Builds quota.ts, ledger.ts and store.ts, with the real p-queue in them, after changing their text. Every text has to be found
 * exactly once, so that a mutation cannot quietly become none; `performance.now` is exchanged wherever it stands.
 */
export async function mutate({ [CLOCK]: clock = CLOCK, ...mutation }: Mutation): Promise<QuotaParts> {
  const found = new Map<string, number>();
  const built = await build({
    stdin: {
      contents: 'export { Quota } from "./quota.ts"; export { createMemoryStore } from "./store.ts";',
      resolveDir: client,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    define: { [CLOCK]: clock },
    plugins: [
      {
        name: 'mutate',
        setup(bundler) {
          bundler.onLoad({ filter: /client\/(quota|ledger|store)\.ts$/ }, async ({ path }) => {
            let contents = await readFile(path, 'utf8');
            for (const [text, replacement] of Object.entries(mutation)) {
              const parts = contents.split(text);
              found.set(text, (found.get(text) ?? 0) + parts.length - 1);
              contents = parts.join(replacement);
            }
            return { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  for (const text of Object.keys(mutation)) {
    if (found.get(text) !== 1) throw new Error(`found ${found.get(text)} times instead of once: ${text}`);
  }
  const code = Buffer.from(built.outputFiles[0]!.contents).toString('base64');
  return (await import(/* @vite-ignore */ `data:text/javascript;base64,${code}`)) as QuotaParts;
}
