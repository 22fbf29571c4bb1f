import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { cleanEnvironment, stopChild } from '../support/programs/program.ts';

const children = new Set<ChildProcess>();

function keep<Child extends ChildProcess>(child: Child): Child {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Starts a program for stdin and stdout. Its log is dropped. */
export function startPiped(args: readonly string[], env: Record<string, string> = {}) {
  return keep(spawn(process.execPath, args, { env: cleanEnvironment(env), stdio: ['pipe', 'pipe', 'ignore'] }));
}

/** Starts a program that prints its URL to stderr. */
export async function startListening(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ url: string; child: ChildProcess }> {
  const child = keep(
    spawn(process.execPath, args, { env: cleanEnvironment(env), stdio: ['ignore', 'ignore', 'pipe'] }),
  );
  const url = await new Promise<string>((resolve, reject) => {
    let written = '';
    const read = (chunk: Buffer) => {
      written += chunk;
      const url = /listening on (http:\S+)\n/.exec(written)?.[1];
      if (url === undefined) return;
      // From now on its log is dropped.
      child.stderr.off('data', read).resume();
      resolve(url);
    };
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${written}`)));
  });
  return { url, child };
}

/** Starts a program for messages over IPC. */
export function startForked(file: string): ChildProcess {
  return keep(fork(file, { env: cleanEnvironment(), stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
}

/** Ends a program and waits for its exit. */
export async function stop(child: ChildProcess): Promise<void> {
  await stopChild(child);
}

/** Ends all running programs that were started here. */
export async function stopAll(): Promise<void> {
  await Promise.all([...children].map(stop));
}

/** Resident memory of a process, in megabytes. */
export function residentMegabytes({ pid }: ChildProcess): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}
