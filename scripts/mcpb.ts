// `npm run mcpb`: packs the extension for Claude Desktop, dist-mcpb/heyreach-mcp-VERSION.mcpb.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packExtension } from '@anthropic-ai/mcpb';
import { settings } from '../src/config/settings.ts';
import { selectTools } from '../src/tools/registry.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const { name, version, description, license, homepage, bugs, repository, keywords, author, engines } = JSON.parse(
  readFileSync(`${root}package.json`, 'utf8'),
);

/**
 * What Claude Desktop asks for. Each option has a default: without one, the program would get the name of the option in
 * place of a value. There is no type for a choice, so the mode is a text.
 */
const USER_CONFIG = {
  api_key: {
    type: 'string',
    title: 'HeyReach API key',
    description: 'Create it in HeyReach under Settings, Integrations, HeyReach API. The sandbox needs none.',
    sensitive: true,
    default: '',
  },
  mode: {
    type: 'string',
    title: 'Mode',
    description:
      'read-only: reads. draft: also changes that contact no one and delete nothing. full: all tools, with confirmation before people are contacted.',
    default: 'draft',
  },
  max_sends_per_hour: {
    type: 'number',
    title: 'Messages per hour',
    description: 'The most messages that Claude can send in an hour. In the modes read-only and draft it sends none.',
    min: 0,
    max: 10_000,
    default: Number(settings.maxSendsPerHour.fallback),
  },
  files_folder: {
    type: 'directory',
    title: 'Folder with lead files',
    description: 'Claude can read people from the CSV, TSV and JSON files of this folder. Empty: no file.',
    default: '',
  },
  sandbox: {
    type: 'boolean',
    title: 'Sandbox',
    description: 'Use made-up data. Nothing leaves this computer, and the key is ignored.',
    default: false,
  },
} as const;

/** The variable of each option. */
const VARIABLES: Record<keyof typeof USER_CONFIG, string | undefined> = {
  api_key: settings.apiKey.variable,
  mode: settings.mode.variable,
  max_sends_per_hour: settings.maxSendsPerHour.variable,
  files_folder: settings.filesFolder.variable,
  sandbox: settings.sandbox.variable,
};

/** The manifest of the extension: package.json, the settings and the default tools, in the form of MCPB 0.3. */
export function extensionManifest() {
  const env = Object.entries(VARIABLES).map(([option, variable]) => [variable, `\${user_config.${option}}`]);
  const toolsets = settings.toolsets.read.parse(settings.toolsets.fallback);
  const shown = selectTools({ mode: 'full', toolsets, exclude: [], hasOrganizationKey: false });
  return {
    manifest_version: '0.3',
    name,
    display_name: 'HeyReach',
    version,
    description: 'LinkedIn outreach through HeyReach: campaigns, inbox, leads, lists and statistics.',
    long_description: `${description}\n\nBefore a call contacts people, shares data externally or deletes data, the server asks for confirmation. It starts in the mode draft, which cannot send.`,
    author: { name: author },
    repository: { type: 'git', url: repository.url.replace(/^git\+/, '') },
    homepage,
    documentation: homepage,
    support: bugs,
    icon: 'icon.png',
    server: {
      type: 'node',
      entry_point: 'dist/main.js',
      mcp_config: { command: 'node', args: [`\${__dirname}/dist/main.js`], env: Object.fromEntries(env) },
    },
    tools: shown.map((tool) => ({ name: tool.name, description: tool.title })),
    prompts_generated: true,
    keywords,
    license,
    privacy_policies: ['https://www.heyreach.io/privacy-policy'],
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: engines.node } },
    user_config: USER_CONFIG,
  };
}

/** Packs the built program as an extension. @returns its path. */
export async function packMcpb(folder: string): Promise<string> {
  const staged = mkdtempSync(join(tmpdir(), 'heyreach-mcp-mcpb-'));
  try {
    mkdirSync(join(staged, 'dist'));
    for (const file of readdirSync(`${root}dist`).filter((file) => !file.endsWith('.map'))) {
      cpSync(`${root}dist/${file}`, join(staged, 'dist', file));
    }
    cpSync(`${root}LICENSE`, join(staged, 'LICENSE'));
    cpSync(`${root}mcpb/icon.png`, join(staged, 'icon.png'));
    // Node takes the files for ES modules because of this one.
    writeFileSync(join(staged, 'package.json'), JSON.stringify({ name, version, type: 'module', private: true }));
    writeFileSync(join(staged, 'manifest.json'), JSON.stringify(extensionManifest(), null, 2));
    const outputPath = join(folder, `${name}-${version}.mcpb`);
    const isPacked = await packExtension({ extensionPath: staged, outputPath, silent: true });
    if (!isPacked)
      throw new Error('the extension is not packed: `npx mcpb validate` shows what is wrong with its manifest');
    return outputPath;
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${await packMcpb(`${root}dist-mcpb`)}\n`);
}
