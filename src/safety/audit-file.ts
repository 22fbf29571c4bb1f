import { constants } from 'node:fs';
import { access, chmod, type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** How much of the end of the file a listing of the newest records reads. */
const TAIL_BYTES = 4 * 1024 * 1024;

/**
 * A file of JSON lines, opened for every write so that it can be rotated at any time. The server creates it with mode 0600
 * and restores that mode. It does not touch rotated copies.
 */
export class AuditFile {
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Appends lines in the order of the calls. Resolves when they are on disk. */
  append(records: readonly object[]): Promise<void> {
    const text = records.map(toLine).join('');
    const written = this.#last.then(() => this.#write(text));
    this.#last = written.catch(() => {});
    return written;
  }

  async #write(text: string): Promise<void> {
    const file = await open(this.#path, 'a+', 0o600);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw new Error(`${this.#path} is not a regular file`);
      const { mode, size } = stat;
      if ((mode & 0o077) !== 0) await file.chmod(0o600);
      // A killed process may have left an unfinished line, which must not absorb this one.
      const start = (await endsLine(file, size)) ? '' : '\n';
      await file.appendFile(start + text);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  /** Every record of the file, oldest first. Lines that are not JSON objects are skipped. A missing file has no records. */
  async *records(): AsyncGenerator<Record<string, unknown>> {
    const file = await openIfThere(this.#path);
    if (file === undefined) return;
    for await (const line of file.readLines({ encoding: 'utf8' })) {
      const record = parseRecord(line);
      if (record !== undefined) yield record;
    }
  }

  /** The records in the last 4 MiB, oldest first. */
  async newestRecords(): Promise<Record<string, unknown>[]> {
    const file = await openIfThere(this.#path);
    if (file === undefined) return [];
    try {
      const { size } = await file.stat();
      const from = Math.max(0, size - TAIL_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
      const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
      return lines.map(parseRecord).filter((record) => record !== undefined);
    } finally {
      await file.close();
    }
  }
}

/**
 * Finds out whether records can be appended to a file. Creates nothing, because clients start a server just to probe it.
 * @returns what is wrong with the file, as the rest of a sentence.
 */
export async function findAuditFileProblem(path: string): Promise<string | undefined> {
  const { R_OK, W_OK, X_OK } = constants;
  try {
    const stats = await stat(path);
    if (!stats.isFile()) return 'is not a regular file';
    await access(path, R_OK | W_OK);
    // As before each write. It fails for the file of another user.
    if ((stats.mode & 0o077) !== 0) await chmod(path, 0o600);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') return `cannot be written (${code})`;
  }
  return access(dirname(path), W_OK | X_OK).then(
    () => undefined,
    ({ code }: NodeJS.ErrnoException) => `cannot be created (${code} for its folder)`,
  );
}

/** Escapes characters that JSON leaves unescaped and some readers treat as line breaks. */
function toLine(record: object): string {
  const toEscape = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(record).replace(/[\u0085\u2028\u2029]/g, toEscape)}\n`;
}

async function endsLine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 0x0a;
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseRecord(line: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
