// `npm run docs`: writes the generated blocks of the documents anew. A test fails when they have drifted from the code.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { settingsTable } from '../src/help.ts';
import { prompts } from '../src/prompts/catalog.ts';
import { auditResource } from '../src/resources/audit.ts';
import { guides, resources } from '../src/resources/catalog.ts';
import { TOOLSETS, type Tool } from '../src/tools/define.ts';
import { tools } from '../src/tools/registry.ts';

const root = new URL('../', import.meta.url);
/** Documents with generated blocks, and which. */
export const DOCUMENTS: Record<string, string[]> = {
  'README.md': ['settings', 'tools', 'resources', 'prompts'],
  'docs/safety.md': ['asks'],
};

/** When a tool asks that does not always. */
const CONDITIONS: Record<string, string> = {
  add_leads_to_list: 'when the list feeds a campaign that is IN_PROGRESS, STARTING or SCHEDULED',
  add_leads_to_list_v1: 'when the list feeds a campaign that is IN_PROGRESS, STARTING or SCHEDULED',
  update_webhook: 'unless it only renames, switches off, or narrows to fewer campaigns',
};

function askedWhen({ name, asks }: Tool): string {
  return asks === 'sometimes' ? (CONDITIONS[name] ?? 'sometimes') : asks === 'yes' ? 'always' : 'never';
}

function asksTable(): string {
  const rows = tools
    .filter(({ asks }) => asks !== 'no')
    .map((tool) => `| \`${tool.name}\` | ${tool.kind} | ${askedWhen(tool)} |`);
  return ['| tool | kind | asked |', '|---|---|---|', ...rows].join('\n');
}

function toolTable(): string {
  return TOOLSETS.map((toolset) => {
    const rows = tools
      .filter((tool) => tool.toolset === toolset)
      .map((tool) => `| \`${tool.name}\` | ${tool.kind} | ${tool.asks} | ${tool.description.replaceAll('|', '\\|')} |`);
    return [`#### \`${toolset}\``, '', '| tool | kind | asks | what it does |', '|---|---|---|---|', ...rows].join(
      '\n',
    );
  }).join('\n\n');
}

function resourceTable(): string {
  const all = [
    ...resources.map((one) => ({ ...one, form: one.mimeType === undefined ? 'JSON' : 'markdown, JSON' })),
    ...guides.map((one) => ({ ...one, form: 'markdown' })),
    { ...auditResource, form: 'JSON' },
  ];
  const rows = all.map(({ uri, description, form }) => `| \`${uri}\` | ${description} | ${form} |`);
  return ['| resource | what it holds | form |', '|---|---|---|', ...rows].join('\n');
}

function promptTable(): string {
  const rows = prompts.map(({ name, description, needs, arguments: given }) => {
    const named = given.map((one) => (one.isRequired ? `\`${one.name}\`` : `\`${one.name}\` (optional)`)).join(', ');
    return `| \`${name}\` | ${named} | ${description} | ${needs.map((tool) => `\`${tool}\``).join(', ')} |`;
  });
  return ['| prompt | arguments | what it does | listed with |', '|---|---|---|---|', ...rows].join('\n');
}

const BLOCKS: Record<string, () => string> = {
  settings: settingsTable,
  tools: toolTable,
  asks: asksTable,
  resources: resourceTable,
  prompts: promptTable,
};

/** A document with its generated blocks as the code has them now. */
export function generate(document: string, text: string): string {
  return (DOCUMENTS[document] ?? []).reduce((done, name) => {
    const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
    const from = done.indexOf(begin);
    const to = done.indexOf(end);
    if (from === -1 || to < from) throw new Error(`${document} has no block for ${name}`);
    return `${done.slice(0, from + begin.length)}\n\n${BLOCKS[name]?.()}\n\n${done.slice(to)}`;
  }, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const document of Object.keys(DOCUMENTS)) {
    const path = fileURLToPath(new URL(document, root));
    writeFileSync(path, generate(document, readFileSync(path, 'utf8')));
  }
}
