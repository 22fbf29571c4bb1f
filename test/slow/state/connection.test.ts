import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connect, type RedisConnection, script } from '../../../src/state/redis/connection.ts';
import { readServer } from '../../../src/state/redis/server-info.ts';
import { type RedisServer, startRedis } from '../../support/programs/redis.ts';

const LONG = { timeout: 30_000, interval: 20 };

let server: RedisServer;
const connections: RedisConnection[] = [];

beforeEach(async () => {
  server = await startRedis();
});
afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  await server.close();
});

async function open(
  ...[options, url = server.url]: [Parameters<typeof connect>[1]?, string?]
): Promise<RedisConnection> {
  const connection = await connect(url, options);
  connections.push(connection);
  return connection;
}

async function openReady(options: Parameters<typeof connect>[1] = {}): Promise<RedisConnection> {
  const connection = await open(options);
  await vi.waitFor(() => expect(connection.isUp).toBe(true), LONG);
  return connection;
}

describe('a connection to Redis', () => {
  test('runs scripts, even if the server has forgotten them', async () => {
    const connection = await openReady();
    const add = script('return redis.call("INCRBY", KEYS[1], ARGV[1])');
    expect(await connection.run(add, ['sum'], [2])).toBe(2);
    server.command('SCRIPT', 'FLUSH');
    expect(await connection.run(add, ['sum'], [3])).toBe(5);
  });

  test('rejects commands at once while the server is unavailable, and reconnects by itself', async () => {
    const states: boolean[] = [];
    const connection = await openReady({ onChange: ({ isUp }) => states.push(isUp) });
    await server.kill();
    await vi.waitFor(() => expect(connection.isUp).toBe(false), LONG);
    await expect(connection.command('PING')).rejects.toMatchObject({ name: 'StoreUnavailableError', failure: 'away' });
    await server.restart();
    await vi.waitFor(() => expect(connection.isUp).toBe(true), LONG);
    expect(await connection.command('PING')).toBe('PONG');
    expect(states).toEqual([true, false, true]);
  });

  test('gives up a command without an answer, and returns later answers', async () => {
    const connection = await openReady({ commandMs: 200 });
    server.pause();
    await expect(connection.command('PING')).rejects.toMatchObject({ failure: 'slow' });
    server.resume();
    await vi.waitFor(async () => expect(await connection.command('PING')).toBe('PONG'), LONG);
  });

  test('reports that the server rejected a command', async () => {
    const connection = await openReady();
    await expect(connection.command('NO-SUCH-COMMAND')).rejects.toMatchObject({ failure: 'refused' });
    await expect(connection.run(script('return redis.call("GET")'), [], [])).rejects.toMatchObject({
      failure: 'refused',
    });
  });

  test('runs its listeners at each connect, before other commands, with the id of the server', async () => {
    const connection = await open();
    const ids: (string | undefined)[] = [];
    connection.onConnect(async (commands, { runId }) => {
      expect(connection.isUp).toBe(false);
      expect(await commands.command('PING')).toBe('PONG');
      ids.push(runId);
    });
    await vi.waitFor(() => expect(connection.isUp).toBe(true), LONG);
    await server.restart();
    await vi.waitFor(() => expect(new Set(ids).size).toBe(2), LONG);
    await vi.waitFor(() => expect(connection.isUp).toBe(true), LONG);
    expect(ids.every((id) => id !== undefined)).toBe(true);
  });

  test('subscribes again after a restart', async () => {
    const connection = await openReady();
    const heard: string[] = [];
    const stop = await connection.subscribe('news', (message) => heard.push(message));
    await connection.publish('news', 'one');
    await vi.waitFor(() => expect(heard).toEqual(['one']), LONG);
    await server.restart();
    await vi.waitFor(() => expect(server.command('PUBSUB', 'NUMSUB', 'news')).toContain('1'), LONG);
    server.command('PUBLISH', 'news', 'two');
    await vi.waitFor(() => expect(heard).toEqual(['one', 'two']), LONG);
    await stop();
    await vi.waitFor(() => expect(server.command('PUBSUB', 'NUMSUB', 'news')).toContain('0'), LONG);
  });

  test('subscribes even if the server ends before it answers', async () => {
    const connection = await openReady();
    await connection.subscribe('first', () => {});
    server.pause();
    const heard: string[] = [];
    const subscribed = connection.subscribe('second', (message) => heard.push(message));
    await server.restart();
    await subscribed;
    server.command('PUBLISH', 'second', 'news');
    await vi.waitFor(() => expect(heard).toEqual(['news']), LONG);
  });

  test('warns about a server that may drop keys', async () => {
    const warnings: string[] = [];
    server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    await openReady({ onWarning: (warning) => warnings.push(warning) });
    expect(warnings).toEqual([expect.stringContaining('noeviction')]);
  });

  test('warns at each connect about a user without INFO, and about a server without a policy', async () => {
    const warnings: string[] = [];
    server.command('ACL', 'SETUSER', 'replica', 'on', '>secret', '~hr:*', '&hr:*', '+@all', '-info');
    const url = server.url.replace('//', '//replica:secret@');
    const connection = await open({ onWarning: (warning) => warnings.push(warning) }, url);
    connection.onConnect(async () => {});
    await vi.waitFor(() => expect(connection.isUp).toBe(true), LONG);
    expect(warnings).toEqual([expect.stringContaining('Add +info to its ACL')]);
    expect(connection.server).toEqual({ runId: undefined, replicas: 0 });
    server.command('CLIENT', 'KILL', 'USER', 'replica');
    await vi.waitFor(() => expect(warnings).toHaveLength(2), LONG);

    const withoutPolicy = async () => 'run_id:made-up\r\nconnected_slaves:1\r\n';
    expect(await readServer(withoutPolicy)).toEqual({
      server: { runId: 'made-up', replicas: 1 },
      warning: expect.stringContaining('Check that it is noeviction'),
    });
  });

  test('warns about a user that may not subscribe, and subscribes once it may', async () => {
    const warnings: string[] = [];
    server.command('ACL', 'SETUSER', 'replica', 'on', '>secret', '~hr:*', 'resetchannels', '+@all');
    const url = server.url.replace('//', '//replica:secret@');
    const connection = await open({ onWarning: (warning) => warnings.push(warning) }, url);
    const subscribed = Promise.all(['hr:one', 'hr:two'].map((channel) => connection.subscribe(channel, () => {})));
    await vi.waitFor(() => expect(warnings).toEqual([expect.stringContaining('&hr:*')]), LONG);
    server.command('ACL', 'SETUSER', 'replica', '&hr:*');
    await subscribed;
    expect(warnings).toHaveLength(1);
  });

  test('logs in with the user and the password of the URL', async () => {
    server.command('ACL', 'SETUSER', 'replica', 'on', '>secret', '~hr:*', '&hr:*', '+@all', '-@admin');
    server.command('ACL', 'SETUSER', 'default', 'off');
    const connection = await open({}, server.url.replace('//', '//replica:secret@'));
    await vi.waitFor(() => expect(connection.isUp).toBe(true), LONG);
    await expect(connection.command('GET', 'other')).rejects.toMatchObject({ failure: 'refused' });
    expect(await connection.command('GET', 'hr:one')).toBeNull();
  });
});
