import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../support/programs/free-port.ts';
import { type RedisServer, startRedis } from '../../support/programs/redis.ts';
import { type ProxyServer, startNginx } from '../proxy/proxies.ts';
import { Server } from './server.ts';

const COUNT = 3;
/** Calls in flight have 55 s, and requests that must not be repeated have 90 s. */
const LONGEST_END_MS = 100_000;

/** The end of a replica that was stopped. */
export interface Roll {
  replica: number;
  /** ms from SIGTERM to the end. */
  ms: number;
  code: number | string | null;
}

/** Three built replicas with one Redis, behind nginx. */
export class Replicas {
  readonly #start: (port: number) => Server;
  readonly #ports: readonly number[];
  readonly #servers: Server[];
  readonly #redis: RedisServer;
  readonly #nginx: ProxyServer;
  readonly #complaints: string[] = [];

  private constructor(start: (port: number) => Server, ports: number[], redis: RedisServer, nginx: ProxyServer) {
    this.#start = start;
    this.#ports = ports;
    this.#servers = ports.map(start);
    this.#redis = redis;
    this.#nginx = nginx;
  }

  static async start(heyreach: string, timeoutSeconds: number): Promise<Replicas> {
    const ports: number[] = [];
    while (ports.length < COUNT) ports.push(await freePort());
    const redis = await startRedis();
    const env = {
      HEYREACH_REDIS_URL: redis.url,
      HEYREACH_STATE_SECRET: 'a-made-up-secret-of-three-replicas',
      HEYREACH_REPLICAS: String(COUNT),
    };
    const edit = (block: string) => block.replaceAll(/^.*\blimit_(?:req|conn).*\n/gm, '');
    const nginx = await startNginx({ target: ports.map((port) => `http://127.0.0.1:${port}`), isPlain: true, edit });
    const start = (port: number) => new Server(heyreach, timeoutSeconds, { port, env });
    const replicas = new Replicas(start, ports, redis, nginx);
    await Promise.all(replicas.#servers.map(listens));
    return replicas;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#nginx.port}/mcp`;
  }

  get servers(): readonly Server[] {
    return this.#servers;
  }

  get pids(): number[] {
    return this.#servers.flatMap(({ child }) => child.pid ?? []);
  }

  /** Unexpected lines of all replicas, including those that have ended. */
  get complaints(): string[] {
    return [...this.#complaints, ...this.#servers.flatMap(({ complaints }) => complaints)];
  }

  /** Stops a replica as a service manager does, and starts it again. */
  async roll(replica: number): Promise<Roll> {
    const old = this.#servers[replica]!;
    const began = performance.now();
    const late = new AbortController();
    const code = await Promise.race([
      old.stop(),
      pause(LONGEST_END_MS, 'did not end' as const, { signal: late.signal }).catch(() => null),
    ]);
    late.abort();
    const ms = performance.now() - began;
    if (code === 'did not end') old.child.kill('SIGKILL');
    this.#complaints.push(...old.complaints);
    const fresh = this.#start(this.#ports[replica]!);
    this.#servers[replica] = fresh;
    await listens(fresh);
    return { replica, ms, code };
  }

  /** The memory of Redis. */
  redisMegabytes(): number {
    return Number(/^used_memory:(\d+)/m.exec(this.#redis.command('INFO', 'memory'))?.[1]) / 2 ** 20;
  }

  /** @returns the exit codes of the replicas. */
  async stop(): Promise<(number | string | null)[]> {
    const codes = await Promise.all(this.#servers.map(async (server) => server.ended ?? (await server.stop())));
    await this.#nginx.stop();
    await this.#redis.close();
    return codes;
  }
}

/** Waits until a replica listens. @throws Error with its log if it ends before. */
async function listens(server: Server): Promise<void> {
  const ended = once(server.child, 'exit').then(([code]) => {
    throw new Error(`a replica ended with ${code} at its start: ${server.complaints.join(' ')}`);
  });
  await Promise.race([server.url, ended]);
  ended.catch(() => {});
}
