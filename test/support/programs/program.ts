import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isFullRun } from '../runs/run-scope.ts';
import { recordOutput } from './output.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** The built program. Tests use the same file as users. */
export const MAIN = `${root}dist/main.js`;

export interface ProgramOptions {
  args?: string[];
  env?: Record<string, string>;
  /** Starts the built program in the default run, too, because the test is about the process. */
  built?: boolean;
  /** A program to start in place of the built program of this repository, such as an installed one. */
  command?: readonly string[];
}

/** Only the variables that a program needs, so that no key of the developer is used. */
export function cleanEnvironment(env: Record<string, string> = {}): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, ...env };
}

/**
 * Starts the program. A full run starts the built program, which users run. The default run starts it in the process of
 * the test, because a process takes more than a second of CPU time.
 */
export async function startProgram(options: ProgramOptions): Promise<ChildProcess> {
  const { args = [], env = {}, command, built = isFullRun || command !== undefined } = options;
  if (built) {
    const [program, ...first] = command ?? [process.execPath, MAIN];
    return spawn(program!, [...first, ...args], { env: cleanEnvironment(env) });
  }
  const { WorkerProgram } = await import('./worker-program.ts');
  return new WorkerProgram(args, cleanEnvironment(env)) as unknown as ChildProcess;
}

export interface HttpProgram {
  url: string;
  process: ChildProcess;
  stderr(): string;
  stop(): Promise<number | null>;
}

/** Starts the program over HTTP on a free port, as `startProgram` does. */
export async function startHttpProgram({ args = [], ...options }: ProgramOptions): Promise<HttpProgram> {
  const child = await startProgram({ args: ['--transport', 'http', '--port', '0', ...args], ...options });
  let written = '';
  child.stdout?.on('data', (chunk) => recordOutput(String(chunk)));
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      written += chunk;
      recordOutput(String(chunk));
      const address = /listening on (http:\S+)/.exec(written)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${written}`)));
  });
  return {
    url,
    process: child,
    stderr: () => written,
    stop: () => stopChild(child),
  };
}

/** Ends a program as a service manager would, and waits for its end. */
export function stopChild(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode);
    child.once('exit', (code) => resolve(code));
    child.kill('SIGTERM');
  });
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end, with the given text as stdin. */
export function run(command: string, args: string[], { env = {}, input = '' } = {}): Promise<Ended> {
  return endOf(spawn(command, args, { env: cleanEnvironment(env), cwd: root }), input);
}

function endOf(child: ChildProcess, input: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      recordOutput(stdout);
      recordOutput(stderr);
      resolve({ code, stdout, stderr });
    });
    // A program that ends at once does not wait for its input.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** Runs the built program to its end. */
export function runMain(
  args: string[],
  options: { env?: Record<string, string>; input?: string } = {},
): Promise<Ended> {
  return run(process.execPath, [MAIN, ...args], options);
}

/** Runs a program that ends by itself, in the process of the test or as the built program, as `startProgram` does. */
export async function runProgram(args: string[], { env = {} }: { env?: Record<string, string> } = {}): Promise<Ended> {
  return endOf(await startProgram({ args, env }), '');
}

/** Writes text to the stdin of the program. @returns the first lines of its stdout, as many as `count`. */
export async function exchangeLines(options: ProgramOptions, input: string, count: number): Promise<string[]> {
  const child = await startProgram(options);
  let written = '';
  const lines = await new Promise<string[]>((resolve) => {
    child.stdout?.on('data', (chunk) => {
      written += chunk;
      const whole = written.split('\n').slice(0, -1);
      if (whole.length >= count) resolve(whole);
    });
    child.stdin?.write(input);
  });
  await stopChild(child);
  recordOutput(written);
  return lines;
}
