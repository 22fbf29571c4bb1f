import { existsSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { hasKeyCharacters, whyNotAKey } from '../../lib/api-key.ts';
import { type ConfigFile, readConfigFile } from '../edit/config-file.ts';
import { EditError } from '../edit/edit-error.ts';
import type { CommandEnvironment } from '../environment.ts';
import { readEntries } from '../hosts/edit-entry.ts';
import { type Host, isOurs, KEY_VARIABLE, type Machine, programOf, type Scope } from '../hosts/host.ts';
import { hosts } from '../hosts/hosts.ts';
import { type DoctorCheck, failed, ok, skipped, warning } from './check.ts';

/** The entries of this server in the files of the hosts. */
export async function checkHosts(env: CommandEnvironment): Promise<DoctorCheck[]> {
  const places = hosts.flatMap((host) => (['user', 'project'] as const).map((scope) => ({ host, scope })));
  const checks = (await Promise.all(places.map(({ host, scope }) => checkHost(host, scope, env)))).flat();
  const hint = 'no host has an entry of this server: `heyreach-mcp init` adds one';
  return checks.length === 0 ? [skipped('hosts', hint)] : checks;
}

async function checkHost(host: Host, scope: Scope, env: CommandEnvironment): Promise<DoctorCheck[]> {
  const path = host.file(env.machine, scope);
  if (path === undefined) return [];
  const name = scope === 'user' ? host.title : `${host.title}, this folder`;
  try {
    const file = await readConfigFile(path);
    if (file.bytes === undefined) return [];
    const entries = Object.entries(readEntries(host, file.text)).filter(([, entry]) => isOurs(entry, env.program));
    return entries.map(([entryName, entry]) => checkEntry(`${name}: ${entryName}`, path, entry, file, env.machine));
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    return [warning(name, `${path} ${error.message}`, 'The host may ignore the whole file. Repair it.')];
  }
}

/** The first thing that keeps an entry from working, else what it does. */
function checkEntry(name: string, path: string, entry: unknown, file: ConfigFile, machine: Machine): DoctorCheck {
  const { command, args: words, env } = programOf(entry);
  const again = 'Run `heyreach-mcp init` for this host again.';
  if (command === undefined || !isThere(command, machine)) {
    return failed(name, `${path} names a command that does not exist`, again);
  }
  const missing = words.find((word) => isAbsolute(word) && basename(word) === 'main.js' && !existsSync(word));
  if (missing !== undefined) return failed(name, `${path} names ${missing}, which does not exist`, again);
  const key = env[KEY_VARIABLE];
  // A reference such as ${env:NAME} is no key.
  const isReference = typeof key !== 'string' || /[${}]/.test(key);
  const reason = isReference ? undefined : (whyNotAKey(key) ?? (hasKeyCharacters(key) ? undefined : 'is not a key'));
  if (reason !== undefined) return failed(name, `${KEY_VARIABLE} in ${path} ${reason}`, again);
  if (!isReference && machine.platform !== 'win32' && ((file.mode ?? 0) & 0o077) !== 0) {
    return warning(name, `${path} holds a key and can be read by other users`, `Run chmod 600 ${file.path}`);
  }
  if (!isReference && isInGit(file.path)) {
    return warning(name, `${path} holds a key and is in a git work tree`, 'Keep it out of git, or use --key-from-env.');
  }
  return ok(name, `${path}, mode ${modeOf(words)}${pinOf(words)}`);
}

function modeOf(words: readonly string[]): string {
  const at = words.indexOf('--mode');
  return words.find((word) => word.startsWith('--mode='))?.slice(7) ?? (at === -1 ? 'full' : (words[at + 1] ?? 'full'));
}

function pinOf(words: readonly string[]): string {
  const name = words.find((word) => /^heyreach-mcp(?:@|$)/.test(word));
  if (name === undefined) return '';
  return name.includes('@') ? `, version ${name.split('@')[1]}` : ', the latest version at each start';
}

function isThere(command: string, { env, platform }: Machine): boolean {
  if (/[\\/]/.test(command)) return existsSync(command);
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter);
  const endings = platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  return folders.some((folder) => endings.some((ending) => existsSync(join(folder, command + ending))));
}

function isInGit(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return true;
    if (folder === dirname(folder)) return false;
  }
}
