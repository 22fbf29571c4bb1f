import { afterAll, beforeAll, vi } from 'vitest';
import { connect, type RedisConnection } from '../../../src/state/redis/connection.ts';
import { type RedisServer, startRedis } from '../../support/programs/redis.ts';

/**
 * A connection that accepts commands.
 * @param commandMs after how long the store counts as slow. A machine that stalls for seconds must not reach it.
 */
export async function connectTo(server: RedisServer, commandMs = 20_000): Promise<RedisConnection> {
  const connection = await connect(server.url, { commandMs });
  await becomesUp(connection);
  return connection;
}

export async function becomesUp(connection: RedisConnection): Promise<void> {
  await vi.waitUntil(() => connection.isUp, { timeout: 60_000, interval: 10 });
}

/** For the tests of one file: a Redis, and the connections of two replicas to it. */
export function useTwoReplicas() {
  let server: RedisServer;
  let connections: [RedisConnection, RedisConnection];
  beforeAll(async () => {
    server = await startRedis();
    connections = [await connectTo(server), await connectTo(server)];
  });
  afterAll(async () => {
    for (const connection of connections) await connection.close();
    await server.close();
  });
  return {
    get server() {
      return server;
    },
    get connections() {
      return connections;
    },
  };
}

/** Replicas of one state: the same object in one process, or connections to one server. */
export interface Replicas<State> {
  open(): Promise<State>;
  /** Runs a command with redis-cli. undefined in memory. */
  command?: RedisServer['command'];
  close(): Promise<void>;
}

/** The implementations that run a contract suite. */
export function implementations<State>(
  inMemory: () => State,
  inRedis: (connection: RedisConnection) => State | Promise<State>,
): [string, () => Promise<Replicas<State>>][] {
  return [
    [
      'memory',
      async () => {
        const state = inMemory();
        return { open: async () => state, close: async () => {} };
      },
    ],
    [
      'Redis',
      async () => {
        const server = await startRedis();
        const connections: RedisConnection[] = [];
        return {
          async open() {
            const connection = await connectTo(server);
            connections.push(connection);
            return inRedis(connection);
          },
          command: server.command,
          async close() {
            for (const connection of connections) await connection.close();
            await server.close();
          },
        };
      },
    ],
  ];
}
