import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { callOf } from '../../support/clients/raw-http.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { startRedis } from '../../support/programs/redis.ts';
import { mostInWindow } from '../../unit/client/rate-limit/permit-takers.ts';
import { startNginx } from '../proxy/proxies.ts';
import { send } from '../proxy/requests.ts';
import type { Seen } from '../rate-limit/programs/sandboxes.ts';
import { type Sandboxes, startSandboxes } from '../rate-limit/sandboxes.ts';

const REPLICAS = 3;
const CALLS = 1_000;
const CAP = 300;
const WINDOW_MS = 60_000;
/** A replica serves 64 concurrent calls of a caller, and each replica gets a third of these. */
const AT_ONCE = 120;
/** A caller retries after at most this long, even if the server names a longer wait. */
const MOST_PAUSE_MS = 10_000;
/** A process that was blocked for longer may have sent a request later than the rate limiter allows for. */
const STALL_MS = 500;

let sandboxes: Sandboxes;
beforeAll(() => {
  sandboxes = startSandboxes();
});
afterAll(() => sandboxes.end());

interface Calls {
  /** The responses that are no success. */
  failures: string[];
  /** How often a call had to be made again because Redis counted as slow. */
  unavailable: number;
}

/** Makes all calls through nginx and the replicas. @returns the requests that HeyReach got, oldest first. */
async function callAll(window: 'sliding' | 'fixed'): Promise<Calls & { seen: Seen[]; stallMs: number }> {
  const heyreach = await sandboxes.start({
    clock: 'manual',
    rateLimit: { perMinute: CAP, windowMs: WINDOW_MS, window },
  });
  const redis = await startRedis();
  const replicas: HttpProgram[] = [];
  try {
    const env = {
      HEYREACH_BASE_URL: heyreach,
      HEYREACH_REDIS_URL: redis.url,
      HEYREACH_STATE_SECRET: 'a-made-up-secret-of-the-replicas-in-a-test',
      HEYREACH_ALLOWED_HOSTS: 'mcp.example.com',
      HEYREACH_LOG_LEVEL: 'error',
    };
    for (let replica = 0; replica < REPLICAS; replica += 1) {
      replicas.push(await startHttpProgram({ built: true, env }));
    }
    const withoutLimits = (block: string) => block.replaceAll(/^.*\blimit_(?:req|conn).*\n/gm, '');
    const nginx = await startNginx({ target: replicas.map(({ url }) => url), edit: withoutLimits });
    try {
      const calls = await callThrough(nginx);
      const { seen, stallMs } = await sandboxes.stop(heyreach);
      return { seen: seen.toSorted((a, b) => a.at - b.at), ...calls, stallMs };
    } finally {
      await nginx.stop();
    }
  } finally {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await redis.close();
  }
}

async function callThrough(nginx: Awaited<ReturnType<typeof startNginx>>): Promise<Calls> {
  const calls: Calls = { failures: [], unavailable: 0 };
  let left = CALLS;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      const failure = await callUntilTaken(nginx, calls);
      if (failure !== undefined) calls.failures.push(failure);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  return calls;
}

/** Repeats a call while the rate limit rejects it, or while Redis counts as slow. @returns any other failure. */
async function callUntilTaken(
  nginx: Awaited<ReturnType<typeof startNginx>>,
  calls: Calls,
): Promise<string | undefined> {
  for (;;) {
    const { status, text } = await send(nginx, {
      headers: { 'x-api-key': 'made-up-key-of-three-replicas' },
      body: callOf('list_campaigns', { limit: 1 }),
    });
    if (status === 200 && text.includes('"items":')) return undefined;
    if (text.includes('"kind":"store_unavailable"')) calls.unavailable += 1;
    const seconds = /"kind":"(?:rate_limited|store_unavailable)".*"retryAfterSeconds":(\d+)/.exec(text)?.[1];
    if (seconds === undefined) return `${status} ${text}`;
    await sleep(Math.min(MOST_PAUSE_MS, Number(seconds) * 1_000));
  }
}

describe.concurrent('1,000 calls over three replicas, 300 allowed in a minute', () => {
  test.for(['sliding', 'fixed'] as const)('%s window', async (window, { expect }) => {
    const { seen, failures, unavailable, stallMs } = await callAll(window);
    // A start that a stall delayed is closer to later ones by at most the stall.
    const toleranceMs = stallMs > STALL_MS ? stallMs : 0;
    const starts = seen.map(({ at }) => at);
    const windows = Math.floor((CALLS - 1) / CAP);
    const tookMs = starts[windows * CAP]! - starts[0]!;
    const quotaUsed = (windows * WINDOW_MS) / (tookMs - windows * toleranceMs);
    if (process.env.QUOTA_TELL !== undefined) {
      console.log(window, { quotaUsed, requests: seen.length, mostInWindow: mostInWindow(starts, WINDOW_MS), stallMs });
    }
    expect(failures).toEqual([]);
    expect(seen.length).toBeGreaterThanOrEqual(CALLS);
    expect(quotaUsed).toBeGreaterThanOrEqual(0.95);
    expect(mostInWindow(starts, WINDOW_MS - toleranceMs)).toBeLessThanOrEqual(CAP);
    if (toleranceMs > 0) return;
    expect(unavailable).toBe(0);
    expect(seen.filter(({ status }) => status === 429)).toEqual([]);
    if (window === 'sliding') expect(mostInWindow(starts, WINDOW_MS)).toBe(CAP);
  });
});
