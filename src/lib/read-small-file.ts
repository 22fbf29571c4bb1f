import { constants, open } from 'node:fs/promises';

const MIB = 1024 * 1024;

/** Why a file could not be read. The message continues a sentence that starts with the path. */
export class FileReadError extends Error {
  /** The code of the system error, if there was one. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

interface ReadOptions {
  /** Rejects a file that other users can read or write. */
  isPrivate?: boolean;
}

/** Reads a text file of at most 1 MiB. @throws FileReadError, and nothing else. */
export async function readSmallFile(path: string, options: ReadOptions = {}): Promise<string> {
  try {
    return await read(path, options);
  } catch (error) {
    if (error instanceof FileReadError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new FileReadError(`cannot be read (${code})`, code);
  }
}

/** Reads of one file after another: an older content must not replace a newer one. */
export function inSequence<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(read);
    last = next.catch(() => {});
    return next;
  };
}

async function read(path: string, { isPrivate = false }: ReadOptions): Promise<string> {
  // Without O_NONBLOCK the open of a FIFO waits for a writer, and a signal does not end the wait.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new FileReadError('is not a regular file');
    if (isPrivate && (stats.mode & 0o077) !== 0) {
      throw new FileReadError('can be read by other users. Run chmod 600 on it');
    }
    if (stats.size > MIB) throw new FileReadError('is larger than 1 MiB');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
