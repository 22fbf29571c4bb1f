import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { cleanEnvironment, stopChild } from '../kit/program.ts';

const children = new Set<ChildProcess>();

function keep<Child extends ChildProcess>(child: Child): Child {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Starts a program that is spoken with over stdin and stdout. What it logs is dropped, as it comes. */
export function startPiped(args: readonly string[], env: Record<string, string> = {}) {
  return keep(spawn(process.execPath, args, { env: cleanEnvironment(env), stdio: ['pipe', 'pipe', 'ignore'] }));
}

/** Starts a program that says on stderr where it listens. */
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
      const found = /listening on (http:\S+)\n/.exec(written)?.[1];
      if (found === undefined) return;
      // What it logs from now on is dropped, as it comes.
      child.stderr.off('data', read).resume();
      resolve(found);
    };
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${written}`)));
  });
  return { url, child };
}

/** Starts a program that is spoken with over IPC. */
export function startForked(file: string): ChildProcess {
  return keep(fork(file, { env: cleanEnvironment(), stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
}

/** Ends one program, and waits for it. */
export async function stop(child: ChildProcess): Promise<void> {
  await stopChild(child);
}

/** Ends every program that was started here and still runs. */
export async function stopAll(): Promise<void> {
  await Promise.all([...children].map(stop));
}

/** Megabytes of memory that a process holds. */
export function residentMegabytes({ pid }: ChildProcess): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}
