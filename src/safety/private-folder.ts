import type { Stats } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';

/**
 * Creates a folder that only this user can read.
 * @throws where the folder exists and others can read or own it.
 */
export async function openPrivateFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!isPrivate(await lstat(folder))) throw new Error(`${folder} is not a private folder of this user`);
}

/** Whether a folder belongs to this user alone. */
export function isPrivate(stat: Stats): boolean {
  return stat.isDirectory() && (stat.mode & 0o077) === 0 && stat.uid === userInfo().uid;
}
