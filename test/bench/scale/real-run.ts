import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect } from '../../../src/state/redis/connection.ts';
import { permitsInRedis } from '../../../src/state/redis/permits.ts';
import { cleanEnvironment, stopChild } from '../../support/programs/program.ts';
import { type RedisServer, startRedis } from '../../support/programs/redis.ts';
import type { ReplicaOptions } from './programs/workspaces.ts';
import type { Scenario } from './simulation.ts';

/** The pad of the rate limiter, minus the tick by which the window of Redis is shorter. */
const PAD_MS = 995;
const TAKES = 30_000;
const TAKEN_KEYS = 150;
/** Permit requests in flight. */
const TAKERS = 64;
const program = fileURLToPath(new URL('programs/workspaces.ts', import.meta.url));

/** The measurements of Redis and the replicas in a run. */
export interface RealRun {
  starts: number;
  asks: number;
  keys: number;
}

/** Runs a scenario with real processes and one Redis, in real time. */
export async function runReally(scenario: Scenario): Promise<RealRun> {
  const redis = await startRedis();
  const replicas: ChildProcess[] = [];
  try {
    for (let number = 1; number <= scenario.replicas; number += 1) {
      replicas.push(await startReplica(redis.url, `a-replica-with-a-name-as-long-as-uuid-${number}`, scenario));
    }
    const before = readRedis(redis);
    for (const replica of replicas) replica.send('begin');
    await sleep(scenario.seconds * 1_000);
    const starts = await Promise.all(replicas.map(startsOf));
    const after = readRedis(redis);
    const asks = after.asks - before.asks;
    return {
      starts: starts.reduce((sum, count) => sum + count, 0),
      asks,
      keys: after.keys,
    };
  } finally {
    await Promise.all(replicas.map(stopChild));
    await redis.close();
  }
}

/** Microseconds of a processor that Redis needs for a command when it is busy. */
export async function measureCommand(): Promise<number> {
  const redis = await startRedis();
  const connection = await connect(redis.url);
  try {
    while (!connection.isUp) await sleep(20);
    const permits = permitsInRedis(connection, { replica: 'a-replica-with-a-name-as-long-as-uuid-1' });
    const limits = { cap: 300, backgroundCap: 240, windowMs: 60_000 };
    let ticket = 0;
    const takeSome = async () => {
      for (; ticket < TAKES; ticket += 1) {
        await permits.take(`key-${ticket % TAKEN_KEYS}`, { ticket, background: false }, limits);
      }
    };
    const before = readRedis(redis);
    await Promise.all(Array.from({ length: TAKERS }, takeSome));
    const after = readRedis(redis);
    return ((after.seconds - before.seconds) * 1e6) / (after.asks - before.asks);
  } finally {
    await connection.close();
    await redis.close();
  }
}

async function startReplica(
  url: string,
  replica: string,
  { seconds: _, ...scenario }: Scenario,
): Promise<ChildProcess> {
  const options: ReplicaOptions = { ...scenario, windowMs: scenario.windowMs - PAD_MS, url, replica };
  const child = fork(program, [JSON.stringify(options)], {
    execArgv: ['--import', 'tsx'],
    env: cleanEnvironment(),
  });
  await once(child, 'message');
  return child;
}

async function startsOf(replica: ChildProcess): Promise<number> {
  replica.send('tell');
  const [{ starts }] = (await once(replica, 'message')) as [{ starts: number }];
  return starts;
}

function readRedis(redis: RedisServer) {
  const info = redis.command('INFO', 'everything');
  const read = (pattern: RegExp) => Number(pattern.exec(info)?.[1] ?? 0);
  return {
    asks: read(/^cmdstat_evalsha:calls=(\d+)/m),
    seconds: read(/^used_cpu_user:([\d.]+)/m) + read(/^used_cpu_sys:([\d.]+)/m),
    keys: read(/^db0:keys=(\d+)/m),
  };
}
