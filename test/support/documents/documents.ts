import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { parseConfig } from '../../../src/config/load-config.ts';
import { selectTools } from '../../../src/tools/registry.ts';
import { connectStdio } from '../clients/clients.ts';
import { TEST_KEY } from '../runs/keys.ts';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The paths of all documents, relative to `root`. */
export const DOCUMENT_PATHS = [
  ...readdirSync(root),
  ...readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' }).map((path) => `docs/${path}`),
].filter((path) => path.endsWith('.md'));

const texts = DOCUMENT_PATHS.map((path) => readFileSync(`${root}${path}`, 'utf8'));

/** Returns the code block that a document marks with `<!-- block: name -->`. */
export function block(name: string): string {
  const pattern = new RegExp(`<!-- block: ${name} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\\n\`\`\``);
  const blocks = texts.flatMap((text) => pattern.exec(text)?.[1] ?? []);
  expect(blocks, `documents with a block ${name}`).toHaveLength(1);
  return blocks[0]!;
}

/** One server in the configuration of a host. */
export interface Entry {
  command?: string;
  args?: string[];
  env?: Record<string, string>;
  url?: string;
  headers?: Record<string, string>;
}

/** The number of tools that an entry with these flags shows, with a workspace key only. */
export function shownWith({ args = [] }: Entry): number {
  const parsed = parseConfig(args.slice(1), { HEYREACH_API_KEY: TEST_KEY });
  if (!('config' in parsed)) throw new Error(JSON.stringify(parsed));
  const { mode, toolsets, excludeTools } = parsed.config;
  return selectTools({ mode, toolsets, exclude: excludeTools, hasOrganizationKey: false }).length;
}

/** Starts an entry as written, with its placeholders filled in. @returns what a client sees. */
export async function startEntry({ args = [], env = {} }: Entry) {
  const [main, ...flags] = args.map((arg) => arg.replace('/path/to/heyreach-mcp/', root));
  expect(main).toBe(`${root}dist/main.js`);
  // A placeholder in place of the key ends the start.
  const filled = 'HEYREACH_API_KEY' in env ? { ...env, HEYREACH_API_KEY: TEST_KEY } : env;
  const peer = await connectStdio('v1', { args: flags, env: filled, built: true });
  const tools = (await peer.listTools()).length;
  const title = peer.serverTitle();
  await peer.close();
  return { tools, title };
}
