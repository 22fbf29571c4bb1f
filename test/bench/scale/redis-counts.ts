import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { RedisServer } from '../../support/programs/redis.ts';

/** The work of Redis for an action: commands that it received, commands of its scripts, and bytes. */
export interface RedisCounts {
  commands: number;
  inScripts: number;
  bytesIn: number;
  bytesOut: number;
}

/** Commands that a connection sends by itself. */
const OF_CONNECTIONS = /^"(?:hello|client|info|ping)"/i;
const MARK = 'the-end-of-a-measurement';

/**
 * Counts the work of Redis. Bytes and commands are counted separately, because watching the commands adds bytes.
 * @param act is called twice and must do the same both times.
 */
export async function countRedis(server: RedisServer, act: () => Promise<unknown>): Promise<RedisCounts> {
  const before = bytesOf(server);
  // Reading the counts has its own cost.
  const reading = bytesOf(server);
  await act();
  const after = bytesOf(server);
  const [commands, inScripts] = await watchCommands(server, act);
  return {
    commands,
    inScripts,
    bytesIn: after.in - reading.in - (reading.in - before.in),
    bytesOut: after.out - reading.out - (reading.out - before.out),
  };
}

function bytesOf(server: RedisServer): { in: number; out: number } {
  const stats = server.command('INFO', 'stats');
  const read = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(stats)?.[1]);
  return { in: read('total_net_input_bytes'), out: read('total_net_output_bytes') };
}

async function watchCommands(server: RedisServer, act: () => Promise<unknown>): Promise<[number, number]> {
  const child = spawn('redis-cli', ['-u', server.url, 'MONITOR'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const lines = createInterface({ input: child.stdout });
    await once(lines, 'line');
    let [commands, inScripts] = [0, 0];
    const ended = new Promise<void>((resolve) => {
      lines.on('line', (line) => {
        if (line.includes(MARK)) return resolve();
        const [, source, command = ''] = /\[\d+ ([^\]]+)\] (.*)/.exec(line) ?? [];
        if (source === 'lua') inScripts += 1;
        else if (!OF_CONNECTIONS.test(command)) commands += 1;
      });
    });
    await act();
    server.command('ECHO', MARK);
    await ended;
    return [commands, inScripts];
  } finally {
    await end(child);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
