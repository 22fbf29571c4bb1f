import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { startApp } from '../../../src/app.ts';
import { parseConfig } from '../../../src/config/load-config.ts';
import { ConfigError } from '../../../src/config/setting-types.ts';
import type { RunningServer } from '../../../src/transports/server-factory.ts';

/** The running programs of this worker. Each has a pid that no process of the machine has. */
const running = new Set<number>();
const FIRST_PID = 2 ** 30;
let started = 0;

/**
 * Runs the program in the process of the test, as `main` composes it, with the streams, signals and events of a child
 * process. A start takes milliseconds of CPU time instead of more than a second.
 */
export class WorkerProgram extends EventEmitter {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly pid = FIRST_PID + started++;
  readonly signalCode = null;
  exitCode: number | null = null;
  #server: Promise<RunningServer | undefined>;

  constructor(args: string[], env: Record<string, string>) {
    super();
    this.#server = this.#start(args, env);
    this.stdin.once('end', () => void this.#end(0));
  }

  kill(signal: NodeJS.Signals | number = 'SIGTERM'): boolean {
    if (signal === 'SIGHUP') void this.#server.then((server) => server?.reload?.());
    else void this.#end(0);
    return this.exitCode === null;
  }

  async #start(args: string[], env: Record<string, string>): Promise<RunningServer | undefined> {
    running.add(this.pid);
    // The first request loads `undici`. That must not use up the time of a tool.
    await import('undici');
    const printLine = (line: string) => this.stderr.write(`${line}\n`);
    try {
      const parsed = parseConfig(args, env);
      if (!parsed.ok) throw new ConfigError(parsed.problem);
      if ('print' in parsed) throw new TypeError('Start the built program for this.');
      const { stdin, stdout, pid } = this;
      return await startApp(parsed.config, {
        ...{ stdin, stdout, printLine },
        stderr: { write: (text) => this.stderr.write(text), flush() {}, drop() {} },
        process: { pid, isRunning: (other) => running.has(other) },
      });
    } catch (error) {
      printLine(`heyreach-mcp: ${(error as Error).message}`);
      void this.#end(error instanceof ConfigError ? 2 : 1);
      return undefined;
    }
  }

  async #end(code: number): Promise<void> {
    const server = await this.#server;
    if (!running.delete(this.pid)) return;
    await server?.close();
    this.exitCode = code;
    this.stdout.end();
    this.stderr.end();
    this.emit('exit', code, null);
    this.emit('close', code, null);
  }
}

/** The client side of the stdin and stdout of a program. */
export function overStreams(program: ChildProcess): Transport {
  const received = new ReadBuffer();
  const transport: Transport = {
    async start() {
      program.stdout?.on('data', (chunk: Buffer) => {
        received.append(chunk);
        for (let message = received.readMessage(); message !== null; message = received.readMessage()) {
          transport.onmessage?.(message);
        }
      });
      program.once('exit', () => transport.onclose?.());
    },
    async send(message) {
      program.stdin?.write(serializeMessage(message));
    },
    async close() {
      if (program.exitCode !== null) return;
      const ended = new Promise((resolve) => program.once('exit', resolve));
      program.kill();
      await ended;
    },
  };
  return transport;
}
