import { constants } from 'node:fs';
import { access, type FileHandle, lstat, open, realpath, stat } from 'node:fs/promises';
import { extname, isAbsolute, relative, resolve, sep } from 'node:path';
import {
  type LocalFileProblem,
  type LocalFileRead,
  type LocalFiles,
  noLocalFiles,
} from '../../mcp/services/local-files.ts';

/** The largest file, in bytes. */
export const MAX_FILE_BYTES = 20_000_000;

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;

/**
 * The files of HEYREACH_FILES_DIR. Links and `..` never lead out of the folder. An answer about a file outside is the same
 * whether or not that file exists.
 */
function openFilesFolder(folder: string): LocalFiles {
  return {
    async read(name, extensions) {
      const ending = extname(name).toLowerCase();
      if (!extensions.includes(ending)) {
        return fileProblem('has an ending that cannot be read', `Use a file with one of ${extensions.join(', ')}.`);
      }
      const root = await realpath(folder).catch(() => undefined);
      if (root === undefined)
        return fileProblem('cannot be read: the folder HEYREACH_FILES_DIR is missing', ASK_OPERATOR);
      const path = await realpath(resolve(root, name)).catch(() => undefined);
      if (path === undefined || !isBelow(root, path)) return NOT_THERE;
      if (!extensions.includes(extname(path).toLowerCase())) return NOT_THERE;
      return readRegular(path);
    },
  };
}

/** The files that a server reads. Over HTTP callers are not on this machine, and upload their files. */
export function localFilesOf(transport: 'stdio' | 'http', folder: string | undefined): LocalFiles {
  if (transport === 'http') {
    return noLocalFiles(
      'cannot be read: over HTTP the server reads no files of its machine',
      'Upload it with POST /files and give file "up:<sha256>", or give its content in text.',
    );
  }
  if (folder !== undefined) return openFilesFolder(folder);
  return noLocalFiles(
    'cannot be read: HEYREACH_FILES_DIR is not set',
    'The person who runs this server can set HEYREACH_FILES_DIR to a folder and put the file there. A short list also fits into text.',
  );
}

/** Finds out whether a folder can be read. @returns what is wrong with it, as the rest of a sentence. */
export async function findFilesFolderProblem(path: string): Promise<string | undefined> {
  const codeOf = ({ code }: NodeJS.ErrnoException) => code;
  const stats = await stat(path).catch(codeOf);
  if (typeof stats !== 'object') return `cannot be read (${stats})`;
  if (!stats.isDirectory()) return 'is not a folder';
  const code = await access(path, constants.R_OK | constants.X_OK).catch(codeOf);
  return code === undefined ? undefined : `cannot be read (${code})`;
}

const ASK_OPERATOR = 'Ask the person who runs this server to check HEYREACH_FILES_DIR.';
const NOT_THERE: LocalFileProblem = {
  ok: false,
  message: 'is not a file below the folder HEYREACH_FILES_DIR',
  nextStep: 'Give the path of a file relative to that folder. Links that lead out of it are not followed.',
};

function fileProblem(message: string, nextStep: string): LocalFileProblem {
  return { ok: false, message, nextStep };
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Reads a path without links. A path that changes meanwhile is not read. */
async function readRegular(path: string): Promise<LocalFileRead> {
  let file: FileHandle | undefined;
  try {
    // Without O_NONBLOCK the open of a FIFO waits for a writer.
    file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const opened = await file.stat();
    if (!opened.isFile()) return fileProblem('is not a regular file', 'Use a regular file.');
    if (opened.size > MAX_FILE_BYTES)
      return fileProblem('is larger than 20 MB', 'Split the file and import its parts.');
    // A folder of the path may have become a link between the two calls.
    const still = await lstat(await realpath(path));
    const isSame = (await realpath(path)) === path && still.ino === opened.ino && still.dev === opened.dev;
    return isSame ? { ok: true, bytes: await readUpTo(file, opened.size) } : NOT_THERE;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP') return NOT_THERE;
    return fileProblem(`cannot be read (${code ?? 'unknown error'})`, 'Check the permissions of the file.');
  } finally {
    await file?.close();
  }
}

/** Bytes that a program appends meanwhile are left out, so that the bound holds. */
async function readUpTo(file: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await file.read(bytes, length, size - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
