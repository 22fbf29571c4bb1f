import { constants, open } from 'node:fs/promises';

const MIB = 1024 * 1024;

/** Why a file is not read: goes on where its path ends. */
export class FileFault extends Error {
  /** Of the system, where it is what said no. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** Reads a text that people write, of 1 MiB at most. @throws FileFault and nothing else. */
export async function readSmallFile(path: string): Promise<string> {
  try {
    return await read(path);
  } catch (error) {
    if (error instanceof FileFault) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new FileFault(`cannot be read (${code})`, code);
  }
}

async function read(path: string): Promise<string> {
  // Without O_NONBLOCK a FIFO opens only once somebody writes to it, and no signal ends the wait.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new FileFault('is no regular file');
    if (stats.size > MIB) throw new FileFault('is larger than 1 MiB');
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
