import { constants, fstatSync, openSync, writeSync } from 'node:fs';

/** Limits the lines that the reader has not read yet. Lines beyond the limit are dropped. */
const MAX_BYTES = 1024 * 1024;
/** The size limit of one write. */
const MAX_WRITE_BYTES = 64 * 1024;
/** How long the writer waits before it tries a full pipe again. */
const RETRY_MS = 100;
/** One step of the wait at the end of the process. */
const STEP_MS = 10;

/** The destination of lines. No method throws or blocks. */
export interface LineSink {
  /** @param line with its line feed. */
  write(line: string): void;
  /** Passes the written lines on to the reader. */
  flush(): void;
  /** Counts lines that were lost before `write`. */
  drop(lines: number): void;
}

interface Pending {
  bytes: Buffer;
  /** How many lines are lost if this one is dropped. The notice of dropped lines counts as all of them. */
  lines: number;
}

/**
 * Writes lines and drops those that cannot be written.
 * - A full pipe keeps up to 1 MiB of lines in memory, and is tried again every 100 ms.
 * - Any other error drops what is pending. The next line is tried as usual.
 * - Once lines can be written again, one line says how many were dropped.
 */
export class LineWriter implements LineSink {
  readonly #put: (bytes: Buffer) => number;
  #pending: Pending[] = [];
  #bytes = 0;
  #dropped = 0;
  /** The last bytes that were written end in the middle of a line that was then dropped. */
  #isTorn = false;
  #retry: NodeJS.Timeout | undefined;

  /** @param put writes some of the bytes and returns how many. It throws EAGAIN while the reader does not read. */
  constructor(put: (bytes: Buffer) => number) {
    this.#put = put;
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    const notice = this.#dropped > 0 ? noticeOf(this.#dropped) : undefined;
    if (this.#bytes + bytes.length + (notice?.bytes.length ?? 0) > MAX_BYTES) {
      this.#dropped += 1;
      return;
    }
    if (notice !== undefined) {
      this.#dropped = 0;
      this.#push(notice);
    }
    this.#push({ bytes, lines: 1 });
  }

  flush(): void {
    // A full pipe stays full for most of the lines of a busy server.
    if (this.#retry !== undefined || this.#writePending()) return;
    // Without `unref` a reader that does not read would keep the process alive.
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.flush();
    }, RETRY_MS).unref();
  }

  drop(lines: number): void {
    this.#dropped += lines;
  }

  /** Blocks for at most `ms`, so that a slow reader gets the last lines. */
  end(ms: number): void {
    clearTimeout(this.#retry);
    const deadline = performance.now() + ms;
    const step = new Int32Array(new SharedArrayBuffer(4));
    while (!this.#writePending() && performance.now() < deadline) Atomics.wait(step, 0, 0, STEP_MS);
  }

  /** @returns whether nothing is pending: every line was written or dropped. */
  #writePending(): boolean {
    while (this.#pending.length > 0) {
      try {
        const written = this.#put(this.#nextBytes());
        // A write of no bytes without an error would repeat here without end.
        if (written === 0) return false;
        this.#release(written);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false;
        this.#dropPending();
        return true;
      }
      if (this.#pending.length === 0 && this.#dropped > 0) {
        this.#push(noticeOf(this.#dropped));
        this.#dropped = 0;
      }
    }
    return true;
  }

  #nextBytes(): Buffer {
    const next: Buffer[] = [];
    let bytes = 0;
    for (const line of this.#pending) {
      bytes += line.bytes.length;
      if (next.length > 0 && bytes > MAX_WRITE_BYTES) break;
      next.push(line.bytes);
    }
    return next.length === 1 ? next[0]! : Buffer.concat(next);
  }

  #release(written: number): void {
    this.#bytes -= written;
    let whole = 0;
    let left = written;
    while (left > 0 && left >= this.#pending[whole]!.bytes.length) left -= this.#pending[whole++]!.bytes.length;
    this.#pending.splice(0, whole);
    this.#isTorn = left > 0;
    const first = this.#pending[0];
    if (left > 0 && first !== undefined) first.bytes = first.bytes.subarray(left);
  }

  #push(line: Pending): void {
    // The rest of a dropped line must not swallow the line after it.
    if (this.#isTorn && this.#pending.length === 0) line.bytes = Buffer.concat([LINE_FEED, line.bytes]);
    this.#pending.push(line);
    this.#bytes += line.bytes.length;
  }

  #dropPending(): void {
    for (const { lines } of this.#pending) this.#dropped += lines;
    this.#pending = [];
    this.#bytes = 0;
  }
}

const LINE_FEED = Buffer.from('\n');

function noticeOf(dropped: number): Pending {
  // pino's level 40 is `warn`.
  const line = { level: 40, time: Date.now(), dropped, msg: `${dropped} log lines were dropped` };
  return { bytes: Buffer.from(`${JSON.stringify(line)}\n`), lines: dropped };
}

/**
 * Makes the function that writes to stderr and throws EAGAIN instead of waiting for a reader.
 * @param openStream opens node's own stream for stderr: node then makes a pipe or socket non-blocking, and undoes that at exit.
 */
export function stderrPut(openStream: () => unknown): (bytes: Buffer) => number {
  let descriptor: number | undefined;
  return (bytes) => {
    descriptor ??= openNonBlocking(openStream);
    return writeSync(descriptor, bytes);
  };
}

const STDERR = 2;

function openNonBlocking(openStream: () => unknown): number {
  const stats = fstatSync(STDERR);
  if (stats.isFIFO() || stats.isSocket()) openStream();
  if (!stats.isCharacterDevice()) return STDERR;
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
  try {
    // node's stream for a terminal blocks while the terminal is paused.
    return openSync(`/dev/fd/${STDERR}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return STDERR;
  }
}
