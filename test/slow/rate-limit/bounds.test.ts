import { getEventListeners, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HeyReachError } from '../../../src/client/errors.ts';
import { HeyReachConnection } from '../../../src/client/index.ts';
import { RateLimiter } from '../../../src/client/rate-limit/rate-limiter.ts';
import { permitsInMemory } from '../../../src/state/memory/permits.ts';
import { stopChild } from '../../support/programs/program.ts';
import type { ManyKeys } from './programs/many-keys.ts';
import { startProgram } from './sandboxes.ts';

const heyreach = createServer((_, response) => response.end());
let origin = '';
beforeAll(async () => {
  await once(heyreach.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(heyreach.address() as AddressInfo).port}`;
});
afterAll(() => {
  heyreach.closeAllConnections();
  heyreach.close();
});

describe('waiting calls', () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

  test('are at most 1,000 per key, and cancelled calls leave nothing behind', async () => {
    const connection = new HeyReachConnection({ origin, requestsPerMinute: 1 });
    const client = connection.clientFor('made-up-key-of-many-calls');
    await client.auth.checkApiKey({});
    const before = timers();
    const controllers = Array.from({ length: 1_000 }, () => new AbortController());
    const deadline = Date.now() + 100_000_000;
    const calls = controllers.map(({ signal }) =>
      client.auth.checkApiKey({}, { signal, deadline }).catch((error: unknown) => error),
    );
    const rejection = await client.auth.checkApiKey({}).catch((error: unknown) => error as HeyReachError);
    expect(rejection).toMatchObject({
      kind: 'queue_full',
      outcome: 'not_sent',
      message: 'Rate limit queue is full: 1000 calls of this key already wait.',
    });
    const { retryAfterSeconds } = rejection as HeyReachError;
    // The first call of the window is up to ten seconds ago on a busy machine.
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(61_051);
    expect(retryAfterSeconds).toBeLessThanOrEqual(61_061);
    // Calls of another key do not count.
    await connection.clientFor('made-up-key-of-one-call').auth.checkApiKey({});
    expect(timers()).toBeGreaterThan(before);

    for (const controller of controllers) controller.abort();
    for (const error of await Promise.all(calls))
      expect(error).toMatchObject({ kind: 'cancelled', outcome: 'not_sent' });
    expect(timers()).toBeLessThanOrEqual(before);
    expect(controllers.flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([]);
    await connection.close();
  });

  test('cost less than 100 ms of CPU time for 1,000 cancelled calls, and 30 µs for a call with a free window', async () => {
    const cpuMs = async (work: () => Promise<unknown>) => {
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    };
    /** The best of some rounds, because garbage collection is not a cost of the work. */
    const best = async (rounds: number, work: (limiter: RateLimiter) => Promise<unknown>) => {
      const costs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const limiter = new RateLimiter({ key: 'fingerprint', permits: permitsInMemory(), cap: 300 });
        costs.push(await cpuMs(() => work(limiter)));
      }
      return Math.min(...costs);
    };
    const burst = await best(10, async (limiter) => {
      const controllers = Array.from({ length: 1_000 }, () => new AbortController());
      const deadline = Date.now() + 600_000;
      const takes = controllers.map(({ signal }) => limiter.acquire({ signal, deadline }).catch(() => {}));
      for (const controller of controllers) controller.abort();
      await Promise.all(takes);
    });
    const idle = await best(10, async (limiter) => {
      const { signal } = new AbortController();
      for (let call = 0; call < 300; call += 1) await limiter.acquire({ signal, deadline: Date.now() + 60_000 });
    });
    expect(burst).toBeLessThan(100);
    expect((idle / 300) * 1_000).toBeLessThan(30);
  });
});

test('10,000 keys used once use less than 100 MB, and nothing after they are forgotten', async () => {
  const child = startProgram('many-keys', ['--expose-gc'], [origin]);
  try {
    const [report] = (await once(child, 'message')) as [ManyKeys];
    if (process.env.QUOTA_TELL !== undefined) console.log(report);
    expect(report.residentAboveIdle).toBeLessThan(100);
    const held = report.heapUsed - report.heapIdle;
    expect(held, 'memory of the keys').toBeGreaterThan(4);
    expect(report.heapForgotten - report.heapIdle, 'memory left after they are forgotten').toBeLessThan(held / 3);
    expect(report.timers).toBe(0);
  } finally {
    await stopChild(child);
  }
}, 60_000);
