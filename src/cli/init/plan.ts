import { type ConfigFile, readConfigFile } from '../edit/config-file.ts';
import { EditError } from '../edit/edit-error.ts';
import type { CommandEnvironment } from '../environment.ts';
import { readEntry, removeEntry, setEntry } from '../hosts/edit-entry.ts';
import {
  canPassVariable,
  entryOf,
  type Host,
  type HostEntry,
  isOurs,
  isSameEntry,
  type KeySource,
} from '../hosts/host.ts';
import { type Command, ownCommand } from '../launch.ts';
import type { InitOptions } from './options.ts';

/** What `init` does to the file of one host. */
export interface Plan {
  host: Host;
  /** The file as the host names it. It can be a symlink. */
  path: string;
  file: ConfigFile;
  change: 'add' | 'replace' | 'remove' | 'none';
  /** The new entry. undefined for a removal. */
  entry?: HostEntry;
  /** The new text of the file. */
  text: string;
}

/** Why the file of a host stays as it is. */
export class InitError extends Error {}

/** The file of a host. @throws InitError where the host has none for this scope. */
export function fileOf(host: Host, { scope }: InitOptions, { machine }: CommandEnvironment): string {
  const path = host.file(machine, scope);
  if (path === undefined) throw new InitError(`${host.title} has no file for one project. Use --scope user`);
  return path;
}

/** Where the server of a host gets its key from, before a person is asked for it. */
function keySourceOf(host: Host, { sandbox, keyFromEnv, scope }: InitOptions): KeySource['from'] {
  if (sandbox) return 'none';
  // A host that asks by itself writes no key, and a project file is shared.
  const isWritten = scope === 'user' && !keyFromEnv;
  if (isWritten || (host.asksForKey === true && !keyFromEnv)) return 'entry';
  if (canPassVariable(host)) return 'variable';
  const reason = keyFromEnv
    ? 'cannot pass environment variables on. Leave out --key-from-env'
    : 'cannot pass environment variables on, and a project file is shared, so no key is written. Use --scope user';
  throw new InitError(`${host.title} ${reason}`);
}

/** Whether the entry of a host will hold the key itself. */
export const needsKey = (host: Host, options: InitOptions): boolean =>
  !options.remove && host.asksForKey !== true && keySourceOf(host, options) === 'entry';

/** The entry that `init` writes. @param key the key, for an entry that holds one. */
export function entryFor(host: Host, options: InitOptions, env: CommandEnvironment, key: string): HostEntry {
  const flags = ['--mode', options.mode, ...(host.flags ?? []), ...(options.sandbox ? ['--sandbox'] : [])];
  const command: Command = ownCommand(env, flags, { pin: options.pin });
  const from = keySourceOf(host, options);
  const source: KeySource = from === 'entry' ? { from, key } : { from };
  return entryOf(host, options.name, {
    ...command,
    key: source,
    baseUrl: options.sandbox ? undefined : baseUrlOf(env),
  });
}

/** The HeyReach host of the environment, so that a key for it is sent to no other host. */
function baseUrlOf({ machine }: CommandEnvironment): string | undefined {
  return machine.env.HEYREACH_BASE_URL?.trim() || undefined;
}

/** Reads the file of a host and plans its change. @throws InitError, also for a file that cannot be edited. */
export async function planFor(host: Host, options: InitOptions, env: CommandEnvironment, key: string): Promise<Plan> {
  const path = fileOf(host, options, env);
  try {
    const file = await readConfigFile(path);
    const { name, force } = options;
    const existing = readEntry(host, file.text, name);
    if (existing !== undefined && !force && !isOurs(existing, env.program)) {
      throw new EditError(`has an entry ${name} that starts another program. Use --force to replace it, or --name`);
    }
    if (options.remove) {
      const text = removeEntry(host, file.text, name);
      return { host, path, file, change: existing === undefined ? 'none' : 'remove', text };
    }
    const entry = entryFor(host, options, env, key);
    const text = isSameEntry(existing, entry.value) ? file.text : setEntry(host, file.text, name, entry);
    const change = text === file.text ? 'none' : existing === undefined ? 'add' : 'replace';
    return { host, path, file, change, entry, text };
  } catch (error) {
    if (error instanceof EditError) throw new InitError(`${path} ${error.message}. Nothing was written to it`);
    throw error;
  }
}
