import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SandboxOptions } from '../../../src/sandbox/index.ts';
import { cleanEnvironment, stopChild } from '../../support/programs/program.ts';
import type { Answered, Asked, Seen } from './programs/sandboxes.ts';

/** A process that runs sandboxes. */
export interface Sandboxes {
  /** @returns the URL of the sandbox. */
  start(options: SandboxOptions): Promise<string>;
  /** Stops a sandbox. @returns its requests, and the longest time that its process was blocked. */
  stop(url: string): Promise<{ seen: Seen[]; stallMs: number }>;
  end(): Promise<unknown>;
}

/** Starts a program of the folder `programs`, with an IPC channel. */
export function startProgram(name: string, execArgv: string[] = [], args: string[] = []): ChildProcess {
  return fork(fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url)), args, {
    execArgv: ['--import', 'tsx', ...execArgv],
    env: cleanEnvironment(),
  });
}

export function startSandboxes(): Sandboxes {
  const child = startProgram('sandboxes');
  const waiting = new Map<number, (answered: Answered) => void>();
  let asked = 0;
  child.on('message', (answered: Answered) => {
    waiting.get(answered.id)?.(answered);
    waiting.delete(answered.id);
  });
  const ask = <Answer>(
    question: Asked extends infer Each ? (Each extends Asked ? Omit<Each, 'id'> : never) : never,
  ) => {
    asked += 1;
    const id = asked;
    return new Promise<Answer>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the sandboxes ended with ${code}`)));
      waiting.set(id, (answered) => resolve(answered as Answer));
      child.send({ ...question, id });
    });
  };
  child.setMaxListeners(100);
  return {
    start: async (options) => (await ask<{ url: string }>({ do: 'start', options })).url,
    stop: (url) => ask({ do: 'stop', url }),
    end: () => stopChild(child),
  };
}
