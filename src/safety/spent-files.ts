import { lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Spent } from './confirmations.ts';
import { digest } from './hash.ts';

/**
 * Remembers used confirmations as empty files, so that they stay used when the process is killed right after. Needed as soon
 * as confirmations outlive the process that made them, which a secret of one's own allows. Its methods throw when the folder
 * cannot be had: then nothing may be taken as confirmed.
 * @param parent where the folder of the files is made, should live as long as the secret.
 */
export function spentInFiles(secret: string, parent: string): Spent {
  const folder = join(parent, `heyreach-mcp-${digest(secret)}`);
  return {
    async has(id) {
      return (await lstat(join(folder, id)).catch(() => undefined)) !== undefined;
    },
    async add(id, ttlMs) {
      await openFolder(folder);
      await removeOlder(folder, ttlMs);
      try {
        // Only one of several processes can create it.
        await (await open(join(folder, id), 'wx', 0o600)).close();
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
      }
    },
  };
}

async function openFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  const isOurs = found.isDirectory() && (found.mode & 0o077) === 0 && found.uid === userInfo().uid;
  if (!isOurs) throw new Error(`${folder} is not a folder of ours alone`);
}

async function removeOlder(folder: string, ageMs: number): Promise<void> {
  const names = await readdir(folder);
  await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const made = (await lstat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
      if (Date.now() - made > ageMs) await rm(path, { force: true });
    }),
  );
}
