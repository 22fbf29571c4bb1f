import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import {
  chmod,
  chown,
  copyFile,
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EditError } from './edit-error.ts';

const BOM = '\uFEFF';
const MAX_BYTES = 16 * 1024 * 1024;
/** A temporary file of this age belongs to a process that was killed. */
const LEFT_BEHIND_MS = 60_000;

/** The file of a host, as it was read. */
export interface ConfigFile {
  /** The file itself, behind symlinks. */
  path: string;
  /** Its text without a byte order mark. Empty for a file that does not exist. */
  text: string;
  hasBom: boolean;
  /** undefined for a file that does not exist. */
  bytes: Buffer | undefined;
  mode: number | undefined;
}

/** Reads the file of a host. @throws EditError for a file that is not a text. */
export async function readConfigFile(named: string): Promise<ConfigFile> {
  const path = await targetOf(named);
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new EditError('is not a regular file');
    if (stats.size > MAX_BYTES) throw new EditError('is larger than 16 MiB');
    const bytes = await readFile(path);
    const text = decode(bytes);
    const hasBom = text.startsWith(BOM);
    return { path, text: hasBom ? text.slice(1) : text, hasBom, bytes, mode: stats.mode & 0o777 };
  } catch (error) {
    if (error instanceof EditError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { path, text: '', hasBom: false, bytes: undefined, mode: undefined };
    throw new EditError(`cannot be read (${code})`);
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EditError('is not UTF-8 text');
  }
}

/** The file behind symlinks, also where the last link names a file that does not exist yet. */
async function targetOf(named: string): Promise<string> {
  try {
    return await realpath(named);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new EditError(`cannot be read (${code})`);
    const link = await readlink(named).catch(() => undefined);
    return link === undefined ? resolve(named) : targetOf(resolve(dirname(named), link));
  }
}

/** How a file is written. */
export interface WriteOptions {
  /** The text holds a key, so other users must not read it. */
  isSecret: boolean;
  now: Date;
}

/**
 * Replaces the text of a file: backup, temporary file in the same folder, fsync, rename. A process that is killed leaves
 * the old file or the new one, never a part.
 * @returns the path of the backup. undefined for a new file.
 */
export async function writeConfigFile(
  file: ConfigFile,
  text: string,
  options: WriteOptions,
): Promise<string | undefined> {
  try {
    return await write(file, text, options);
  } catch (error) {
    if (error instanceof EditError) throw error;
    throw new EditError(`cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

async function write(file: ConfigFile, text: string, { isSecret, now }: WriteOptions): Promise<string | undefined> {
  const { path, bytes, hasBom } = file;
  await mkdir(dirname(path), { recursive: true });
  const backup = bytes === undefined ? undefined : await backUp(path, now);
  await removeLeftBehind(path, now);
  const temporary = join(dirname(path), `${temporaryPrefix(path)}${randomBytes(6).toString('hex')}`);
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await fill(handle, `${hasBom ? BOM : ''}${text}`);
    await copyOwnership(file, temporary, isSecret);
    await expectUnchanged(file);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
  return backup;
}

const temporaryPrefix = (path: string) => `.${basename(path)}.heyreach-mcp-`;

/** Removes the temporary files of processes that were killed, which can hold a key. */
async function removeLeftBehind(path: string, now: Date): Promise<void> {
  const folder = dirname(path);
  const names = (await readdir(folder)).filter((name) => name.startsWith(temporaryPrefix(path)));
  for (const name of names) {
    const stats = await stat(join(folder, name)).catch(() => undefined);
    if (stats !== undefined && now.getTime() - stats.mtimeMs > LEFT_BEHIND_MS)
      await rm(join(folder, name), { force: true });
  }
}

async function fill(handle: FileHandle, text: string): Promise<void> {
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Copies the file to `FILE.bak-YYYYMMDDHHMMSS`, which only its owner can read. Never replaces another backup. */
async function backUp(path: string, now: Date): Promise<string> {
  const stamp = now.toISOString().replaceAll(/\D/g, '').slice(0, 14);
  for (let count = 0; ; count++) {
    const backup = `${path}.bak-${stamp}${count === 0 ? '' : `-${count}`}`;
    try {
      await copyFile(path, backup, constants.COPYFILE_EXCL);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      continue;
    }
    await chmod(backup, 0o600);
    return backup;
  }
}

/** Keeps mode and owner. A file that gets a key loses the rights of other users. */
async function copyOwnership({ path, mode }: ConfigFile, temporary: string, isSecret: boolean): Promise<void> {
  if (mode === undefined) return;
  const { uid, gid } = await stat(path);
  const own = await stat(temporary);
  if (own.uid !== uid || own.gid !== gid) await chown(temporary, uid, gid).catch(() => {});
  await chmod(temporary, isSecret ? mode & 0o700 : mode);
}

/** A host can write its file at the same time. */
async function expectUnchanged({ path, bytes }: ConfigFile): Promise<void> {
  const present = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const isSame = bytes === undefined ? present === undefined : present?.equals(bytes) === true;
  if (!isSame) throw new EditError('was changed by another program in the meantime. Run the command again');
}

/** Makes the rename itself durable. Windows has no such call. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
