import { EXAMPLE_KEY, entryOf, type Host, type HostEntry, KEY_VARIABLE } from '../src/cli/hosts/host.ts';
import { allHosts } from '../src/cli/hosts/hosts.ts';
import { PUBLISHED } from '../src/config/published.ts';

/** The name of the server in documented entries. */
export const NAME = 'heyreach';

/** A program, and what comes before the flags of the server. */
export interface Start {
  command: string;
  args: readonly string[];
}

/** A clone at a path that the person fills in. */
export const FROM_CLONE: Start = { command: 'node', args: ['/path/to/heyreach-mcp/dist/main.js'] };
/** The command that `npm install --global` adds. A link cannot hold the path of a clone. */
export const INSTALLED: Start = { command: 'heyreach-mcp', args: [] };
/** The package of the npm registry. */
export const FROM_NPM: Start = { command: 'npx', args: ['-y', 'heyreach-mcp'] };

/** What links and the Claude plugin start. Until the package is published, its name in the npm registry is free. */
export const LINK_START: Start = PUBLISHED ? FROM_NPM : INSTALLED;

/** The entry that documents and links have for a host: mode draft, and an example in the place of the key. */
export function documentedEntry(host: Host, { command, args }: Start): HostEntry {
  const flags = ['--mode', 'draft', ...(host.flags ?? [])];
  return entryOf(host, NAME, { command, args: [...args, ...flags], key: { from: 'entry', key: EXAMPLE_KEY } });
}

/** A link that adds the server to a client. No link holds a key. */
export interface InstallLink {
  title: string;
  hostId: string;
  /** A page that opens the client, for documents on the web. */
  web: string;
  /** The same for the address bar of a browser. undefined where the page is the only way. */
  app?: string;
}

const uriJson = (value: unknown) => encodeURIComponent(JSON.stringify(value));
const base64 = (value: unknown) => encodeURIComponent(Buffer.from(JSON.stringify(value)).toString('base64'));

function vscodeLink(title: string, entry: HostEntry, { scheme, query }: { scheme: string; query: string }) {
  const { value, input } = entry;
  const parts = `name=${NAME}&inputs=${uriJson([input])}&config=${uriJson(value)}`;
  return {
    title,
    web: `https://insiders.vscode.dev/redirect/mcp/install?${parts}${query}`,
    app: `${scheme}:mcp/install?${uriJson({ name: NAME, ...value, inputs: [input] })}`,
  };
}

function gooseQuery({ value }: HostEntry): string {
  const { cmd, args, name, timeout } = value as { cmd: string; args: string[]; name: string; timeout: number };
  const query = new URLSearchParams({ cmd });
  for (const word of args) query.append('arg', word);
  query.append('timeout', String(timeout));
  query.append('id', NAME);
  query.append('name', name);
  query.append('description', 'LinkedIn outreach through HeyReach');
  // goose asks the person for the value. The text after the name describes it.
  query.append('env', `${KEY_VARIABLE}=HeyReach API key`);
  return query.toString().replaceAll('+', '%20');
}

type Link = Omit<InstallLink, 'hostId' | 'title'> & { title?: string };

/** The links of a host, by its id. */
const LINKS: Record<string, (entry: HostEntry) => Link[]> = {
  cursor: ({ value }) => {
    const query = `name=${NAME}&config=${base64(value)}`;
    const app = `cursor://anysphere.cursor-deeplink/mcp/install?${query}`;
    return [{ web: `https://cursor.com/en/install-mcp?${query}`, app }];
  },
  vscode: (entry) => [
    vscodeLink('VS Code', entry, { scheme: 'vscode', query: '' }),
    vscodeLink('VS Code Insiders', entry, { scheme: 'vscode-insiders', query: '&quality=insiders' }),
  ],
  'lm-studio': ({ value }) => {
    const query = `name=${NAME}&config=${base64(value)}`;
    return [{ web: `https://lmstudio.ai/install-mcp?${query}`, app: `lmstudio://add_mcp?${query}` }];
  },
  goose: (entry) => {
    const query = gooseQuery(entry);
    return [{ web: `https://block.github.io/goose/extension?${query}`, app: `goose://extension?${query}` }];
  },
  kiro: ({ value }) => {
    const query = `name=${NAME}&config=${uriJson(value)}`;
    return [{ web: `https://kiro.dev/launch/mcp/add?${query}` }];
  },
};

/** The install links of all hosts that have any. */
export function installLinks(start: Start): InstallLink[] {
  return Object.entries(LINKS).flatMap(([hostId, links]) => {
    const host = allHosts.find(({ id }) => id === hostId);
    if (host === undefined) throw new Error(`There is no host ${hostId}`);
    return links(documentedEntry(host, start)).map((link) => ({ title: host.title, hostId, ...link }));
  });
}
