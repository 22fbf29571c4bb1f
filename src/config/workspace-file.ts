import type { HeyReachClient } from '../client/index.ts';
import { hasKeyCharacters, whyNotAKey } from '../lib/api-key.ts';
import { type FileReadError, inSequence, readSmallFile } from '../lib/read-small-file.ts';
import { ALL_WORKSPACES, type Workspaces } from '../mcp/workspaces.ts';
import { ConfigError } from './setting-types.ts';

const NAME = /^[a-z0-9-]{1,32}$/;

/** The workspaces of HEYREACH_WORKSPACES, as of the last valid content of the file. */
export class WorkspaceFile {
  readonly #path: string;
  readonly #acceptsAnyKey: boolean;
  #keys: ReadonlyMap<string, string> = new Map();

  private constructor(path: string, acceptsAnyKey: boolean) {
    this.#path = path;
    this.#acceptsAnyKey = acceptsAnyKey;
  }

  /**
   * @param acceptsAnyKey true on the sandbox, where any text is a key.
   * @throws ConfigError with what is wrong with the file.
   */
  static async open(path: string, { acceptsAnyKey = false } = {}): Promise<WorkspaceFile> {
    const file = new WorkspaceFile(path, acceptsAnyKey);
    const error = await file.reload();
    if (error !== undefined) throw new ConfigError(error);
    return file;
  }

  /** Reads the file again. If it has an error, nothing changes. @returns what is wrong with it, in one line without keys. */
  readonly reload = inSequence(() => this.#reload());

  async #reload(): Promise<string | undefined> {
    try {
      const keys = parseWorkspaces(await readSmallFile(this.#path, { isPrivate: true }), this.#acceptsAnyKey);
      if (keys.size === 0) throw new Error('contains no workspace. A line has a name and a HeyReach key');
      this.#keys = keys;
      return undefined;
    } catch (error) {
      return `HEYREACH_WORKSPACES: ${this.#path} ${(error as FileReadError).message}`;
    }
  }

  /** The keys by name, in the order of the file. */
  get keys(): ReadonlyMap<string, string> {
    return this.#keys;
  }
}

/**
 * Parses a file of workspaces: one `name key` per line. `#` starts a comment.
 * @throws Error with the number of the first invalid line, without its content.
 */
function parseWorkspaces(text: string, acceptsAnyKey = false): Map<string, string> {
  const keys = new Map<string, string>();
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const [name, key, ...rest] = line
      .replace(/(^|\s)#.*/, '')
      .trim()
      .split(/\s+/);
    if (name === undefined || name === '') continue;
    const problem = findNameError(name, keys) ?? findKeyError(key, { keys, acceptsAnyKey });
    if (problem !== undefined) throw new Error(`line ${index + 1} ${problem}`);
    if (rest.length > 0) throw new Error(`line ${index + 1} has more than a name and a key`);
    keys.set(name, key!);
  }
  return keys;
}

function findNameError(name: string, earlier: ReadonlyMap<string, string>): string | undefined {
  if (!NAME.test(name)) return 'has an invalid name (lower-case letters, digits and dashes, at most 32)';
  if (name === ALL_WORKSPACES) return `has the name ${name}, which means every workspace`;
  return earlier.has(name) ? 'repeats the name of an earlier line' : undefined;
}

function findKeyError(
  key: string | undefined,
  { keys, acceptsAnyKey }: { keys: ReadonlyMap<string, string>; acceptsAnyKey: boolean },
): string | undefined {
  if (key === undefined) return 'has no HeyReach key after the name';
  const reason = acceptsAnyKey ? undefined : whyNotAKey(key);
  if (reason !== undefined) return `has a key that ${reason}`;
  if (!hasKeyCharacters(key)) return 'has a key with characters that keys never have';
  return [...keys.values()].includes(key) ? 'repeats the key of an earlier line' : undefined;
}

/**
 * The workspaces of a file, as calls choose among them.
 * @param hasUnnamed there is also the workspace of HEYREACH_API_KEY.
 */
export function workspacesOf(
  file: WorkspaceFile,
  clientFor: (name: string, key: string) => HeyReachClient,
  { hasUnnamed }: { hasUnnamed: boolean },
): Workspaces {
  let keys: ReadonlyMap<string, string> | undefined;
  let names: readonly string[] = [];
  let clients = new Map<string, HeyReachClient>();
  const current = () => {
    if (keys !== file.keys) {
      names = [...file.keys.keys()];
      clients = new Map([...file.keys].map(([name, key]) => [name, clientFor(name, key)]));
    }
    keys = file.keys;
    return names;
  };
  return {
    names: current,
    byDefault: () => (hasUnnamed ? undefined : current()[0]),
    isChoice: () => current().length > 1 || hasUnnamed,
    clientOf(name) {
      current();
      return clients.get(name);
    },
  };
}
