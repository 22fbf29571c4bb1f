// `npm run docs`: writes the generated blocks of the README anew. A test fails when they have drifted from the code.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { settingsTable } from '../src/help.ts';
import { TOOLSETS } from '../src/tools/define.ts';
import { tools } from '../src/tools/registry.ts';

const README = fileURLToPath(new URL('../README.md', import.meta.url));

function toolTable(): string {
  return TOOLSETS.map((toolset) => {
    const rows = tools
      .filter((tool) => tool.toolset === toolset)
      .map((tool) => `| \`${tool.name}\` | ${tool.kind} | ${tool.description.replaceAll('|', '\\|')} |`);
    return [`#### \`${toolset}\``, '', '| tool | kind | what it does |', '|---|---|---|', ...rows].join('\n');
  }).join('\n\n');
}

const BLOCKS: Record<string, () => string> = { settings: settingsTable, tools: toolTable };

/** The README with its generated blocks as the code has them now. */
export function generate(text: string): string {
  return Object.entries(BLOCKS).reduce((done, [name, make]) => {
    const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
    const from = done.indexOf(begin);
    const to = done.indexOf(end);
    if (from === -1 || to < from) throw new Error(`the README has no block for ${name}`);
    return `${done.slice(0, from + begin.length)}\n\n${make()}\n\n${done.slice(to)}`;
  }, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(README, generate(readFileSync(README, 'utf8')));
}
