// One of several processes that take the permits of one key, as fast as they get them. It writes each start to a file.
import { openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimiter } from '../../../../src/client/rate-limit/rate-limiter.ts';
import { connect } from '../../../../src/state/redis/connection.ts';
import { permitsInRedis } from '../../../../src/state/redis/permits.ts';

export interface TakerOptions {
  url: string;
  replica: string;
  cap: number;
  windowMs: number;
  foreground: number;
  background: number;
  /** A file that gets a line per start: the clock of the machine in microseconds, and the class. */
  file: string;
}

const options = JSON.parse(process.argv[2]!) as TakerOptions;
const { url, replica, cap, windowMs } = options;
const file = openSync(options.file, 'a');
const connection = await connect(url);
const permits = permitsInRedis(connection, { replica });
const limiter = new RateLimiter({ key: 'shared', permits, cap, windowMs });
let isOver = false;

async function takePermits(background: boolean): Promise<void> {
  while (!isOver) {
    try {
      await limiter.acquire({ background });
      // All processes share the monotonic clock of the machine. A killed process has written its starts.
      writeSync(file, `${process.hrtime.bigint() / 1_000n} ${background ? 'background' : 'foreground'}\n`);
    } catch {
      await sleep(50);
    }
  }
}

process.on('message', () => {
  isOver = true;
  process.exit();
});
while (!connection.isUp) await sleep(20);
process.send?.('ready');
for (let caller = 0; caller < options.foreground; caller += 1) void takePermits(false);
for (let caller = 0; caller < options.background; caller += 1) void takePermits(true);
