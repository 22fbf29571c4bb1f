// A replica that takes the permits of many workspaces, by their demand. Its parent starts it, and asks for the starts.
import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimiter } from '../../../../src/client/rate-limit/rate-limiter.ts';
import { Random } from '../../../../src/sandbox/random.ts';
import { connect } from '../../../../src/state/redis/connection.ts';
import { permitsInRedis } from '../../../../src/state/redis/permits.ts';
import type { Scenario } from '../simulation.ts';

export interface ReplicaOptions extends Omit<Scenario, 'seconds'> {
  url: string;
  replica: string;
}

const { url, replica, replicas, cap, windowMs, workspaces } = JSON.parse(process.argv[2]!) as ReplicaOptions;
const connection = await connect(url);
const permits = permitsInRedis(connection, { replica });
let starts = 0;

async function start(limiter: RateLimiter): Promise<void> {
  try {
    await limiter.acquire();
    starts += 1;
  } catch {
    // Redis did not answer in time.
    await sleep(50);
  }
}

async function callAlways(limiter: RateLimiter): Promise<never> {
  for (;;) await start(limiter);
}

async function callAtRandom(limiter: RateLimiter, perSecond: number, random: Random): Promise<never> {
  for (;;) {
    await sleep((-Math.log(1 - random.next()) * 1_000) / perSecond);
    void start(limiter);
  }
}

function begin(): void {
  for (const [number, { perSecond = 0, callers = 0 }] of workspaces.entries()) {
    const limiter = new RateLimiter({ key: String(number).padStart(16, '0'), permits, cap, windowMs });
    for (let caller = 0; caller < callers; caller += 1) void callAlways(limiter);
    if (perSecond > 0) void callAtRandom(limiter, perSecond / replicas, new Random(replica, number));
  }
}

process.on('message', (asked: 'begin' | 'tell') => {
  if (asked === 'begin') begin();
  else process.send?.({ starts });
});
process.on('disconnect', () => process.exit());
while (!connection.isUp) await sleep(20);
process.send?.('ready');
