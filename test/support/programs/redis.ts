import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** A real Redis server on a free loopback port, in memory only. */
export interface RedisServer {
  url: string;
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  /** Stops the process without ending it (SIGSTOP), until `resume`. */
  pause(): void;
  resume(): void;
  /** Runs a command with redis-cli. @returns its output. */
  command(...words: string[]): string;
  close(): Promise<void>;
}

/** The server program of all tests. REDIS_SERVER may name another, such as valkey-server. */
export const REDIS_PROGRAM = process.env.REDIS_SERVER ?? 'redis-server';
/** A server with followers would wait five seconds for more of them. */
const WITHOUT_DELAY = ['--repl-diskless-sync-delay', '0'];

/** A server that follows another one, and takes over on REPLICAOF NO ONE. */
export async function startRedisReplica({ url, command }: RedisServer): Promise<RedisServer> {
  const replica = await startRedis(['--replicaof', '127.0.0.1', new URL(url).port]);
  while (!command('INFO', 'replication').includes('state=online')) await sleep(20);
  return replica;
}

export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'redis-test-'));
  let server = await start(port, folder, settings);
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    async restart() {
      await kill();
      server = await start(port, folder, settings);
    },
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    command(...words) {
      const { stdout, stderr } = spawnSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' });
      return `${stdout}${stderr}`.trim();
    },
    async close() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function start(port: number, folder: string, settings: readonly string[]): Promise<ChildProcess> {
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const child = spawn(REDIS_PROGRAM, [...own, ...WITHOUT_DELAY, ...settings], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    let written = '';
    child.stdout?.on('data', (chunk) => {
      written += chunk;
      if (/ready to accept connections/i.test(written)) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${REDIS_PROGRAM} ended with ${code}: ${written}`)));
  });
  return child;
}
