import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Script } from '../../../src/state/redis/connection.ts';

/** A proxy in front of Redis that holds answers. */
export interface RedisProxy {
  url: string;
  /** The number of calls of the script, by its SHA-1 or its text. */
  count(script: Script): number;
  /**
   * Holds the answer to the next call of a script. @returns a promise that resolves when Redis has answered, and a
   * function that forwards the answer.
   */
  hold(script: Script): { answered: Promise<void>; release(): void };
  close(): Promise<void>;
}

interface Hold {
  script: Script;
  answered(): void;
  released: Promise<void>;
}

export async function startRedisProxy(target: string): Promise<RedisProxy> {
  const { port, hostname } = new URL(target);
  const sockets = new Set<Socket>();
  const commands: string[] = [];
  const holds: Hold[] = [];
  const isCallOf = (command: string, { sha, text }: Script) => command.includes(sha) || command.includes(text);

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let held: Hold | undefined;
    let answers = Promise.resolve();
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk) => {
      const command = String(chunk);
      commands.push(command);
      const next = holds.findIndex(({ script }) => isCallOf(command, script));
      if (next !== -1) [held] = holds.splice(next, 1);
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      // A server that does not know the script yet gets its text next.
      const hold = String(chunk).includes('NOSCRIPT') ? undefined : held;
      if (hold !== undefined) {
        held = undefined;
        hold.answered();
      }
      answers = answers.then(() => hold?.released).then(() => void client.write(chunk));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as { port: number }).port}`,
    count: (script) => commands.filter((command) => isCallOf(command, script)).length,
    hold(script) {
      let release = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const hold: Hold = { script, answered: () => {}, released };
      const answered = new Promise<void>((resolve) => {
        hold.answered = resolve;
      });
      holds.push(hold);
      return {
        answered,
        release() {
          // A hold that no call has reached yet would catch a later one.
          const unused = holds.indexOf(hold);
          if (unused !== -1) holds.splice(unused, 1);
          release();
        },
      };
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
