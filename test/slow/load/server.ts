import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, MAIN, stopChild } from '../../support/programs/program.ts';

const WATCHED = fileURLToPath(new URL('programs/watched.mjs', import.meta.url));
/** Lines for people at the start. */
const SAID = /^(LIVE: |Callers: |listening on |metrics at )/;
const ERROR_LEVEL = 50;
const LONGEST = 300;

/** The built program over HTTP with this HeyReach, without its own key. */
export class Server {
  readonly child: ChildProcess;
  /** Unexpected lines on stderr. */
  readonly complaints: string[] = [];
  #rest = '';
  #url: (url: string) => void = () => {};
  readonly url = new Promise<string>((resolve) => {
    this.#url = resolve;
  });
  #metrics = '';
  #onHeap: (megabytes: number) => void = () => {};

  /** @param replica its port and environment, if it is one of several replicas. */
  constructor(heyreach: string, timeoutSeconds: number, replica: { port?: number; env?: Record<string, string> } = {}) {
    const args = [
      '--expose-gc',
      '--trace-warnings',
      '--import',
      WATCHED,

      MAIN,
      '--transport',
      'http',
      '--port',
      String(replica.port ?? 0),
    ];
    // Without get_job, work ends with its call. No client here would wait for a job.
    const hidden = ['--exclude-tools', 'get_job'];
    this.child = spawn(
      process.execPath,
      [...args, '--confirm', 'off', '--toolsets', 'default,legacy', ...hidden, '--metrics-port', '0'],
      {
        env: cleanEnvironment({
          HEYREACH_BASE_URL: heyreach,
          HEYREACH_TOOL_TIMEOUT_SECONDS: `${timeoutSeconds}`,
          ...replica.env,
        }),
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      },
    );
    this.child.on('message', ({ heap }: { heap: number }) => this.#onHeap(heap / 2 ** 20));
    this.child.once('exit', () => this.#onHeap(Number.NaN));
    this.child.stderr!.setEncoding('utf8').on('data', (chunk: string) => this.#read(chunk));
  }

  /** Undefined while the server runs. */
  get ended(): number | string | undefined {
    return this.child.exitCode ?? this.child.signalCode ?? undefined;
  }

  /** Megabytes of heap in use after garbage collection. NaN if the server ends meanwhile. */
  heap(): Promise<number> {
    this.child.send('heap', () => {});
    return new Promise((resolve) => {
      this.#onHeap = resolve;
    });
  }

  /** The metrics of the server, by name without their prefix. */
  async gauges(): Promise<Map<string, number>> {
    const text = await (await fetch(this.#metrics)).text();
    return new Map([...text.matchAll(/^heyreach_mcp_(\w+) (\S+)$/gm)].map(([, name, value]) => [name!, Number(value)]));
  }

  async stop(): Promise<number | null> {
    return stopChild(this.child);
  }

  #read(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) {
      this.#metrics = /^metrics at (http:\S+)/.exec(line)?.[1] ?? this.#metrics;
      const url = /^listening on (http:\S+)/.exec(line)?.[1];
      if (url !== undefined) this.#url(url);
      if (!SAID.test(line) && isComplaint(line)) this.complaints.push(line.slice(0, LONGEST));
    }
  }
}

/** Log lines must be JSON below the level error. Warnings of Node are not JSON. */
function isComplaint(line: string): boolean {
  try {
    return (JSON.parse(line) as { level: number }).level >= ERROR_LEVEL;
  } catch {
    return true;
  }
}

/** Resident megabytes of a process. NaN once it has ended. */
export function residentMegabytes({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readProcess(pid!, 'status'))?.[1]) / 1024;
}

/** Processor seconds of a process. NaN once it has ended. */
export function processorSeconds(pid: number): number {
  // The name of the program, in brackets, may contain spaces.
  const fields = readProcess(pid, 'stat').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A file of the system about a process. Empty once the process has ended. */
export function readProcess(pid: number, file: 'status' | 'stat' | 'schedstat'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
