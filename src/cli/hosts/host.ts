import { isDeepStrictEqual } from 'node:util';

/** The variable that holds the key of the workspace. */
export const KEY_VARIABLE = 'HEYREACH_API_KEY';
/** What documents and links write in the place of a key. The server rejects it at its start. */
export const EXAMPLE_KEY = 'your-heyreach-api-key';

/** The computer whose hosts are configured. */
export interface Machine {
  platform: NodeJS.Platform;
  home: string;
  /** The folder of the project, for files of one project. */
  folder: string;
  env: Record<string, string | undefined>;
}

/** `user`: the host uses the server everywhere. `project`: only in the present folder. */
export type Scope = 'user' | 'project';

/** Where the server gets its key from: written into the entry, from a variable of the host, or none with the sandbox. */
export type KeySource = { from: 'entry'; key: string } | { from: 'variable' } | { from: 'none' };

/** How a host is to start the server. */
export interface Launch {
  command: string;
  args: readonly string[];
  key: KeySource;
  /** The HeyReach host, where it is not the usual one. */
  baseUrl?: string | undefined;
}

/** A value that a host asks the person for, and that its entries name. */
export interface HostInput {
  id: string;
  [field: string]: unknown;
}

/** What the file of a host holds for the server. */
export interface HostEntry {
  value: Record<string, unknown>;
  input?: HostInput;
}

/** The usual fields of an entry, from which a host can make its own. */
export interface PlainEntry {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

/** A program that starts MCP servers, and how its file is written. */
export interface Host {
  id: string;
  title: string;
  /** `yaml` files are documented, and `init` does not edit them. */
  format: 'jsonc' | 'toml' | 'yaml';
  /** The object, or the table, that holds the entries. */
  section: string;
  /** The file for a scope. undefined where the host has none. */
  file(machine: Machine, scope: Scope): string | undefined;
  /** Paths of which one exists where the host is installed, in addition to the folder of the user's file. */
  traces?(machine: Machine): string[];
  /** The file of the user as documents name it, and the file of a project. */
  shownFile: string;
  projectFile?: string;
  /** Fields in each entry before `command`. */
  fields?: Record<string, unknown>;
  /** Makes the fields of this host from the usual ones, where their names differ. */
  shape?(entry: PlainEntry): Record<string, unknown>;
  /** Flags that this host needs. */
  flags?: readonly string[];
  /** What the host replaces by HEYREACH_API_KEY of its own environment. undefined where it replaces nothing. */
  reference?: string;
  /** The field that lists the variables that the host passes on, in the place of a reference. */
  passesOn?: string;
  /** The host asks for the key by itself and keeps it. */
  asksForKey?: boolean;
  /** What the person does after a change of the file. */
  afterwards: string;
}

/** The entry of a host. `name` is the name of the server in the file. */
export function entryOf(host: Host, name: string, { command, args, key, baseUrl }: Launch): HostEntry {
  const env: Record<string, string> = {};
  const passedOn: Record<string, unknown> = {};
  let input: HostInput | undefined;
  if (key.from === 'entry' && host.asksForKey === true) {
    const id = `${name}-key`;
    env[KEY_VARIABLE] = `\${input:${id}}`;
    input = { type: 'promptString', id, description: 'HeyReach API key', password: true };
  } else if (key.from === 'entry') {
    env[KEY_VARIABLE] = key.key;
  } else if (key.from === 'variable') {
    if (host.passesOn !== undefined) passedOn[host.passesOn] = [KEY_VARIABLE];
    else if (host.reference !== undefined) env[KEY_VARIABLE] = host.reference;
    else throw new Error(`${host.title} cannot pass environment variables on`);
  }
  if (baseUrl !== undefined) env.HEYREACH_BASE_URL = baseUrl;
  const plain: PlainEntry = { command, args: [...args], ...(Object.keys(env).length === 0 ? {} : { env }) };
  const value = { ...host.fields, ...(host.shape?.(plain) ?? plain), ...passedOn };
  return input === undefined ? { value } : { value, input };
}

/** Whether a host can take the key from a variable of its own environment. */
export function canPassVariable({ reference, passesOn }: Host): boolean {
  return (reference ?? passesOn) !== undefined;
}

const PROGRAM =
  /(?:^|[\\/])heyreach-mcp(?:@[^\\/]+|\.cmd|\.exe)?$|[\\/]heyreach-mcp[^\\/]*[\\/](?:.*[\\/])?dist[\\/]main\.js$/;

/** What the entry of any host starts. A field of another type than the usual one is left out. */
export function programOf(value: unknown): { command?: string; args: string[]; env: Record<string, unknown> } {
  const { command, args, env, environment } = (value ?? {}) as Record<string, unknown>;
  const texts = (words: unknown) => (Array.isArray(words) ? words.filter((word) => typeof word === 'string') : []);
  const variables = (env ?? environment ?? {}) as Record<string, unknown>;
  // Some hosts have one array for the command and its arguments.
  const [first, ...rest] = Array.isArray(command) ? texts(command) : [command, ...texts(args)];
  return { ...(typeof first === 'string' ? { command: first } : {}), args: rest as string[], env: variables };
}

/** Whether an entry starts this program, from any place. */
export function isOurs(value: unknown, program: string): boolean {
  const { command, args } = programOf(value);
  return [command, ...args].some((word) => word !== undefined && (word === program || PROGRAM.test(word)));
}

/** Whether two entries are equal, whatever the order of their fields. */
export const isSameEntry = (a: unknown, b: unknown): boolean => isDeepStrictEqual(a, b);
