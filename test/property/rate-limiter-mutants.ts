import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { RateLimiter } from '../../src/client/rate-limit/rate-limiter.ts';
import type { permitsInMemory } from '../../src/state/memory/permits.ts';

/** The tested code: the real rate limiter, or a mutant of it. */
export interface LimiterParts {
  RateLimiter: typeof RateLimiter;
  permitsInMemory: typeof permitsInMemory;
}

/** Texts of the source and their replacements. */
export type Mutation = Record<string, string>;

/** Matches every reading of the clock. */
const CLOCK = 'performance.now';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/**
 * Builds the rate limiter, its sliding window and the permits from changed sources, with the real p-queue. Every text
 * must occur exactly once, so that each mutation has an effect. `performance.now` is replaced everywhere.
 */
export async function mutate({ [CLOCK]: clock = CLOCK, ...mutation }: Mutation): Promise<LimiterParts> {
  const counts = new Map<string, number>();
  const built = await build({
    stdin: {
      contents:
        'export { RateLimiter } from "./client/rate-limit/rate-limiter.ts"; export { permitsInMemory } from "./state/memory/permits.ts";',
      resolveDir: src,
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
          bundler.onLoad(
            { filter: /(rate-limit\/(rate-limiter|sliding-window|shared-queue)|memory\/permits)\.ts$/ },
            async ({ path }) => {
              let contents = await readFile(path, 'utf8');
              for (const [text, replacement] of Object.entries(mutation)) {
                const parts = contents.split(text);
                counts.set(text, (counts.get(text) ?? 0) + parts.length - 1);
                contents = parts.join(replacement);
              }
              return { contents, loader: 'ts' };
            },
          );
        },
      },
    ],
  });
  for (const text of Object.keys(mutation)) {
    if (counts.get(text) !== 1) throw new Error(`found ${counts.get(text)} times instead of once: ${text}`);
  }
  const code = Buffer.from(built.outputFiles[0]!.contents).toString('base64');
  return (await import(/* @vite-ignore */ `data:text/javascript;base64,${code}`)) as LimiterParts;
}
