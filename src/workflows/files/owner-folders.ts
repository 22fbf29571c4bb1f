import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openPrivateFolder } from '../../safety/private-folder.ts';

/** The fingerprint of a key. No other text becomes the name of a folder. */
const OWNER = /^[0-9a-f]{16}$/;

/** A file of any owner. */
export interface OwnedFile {
  folder: string;
  name: string;
  /** ms since the epoch. */
  changedAt: number;
  bytes: number;
}

/** A folder of HEYREACH_STATE_DIR that has a folder for each owner. Only this user can read them. */
export interface OwnerFolders {
  /** The path of an owner's folder, whether or not it exists. */
  of(owner: string): string;
  /** Creates the folder of an owner. @throws where others can read it. */
  open(owner: string): Promise<string>;
  /** The files of an owner. None where the folder is missing. */
  filesOf(owner: string): Promise<OwnedFile[]>;
  /** The files of all owners. */
  files(): AsyncGenerator<OwnedFile>;
}

/** @param name of the folder in HEYREACH_STATE_DIR. */
export function ownerFolders(stateFolder: string, name: string): OwnerFolders {
  const root = join(stateFolder, name);
  const of = (owner: string) => join(root, checkedName(owner, OWNER));
  return {
    of,
    async open(owner) {
      const folder = of(owner);
      await mkdir(stateFolder, { recursive: true, mode: 0o700 });
      await openPrivateFolder(root);
      await openPrivateFolder(folder);
      return folder;
    },
    filesOf: (owner) => filesIn(of(owner)),
    async *files() {
      for (const owner of await namesIn(root)) yield* await filesIn(join(root, owner));
    },
  };
}

/** @throws where a text is not of the form that a name of a file must have. */
export function checkedName(text: string, form: RegExp): string {
  if (!form.test(text)) throw new RangeError(`${JSON.stringify(text.slice(0, 40))} cannot be the name of a file`);
  return text;
}

async function filesIn(folder: string): Promise<OwnedFile[]> {
  const files = [];
  for (const name of await namesIn(folder)) {
    // Another process can remove a file at any time.
    const stats = await stat(join(folder, name)).catch(() => undefined);
    if (stats !== undefined) files.push({ folder, name, changedAt: stats.mtimeMs, bytes: stats.size });
  }
  return files;
}

/** The names in a folder, none where it is missing. */
export async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}
