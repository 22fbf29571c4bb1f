// Uses 10,000 keys once each, forgets them ten minutes later, and reports the memory.
import { HeyReachConnection } from '../../../../src/client/index.ts';

/** Megabytes. */
export interface ManyKeys {
  residentAboveIdle: number;
  heapIdle: number;
  heapUsed: number;
  heapForgotten: number;
  /** Timers that keep the process alive at the end. */
  timers: number;
}

const KEYS = 10_000;
const AT_ONCE = 100;
const TEN_MINUTES = 600_000;

/** The clock of the limiters and their sweep only. */
const sweeps: (() => void)[] = [];
let ahead = 0;
const now = performance.now.bind(performance);
performance.now = () => now() + ahead;
globalThis.setInterval = ((sweep: () => void) => {
  sweeps.push(sweep);
  return { unref: () => sweeps.length };
}) as unknown as typeof setInterval;

const megabytes = (bytes: number) => bytes / 2 ** 20;
async function heap(): Promise<number> {
  // Closed resources are freed a little later.
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    globalThis.gc?.();
  }
  return megabytes(process.memoryUsage().heapUsed);
}

const connection = new HeyReachConnection({ origin: process.argv[2] ?? '' });
const use = (key: number) => connection.clientFor(`made-up-key-${key}`).auth.checkApiKey({});

// Loads modules and opens connections first, because their memory belongs to no key.
await Promise.all(Array.from({ length: AT_ONCE }, (_, key) => use(KEYS + key)));
const heapIdle = await heap();
const idle = process.memoryUsage().rss;
let most = 0;
for (let key = 0; key < KEYS; key += AT_ONCE) {
  await Promise.all(Array.from({ length: AT_ONCE }, (_, place) => use(key + place)));
  most = Math.max(most, process.memoryUsage().rss);
}
const heapUsed = await heap();
ahead += TEN_MINUTES + 1;
for (const sweep of sweeps) sweep();
const heapForgotten = await heap();
await connection.close();
const report: ManyKeys = {
  residentAboveIdle: megabytes(most - idle),
  heapIdle,
  heapUsed,
  heapForgotten,
  timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
};
process.send?.(report, () => process.disconnect());
