import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { FROM_NPM, INSTALLED, type InstallLink, installLinks } from '../../scripts/install-links.ts';
import { readEntry } from '../../src/cli/hosts/edit-entry.ts';
import { entryOf, type Host, type HostEntry, type Launch } from '../../src/cli/hosts/host.ts';
import { allHosts, hosts } from '../../src/cli/hosts/hosts.ts';
import { readInitOptions } from '../../src/cli/init/options.ts';
import { PUBLISHED } from '../../src/config/published.ts';
import { block, DOCUMENT_PATHS, root } from '../support/documents/documents.ts';

const EXAMPLE_KEY = 'your-heyreach-api-key';
const hostWith = (id: string): Host => allHosts.find((host) => host.id === id)!;

/** The table entry of a host that starts a command. */
function entryWith(host: Host, command: string, ...args: string[]): HostEntry {
  const key: Launch['key'] = { from: 'entry', key: EXAMPLE_KEY };
  return entryOf(host, 'heyreach', { command, args: [...args, '--mode', 'draft', ...(host.flags ?? [])], key });
}

/** The content of a link as the client reads it. */
function decode(address: string): { scheme: string; name: string; value: unknown; input?: unknown } {
  const { protocol, searchParams, search, hostname } = new URL(address);
  const scheme = protocol === 'https:' ? hostname : protocol;
  if (protocol.startsWith('vscode')) {
    const { name, inputs, ...value } = JSON.parse(decodeURIComponent(search.slice(1)));
    return { scheme, name, value, input: inputs[0] };
  }
  const name = searchParams.get('id') ?? searchParams.get('name')!;
  const config = searchParams.get('config');
  if (config === null) return { scheme, name, value: readGoose(searchParams) };
  const value = JSON.parse(config.startsWith('{') ? config : Buffer.from(config, 'base64').toString());
  const inputs = searchParams.get('inputs');
  return { scheme, name, value, ...(inputs === null ? {} : { input: JSON.parse(inputs)[0] }) };
}

function readGoose(query: URLSearchParams) {
  const [variable = ''] = query.get('env')!.split('=');
  return {
    name: query.get('name'),
    type: 'stdio',
    enabled: true,
    timeout: Number(query.get('timeout')),
    cmd: query.get('cmd'),
    args: query.getAll('arg'),
    // goose asks the user for the value.
    envs: { [variable]: EXAMPLE_KEY },
  };
}

const kinds = { installed: INSTALLED, npm: FROM_NPM };
const addressesOf = ({ web, app }: InstallLink) => (app === undefined ? [web] : [web, app]);

describe.each(Object.entries(kinds))('install links: %s', (_kind, start) => {
  const links = installLinks(start);

  test('exist for each client that supports them, as a web page and as an app address', () => {
    const schemes = links.map((link) => [link.title, ...addressesOf(link).map((address) => decode(address).scheme)]);
    expect(schemes).toEqual([
      ['Cursor', 'cursor.com', 'cursor:'],
      ['VS Code', 'insiders.vscode.dev', 'vscode:'],
      ['VS Code Insiders', 'insiders.vscode.dev', 'vscode-insiders:'],
      ['LM Studio', 'lmstudio.ai', 'lmstudio:'],
      ['goose', 'block.github.io', 'goose:'],
      ['Kiro', 'kiro.dev'],
    ]);
  });

  test.each(links.flatMap((link) => addressesOf(link).map((address) => [link.hostId, address] as const)))(
    'contain the entry from the table: %s',
    (hostId, address) => {
      const { value, input } = entryWith(hostWith(hostId), start.command, ...start.args);
      expect(decode(address)).toMatchObject({ name: 'heyreach', value, ...(input && { input }) });
      expect(decode(address).value).toEqual(value);
      // A Markdown link ends at a space or a bracket.
      expect(address).not.toMatch(/[\s()<>|]/);
    },
  );

  test('only the link of VS Code Insiders names that edition', () => {
    const marked = links.filter(({ web }) => new URL(web).searchParams.get('quality') === 'insiders');
    expect(marked.map(({ title }) => title)).toEqual(['VS Code Insiders']);
  });
});

describe('documents', () => {
  const texts = DOCUMENT_PATHS.map((path) => ({ path, text: readFileSync(`${root}${path}`, 'utf8') }));
  const clients = texts.find(({ path }) => path === 'docs/clients.md')!.text;
  const [before = '', after = ''] = clients.split('\n## After publication\n');

  test('name npx for this package only under "After publication", until it is published', () => {
    expect(PUBLISHED).toBe(false);
    const pattern = /npx[^\n]*heyreach-mcp/;
    const elsewhere = texts.map(({ path, text }) => ({ path, text: path === 'docs/clients.md' ? before : text }));
    expect(elsewhere.filter(({ text }) => pattern.test(text)).map(({ path }) => path)).toEqual([]);
    expect(after).toMatch(pattern);
    for (const { web } of installLinks(FROM_NPM)) expect(after).toContain(`](${web})`);
  });

  test('contain the links of the installed command', () => {
    const readme = texts.find(({ path }) => path === 'README.md')!.text;
    for (const { web, app } of installLinks(INSTALLED)) {
      expect(readme).toContain(`](${web})`);
      if (app !== undefined) expect(before).toContain(`\`${app}\``);
    }
  });

  test.each(allHosts.filter(({ id }) => id !== 'claude-code').map((host) => [host.id, host] as const))(
    'contain the entry of %s from the table',
    (id, host) => {
      const { value } = entryWith(host, 'node', '/path/to/heyreach-mcp/dist/main.js');
      const text = block(id);
      const entry = host.format === 'yaml' ? parseYaml(text)[host.section].heyreach : readEntry(host, text, 'heyreach');
      expect(entry).toEqual(value);
    },
  );

  test('contain a command for Claude Code and Codex that starts the same as their entries', () => {
    for (const [id, name] of [
      ['claude-code', 'claude-code'],
      ['codex', 'codex-add'],
    ] as const) {
      const { command, args } = entryWith(hostWith(id), 'node', '/path/to/heyreach-mcp/dist/main.js').value;
      expect(block(name).split(' -- ')[1]).toBe([command, ...(args as string[])].join(' '));
    }
  });

  test('name every host of init', () => {
    for (const { id } of hosts) expect(before).toContain(`| \`${id}\` |`);
  });
});

test('init names the entry of a host whose file it does not edit', () => {
  expect(() => readInitOptions(['goose'])).toThrow('init does not edit ~/.config/goose/config.yaml. docs/clients.md');
});
