import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** How far back from the end a listing of the newest lines looks. */
const TAIL_BYTES = 4 * 1024 * 1024;

/**
 * A file of JSON lines that is opened for every line, so that it may be rotated at any time. Made with mode 0600, and set
 * back to it; copies that were rotated away are left alone.
 */
export class AuditFile {
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Appends lines in the order of the calls; resolves when they are on the disk. */
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
      if (!stat.isFile()) throw new Error(`${this.#path} is no regular file`);
      const { mode, size } = stat;
      if ((mode & 0o077) !== 0) await file.chmod(0o600);
      // A line that a killed process left unfinished must not swallow this one.
      const start = (await endsLine(file, size)) ? '' : '\n';
      await file.appendFile(start + text);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  /** Every record of the file from its beginning; none when there is no file. What is no JSON object is passed over. */
  async *records(): AsyncGenerator<Record<string, unknown>> {
    const file = await openIfThere(this.#path);
    if (file === undefined) return;
    const stream = createReadStream('', { fd: file, encoding: 'utf8' });
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      const record = parseRecord(line);
      if (record !== undefined) yield record;
    }
  }

  /** The newest records, oldest first: those of the last 4 MiB. */
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

/** One line for every reader: some take these characters of a message, which JSON leaves as they are, for its end. */
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
