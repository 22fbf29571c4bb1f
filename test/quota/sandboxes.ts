import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SandboxOptions } from '../../src/sandbox/index.ts';
import { cleanEnvironment, stopChild } from '../kit/program.ts';
import type { Answered, Asked, Seen } from './programs/sandboxes.ts';

/** A process with sandboxes in it. */
export interface Sandboxes {
  /** @returns where it listens. */
  start(options: SandboxOptions): Promise<string>;
  /** Ends one; says what it saw, and for how long the process was held up at worst. */
  stop(url: string): Promise<{ seen: Seen[]; stallMs: number }>;
  end(): Promise<unknown>;
}

/** Starts one of the programs beside this file, to be spoken with over IPC. */
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
