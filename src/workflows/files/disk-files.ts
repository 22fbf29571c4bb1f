import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DISK_LIMITS, type FileLimits, type FileStore, KEPT_MS } from './file-store.ts';
import { checkedName, type OwnedFile, ownerFolders } from './owner-folders.ts';

/** Names of files. No other text becomes part of a path. */
const NAME = /^(?:(?:result|outcome)-[0-9a-f]{12}\.(?:json|csv)|upload-[0-9a-f]{64})$/;

/**
 * Files of owners in the folder `files` of HEYREACH_STATE_DIR. Only this user can read them, because they hold names and
 * addresses of people.
 */
export function filesOnDisk(stateFolder: string, limits: FileLimits = DISK_LIMITS): FileStore {
  const folders = ownerFolders(stateFolder, 'files');
  return {
    isDurable: true,
    async write(owner, name, content) {
      const folder = await folders.open(owner);
      const path = join(folder, checkedName(name, NAME));
      await writeWhole(path, content);
      await removeSurplus(await folders.filesOf(owner), path, limits);
      return path;
    },
    async read(owner, name) {
      if (!NAME.test(name)) return undefined;
      const path = join(folders.of(owner), name);
      try {
        return isOld((await stat(path)).mtimeMs) ? undefined : await readFile(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async sweep() {
      for await (const file of folders.files()) if (isOld(file.changedAt)) await remove(file);
    },
  };
}

/** Readers see the file before or after, and never a part of it. */
export async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  const unfinished = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(unfinished, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Removes the oldest files of an owner beyond its limits. */
async function removeSurplus(files: readonly OwnedFile[], written: string, limits: FileLimits): Promise<void> {
  let count = 0;
  let bytes = 0;
  for (const file of [...files].sort((a, b) => b.changedAt - a.changedAt)) {
    count += 1;
    bytes += file.bytes;
    const isSurplus = count > limits.files || bytes > limits.bytes;
    if (isSurplus && join(file.folder, file.name) !== written) await remove(file);
  }
}

async function remove({ folder, name }: OwnedFile): Promise<void> {
  await rm(join(folder, name), { force: true });
}

function isOld(changedAt: number): boolean {
  return Date.now() - changedAt > KEPT_MS;
}
