import { wholeFile } from '../src/cli/hosts/edit-entry.ts';
import { EXAMPLE_KEY, type Host, KEY_VARIABLE } from '../src/cli/hosts/host.ts';
import { allHosts, hosts } from '../src/cli/hosts/hosts.ts';
import { PUBLISHED } from '../src/config/published.ts';
import { documentedEntry, FROM_CLONE, FROM_NPM, installLinks, LINK_START, NAME, type Start } from './install-links.ts';

/** Until the package is published, its name in the npm registry is free. */
const ENTRY_START: Start = PUBLISHED ? FROM_NPM : FROM_CLONE;
const MAX_WIDTH = 100;

/** How `command` adds the server by the command line of a host. */
const ADD_COMMANDS: Record<string, (command: string) => string> = {
  'claude-code': (command) => `claude mcp add ${NAME} -s user --env ${KEY_VARIABLE}=${EXAMPLE_KEY} -- ${command}`,
  codex: (command) => `codex mcp add ${NAME} --env ${KEY_VARIABLE}=${EXAMPLE_KEY} -- ${command}`,
};

/** JSON whose short lists and flat objects take one line. */
function compactJson(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isArray = Array.isArray(value);
  const members = Object.entries(value).map(([name, member]) => ({
    label: isArray ? '' : `${JSON.stringify(name)}: `,
    member,
  }));
  const isFlat = members.every(({ member }) => typeof member !== 'object' || member === null);
  const [open, close] = isArray ? ['[', ']'] : ['{ ', ' }'];
  const line = `${open}${members.map(({ label, member }) => `${label}${JSON.stringify(member)}`).join(', ')}${close}`;
  if (isFlat && indent.length + line.length <= MAX_WIDTH) return line;
  const inner = `${indent}  `;
  const lines = members.map(({ label, member }) => `${inner}${label}${compactJson(member, inner)}`);
  return `${open.trim()}\n${lines.join(',\n')}\n${indent}${close.trim()}`;
}

/** YAML of an object whose members are scalars, lists of scalars and objects. */
function yaml(value: object, indent = ''): string {
  return Object.entries(value)
    .map(([name, member]) =>
      typeof member === 'object' && !Array.isArray(member)
        ? `${indent}${name}:\n${yaml(member, `${indent}  `)}`
        : `${indent}${name}: ${JSON.stringify(member).replaceAll('","', '", "')}`,
    )
    .join('\n');
}

/** The file of a host with nothing but the documented entry. */
function fileText(host: Host, start: Start): string {
  const entry = documentedEntry(host, start);
  if (host.format === 'yaml') return yaml({ [host.section]: { [NAME]: entry.value } });
  if (host.format === 'toml') return wholeFile(host, NAME, entry).trim();
  return compactJson(JSON.parse(wholeFile(host, NAME, entry)));
}

const LANGUAGES = { jsonc: 'json', toml: 'toml', yaml: 'yaml' };
const marked = (name: string, language: string, text: string) =>
  `<!-- block: ${name} -->\n\`\`\`${language}\n${text}\n\`\`\``;

function entryBlock(host: Host, start: Start, name: string): string {
  return marked(name, LANGUAGES[host.format], fileText(host, start));
}

function commandBlock(host: Host, start: Start, name: string): string {
  const { command, args } = documentedEntry(host, start).value as unknown as Start;
  return marked(name, 'sh', ADD_COMMANDS[host.id]!([command, ...args].join(' ')));
}

const hostWith = (id: string) => allHosts.find((host) => host.id === id)!;

/** The clients that one click configures. */
function linkTable(start: Start): string {
  const rows = installLinks(start).map(({ title, web }) => `| ${title} | [Add to ${title}](${web}) |`);
  return ['| client | link |', '|---|---|', ...rows].join('\n');
}

/** The links for the address bar, since many pages remove links that open a program. */
function addressTable(): string {
  const rows = installLinks(LINK_START).flatMap(({ title, app }) =>
    app === undefined ? [] : [`| ${title} | \`${app}\` |`],
  );
  return ['| client | address |', '|---|---|', ...rows].join('\n');
}

function hostTable(): string {
  const code = (text: string | undefined) => (text === undefined ? '' : `\`${text}\``);
  const rows = hosts.map(
    ({ id, title, shownFile, projectFile }) =>
      `| ${code(id)} | ${title} | ${shownFile.includes(' ') ? shownFile : code(shownFile)} | ${code(projectFile)} |`,
  );
  const header = ['| HOST | client | file of the user | file of a project |', '|---|---|---|---|'];
  return [...header, ...rows, '| `all` | every client that is found | | |'].join('\n');
}

/** The forms with npx of the entries whose files differ, and of the command lines. */
function afterPublication(): string {
  const entries = ['claude-desktop', 'vscode', 'codex'].map((id) => entryBlock(hostWith(id), FROM_NPM, `npx-${id}`));
  const commands = Object.keys(ADD_COMMANDS).map((id) => commandBlock(hostWith(id), FROM_NPM, `npx-add-${id}`));
  return [linkTable(FROM_NPM), ...entries, ...commands].join('\n\n');
}

/** The generated parts of documents about clients, by name. */
export const CLIENT_PARTS: Record<string, () => string> = {
  'install-links': () => linkTable(LINK_START),
  'install-addresses': addressTable,
  hosts: hostTable,
  'after-publication': afterPublication,
  ...Object.fromEntries(
    allHosts.map((host) => [
      `entry-${host.id}`,
      () => entryBlock(host, ENTRY_START, host.id === 'claude-code' ? 'claude-code-file' : host.id),
    ]),
  ),
  'add-claude-code': () => commandBlock(hostWith('claude-code'), ENTRY_START, 'claude-code'),
  'add-codex': () => commandBlock(hostWith('codex'), ENTRY_START, 'codex-add'),
};
