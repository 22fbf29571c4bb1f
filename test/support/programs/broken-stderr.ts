import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, MAIN } from './program.ts';
import { makeFifo } from './token-files.ts';

/** Streams that accept no line, or none after some time. */
export const BROKEN = [
  'a pipe whose reader is gone',
  'a pipe whose reader leaves during a call',
  'a socket whose peer leaves during a call',
  'a full disk',
  'a full pipe that is never read',
  'a descriptor that is closed',
] as const;
export type BrokenKind = (typeof BROKEN)[number];

export interface BrokenProgram {
  child: ChildProcess;
  /** Ends the reader of stderr, in the cases with a reader that leaves. */
  leave(): void;
  /** Reads everything from a full pipe, and leaves it empty. */
  read(): string;
  /** Resolves with the exit code of the program. null for a signal. */
  ended: Promise<number | null>;
  /** Releases the resources of the test, and ends a program that has not ended. */
  release(): void;
}

const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;

/** Starts the built program, or another program, with a broken stderr. */
export function startBroken(
  kind: BrokenKind,
  args: string[],
  env: Record<string, string> = {},
  program: string = MAIN,
): BrokenProgram {
  const folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-stderr-'));
  const { stderr, reader } = open(kind, folder);
  const command = [process.execPath, program, ...args];
  const [file, ...rest] = kind === 'a descriptor that is closed' ? closing(command) : command;
  const child = spawn(file!, rest, { env: cleanEnvironment(env), stdio: ['pipe', 'pipe', stderr] });
  // A program that has ended reads no more input.
  child.stdin?.on('error', () => {});
  if (typeof stderr === 'number') closeSync(stderr);
  let open_ = reader;
  const leave = () => {
    if (kind === 'a socket whose peer leaves during a call') child.stderr?.destroy();
    if (open_ !== undefined) closeSync(open_);
    open_ = undefined;
  };
  return {
    child,
    leave: () => {
      if (kind.endsWith('leaves during a call')) leave();
    },
    read: () => readAll(reader!),
    ended: new Promise((resolve) => child.once('exit', resolve)),
    release() {
      leave();
      if (child.exitCode === null) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const closing = (command: string[]) => ['/bin/sh', '-c', 'exec "$@" 2>&-', 'sh', ...command];

function open(kind: BrokenKind, folder: string): { stderr: number | 'pipe'; reader?: number } {
  if (kind === 'a full disk') return { stderr: openSync('/dev/full', O_WRONLY) };
  if (!kind.startsWith('a pipe') && !kind.startsWith('a full pipe')) return { stderr: 'pipe' };
  const path = makeFifo(folder);
  const reader = openSync(path, O_RDONLY | O_NONBLOCK);
  if (kind === 'a full pipe that is never read') fill(path);
  const stderr = openSync(path, O_WRONLY);
  if (kind !== 'a pipe whose reader is gone') return { stderr, reader };
  closeSync(reader);
  return { stderr };
}

function fill(path: string): void {
  const writer = openSync(path, O_WRONLY | O_NONBLOCK);
  try {
    for (;;) writeSync(writer, '-'.repeat(1024));
  } catch {
    closeSync(writer);
  }
}

function readAll(reader: number): string {
  const bytes = Buffer.alloc(64 * 1024);
  let text = '';
  try {
    for (let read = readSync(reader, bytes); read > 0; read = readSync(reader, bytes))
      text += bytes.toString('utf8', 0, read);
  } catch {
    // The pipe is empty.
  }
  return text;
}

/** Resolves when a program listens on the port. */
export async function listening(port: number): Promise<void> {
  const isOpen = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  while (!(await isOpen())) await new Promise((resolve) => setTimeout(resolve, 20));
}
