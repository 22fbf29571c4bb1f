// `npm run docs`: updates the generated parts of the documents, and the files of the skills. A test fails when a table differs from the code.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingsTable } from '../src/config/help.ts';
import { TOOLSETS, type Tool, type Toolset } from '../src/mcp/tool.ts';
import { prompts, workspacePrompts } from '../src/prompts/prompt-registry.ts';
import { auditResource } from '../src/resources/audit.ts';
import { guides, resources } from '../src/resources/index.ts';
import { tools } from '../src/tools/registry.ts';
import { isEssential } from '../src/tools/shared/essentials.ts';
import { RULES } from '../src/workflows/sequence/rules.ts';
import { CLIENT_PARTS } from './client-blocks.ts';
import { skillFiles } from './skill-files.ts';

const root = new URL('../', import.meta.url);
/** The documents with generated tables, and the names of these tables. */
export const DOCUMENTS: Record<string, string[]> = {
  'README.md': ['install-links', 'entry-claude-desktop', 'toolsets', 'resource-list', 'prompt-list', 'common-settings'],
  'docs/clients.md': [
    'install-addresses',
    'hosts',
    ...[
      'cursor',
      'vscode',
      'windsurf',
      'zed',
      'kiro',
      'lm-studio',
      'codex',
      'gemini-cli',
      'opencode',
      'copilot-cli',
    ].map((id) => `entry-${id}`),
    'entry-goose',
    'add-claude-code',
    'add-codex',
    'after-publication',
  ],
  'docs/tools.md': ['essentials', 'tools'],
  'docs/resources.md': ['resources', 'prompts'],
  'docs/configuration.md': ['settings'],
  'docs/safety.md': ['confirmation', 'lint'],
};

/** When a tool with conditional confirmation requires it. */
const CONDITIONS: Record<string, string> = {
  add_leads_to_list: 'when the list feeds a campaign that is IN_PROGRESS, STARTING or SCHEDULED',
  add_leads_to_list_v1: 'when the list feeds a campaign that is IN_PROGRESS, STARTING or SCHEDULED',
  update_campaign_settings: 'when clearExcludeList is true or an exclusion is switched off',
  update_webhook: 'unless it only renames, switches off, or narrows to fewer campaigns',
};

/** The tools that stand for a toolset in the README. */
const EXAMPLES: Record<Toolset, string[]> = {
  account: ['check_api_key'],
  workflows: ['list_unanswered', 'get_lead_overview', 'get_performance'],
  campaigns: ['list_campaigns', 'pause_campaign', 'add_leads_to_campaign'],
  inbox: ['list_conversations', 'get_conversation', 'send_message'],
  linkedin_accounts: ['list_linkedin_accounts', 'get_linkedin_account_status'],
  lists: ['list_lists', 'add_leads_to_list', 'list_leads_in_list'],
  stats: ['get_overall_stats', 'get_stats_by_campaign'],
  leads: ['get_lead', 'add_lead_tags'],
  webhooks: ['list_webhooks', 'create_webhook'],
  network: ['list_network', 'check_connection'],
  blacklist: ['list_blacklisted_leads', 'add_leads_to_blacklist'],
  organization: ['list_workspaces', 'invite_members'],
  legacy: ['list_conversations_v1'],
};

/** What a toolset needs before its tools are listed. */
const REQUIREMENTS: Partial<Record<Toolset, string>> = {
  organization: ' (needs HEYREACH_ORG_API_KEY)',
  legacy: ' (needs `--toolsets default,legacy`)',
};

/** The settings that most people need, by variable. */
const COMMON_SETTINGS = [
  'HEYREACH_API_KEY',
  'HEYREACH_SANDBOX',
  'HEYREACH_MCP_TRANSPORT',
  'HEYREACH_MODE',
  'HEYREACH_TOOLSETS',
  'HEYREACH_CONFIRM',
  'HEYREACH_MCP_TOKENS',
  'HEYREACH_AUDIT_LOG',
];

const code = (text: string) => `\`${text}\``;
const table = (columns: string[], rows: string[]) =>
  [`| ${columns.join(' | ')} |`, `|${'---|'.repeat(columns.length)}`, ...rows].join('\n');
const toolsIn = (toolset: Toolset) => tools.filter((tool) => tool.toolset === toolset);

function toolsetTable(): string {
  const rows = TOOLSETS.map((toolset) => {
    const inToolset = toolsIn(toolset);
    const examples = EXAMPLES[toolset];
    const unknown = examples.find((name) => inToolset.every((tool) => tool.name !== name));
    if (unknown !== undefined) throw new Error(`The toolset ${toolset} has no tool ${unknown}`);
    const toolsetCell = `${code(toolset)}${REQUIREMENTS[toolset] ?? ''}`;
    return `| ${toolsetCell} | ${inToolset.length} | ${examples.map(code).join(', ')} |`;
  });
  return table(['toolset', 'tools', 'examples'], rows);
}

function confirmationCondition({ name, confirmation }: Tool): string {
  return confirmation === 'conditional' ? (CONDITIONS[name] ?? 'sometimes') : confirmation;
}

function confirmationTable(): string {
  const rows = tools
    .filter(({ confirmation }) => confirmation !== 'never')
    .map((tool) => `| ${code(tool.name)} | ${tool.risk} | ${confirmationCondition(tool)} |`);
  return table(['tool', 'risk', 'requires confirmation'], rows);
}

const CONFIRMATION: Record<Tool['confirmation'], string> = { never: 'no', always: 'yes', conditional: 'sometimes' };

function toolTable(): string {
  return TOOLSETS.map((toolset) => {
    const rows = toolsIn(toolset).map(
      ({ name, risk, confirmation, description }) =>
        `| ${code(name)} | ${risk} | ${CONFIRMATION[confirmation]} | ${description.replaceAll('|', '\\|')} |`,
    );
    return [`## ${code(toolset)}`, '', table(['tool', 'risk', 'confirmation', 'description'], rows)].join('\n');
  }).join('\n\n');
}

const allResources = [
  ...resources.map((resource) => ({ ...resource, form: resource.mimeType === undefined ? 'JSON' : 'markdown, JSON' })),
  ...guides.map((guide) => ({ ...guide, form: 'markdown' })),
  { ...auditResource, form: 'JSON' },
];

function resourceTable(): string {
  const rows = allResources.map(({ uri, description, form }) => `| ${code(uri)} | ${description} | ${form} |`);
  return table(['resource', 'content', 'form'], rows);
}

function resourceList(): string {
  return table(
    ['resource', 'content'],
    allResources.map(({ uri, title }) => `| ${code(uri)} | ${title} |`),
  );
}

function promptTable(): string {
  const rows = [...prompts, ...workspacePrompts].map((prompt) => {
    const args = prompt.arguments.map(({ name, isRequired }) => `${code(name)}${isRequired ? '' : ' (optional)'}`);
    const requiredTools = prompt.requiredTools.map(code).join(', ');
    const onlyWith = workspacePrompts.includes(prompt) ? ' Only with several workspaces.' : '';
    return `| ${code(prompt.name)} | ${args.join(', ')} | ${prompt.description}${onlyWith} | ${requiredTools} |`;
  });
  return table(['prompt', 'arguments', 'description', 'required tools'], rows);
}

function promptList(): string {
  return table(
    ['prompt', 'task'],
    prompts.map(({ name, title }) => `| ${code(name)} | ${title} |`),
  );
}

function commonSettingsTable(): string {
  const [header = '', separator = '', ...rows] = settingsTable().split('\n');
  const common = COMMON_SETTINGS.map((variable) => {
    const row = rows.find((text) => text.includes(`| ${variable} |`));
    if (row === undefined) throw new Error(`There is no setting ${variable}`);
    return row;
  });
  return [header, separator, ...common].join('\n');
}

/** The rules of the lint, those that stop first. */
function lintTable(): string {
  const rules = Object.values(RULES).toSorted((a, b) => a.severity.localeCompare(b.severity));
  return table(
    ['finding', 'severity', 'why'],
    rules.map(({ what, severity, reason }) => `| ${what} | ${severity} | ${reason} |`),
  );
}

/** The tools of the preset essentials, by toolset. */
function essentialsTable(): string {
  const rows = TOOLSETS.flatMap((toolset) => {
    const names = toolsIn(toolset).filter(isEssential);
    return names.length === 0 ? [] : [`| ${code(toolset)} | ${names.map(({ name }) => code(name)).join(', ')} |`];
  });
  return table(['toolset', 'tools in `essentials`'], rows);
}

const TABLES: Record<string, () => string> = {
  ...CLIENT_PARTS,
  toolsets: toolsetTable,
  'resource-list': resourceList,
  'prompt-list': promptList,
  'common-settings': commonSettingsTable,
  settings: settingsTable,
  essentials: essentialsTable,
  tools: toolTable,
  confirmation: confirmationTable,
  lint: lintTable,
  resources: resourceTable,
  prompts: promptTable,
};

/** Returns `text`, the content of `document`, with its generated tables as the code has them now. */
export function generate(document: string, text: string): string {
  return (DOCUMENTS[document] ?? []).reduce((current, name) => {
    const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
    const from = current.indexOf(begin);
    const to = current.indexOf(end);
    if (from === -1 || to < from) throw new Error(`${document} has no markers for the table ${name}`);
    return `${current.slice(0, from + begin.length)}\n\n${TABLES[name]?.()}\n\n${current.slice(to)}`;
  }, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const document of Object.keys(DOCUMENTS)) {
    const path = fileURLToPath(new URL(document, root));
    writeFileSync(path, generate(document, readFileSync(path, 'utf8')));
  }
  for (const [name, text] of Object.entries(skillFiles())) {
    const path = fileURLToPath(new URL(name, root));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
