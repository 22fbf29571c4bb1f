import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Call,
  endedCalls,
  type Host,
  type HostOptions,
  type LogLine,
  startLines,
  startUpstream,
  type Upstream,
  WAYS,
} from '../../support/clients/cancellation.ts';
import { answersRead, watchUndici } from '../../support/programs/undici-watch.ts';
import { expectAtOnce, now, pause, ROUNDS } from '../../support/runs/timing.ts';

let upstream: Upstream;
let host: Host;
beforeEach(async () => {
  upstream = await startUpstream();
});
afterEach(async () => {
  await host?.stop();
  await upstream.close();
});

/** Starts the program and makes a first call, so that its libraries are loaded. */
async function startWarm(start: (options: HostOptions) => Promise<Host>) {
  host = await start({ upstream: upstream.url, env: { NODE_OPTIONS: watchUndici() } });
  upstream.react((arrival) => arrival.reply(200));
  host.call('check_api_key');
  await expect.poll(() => endedCalls(host)).toHaveLength(1);
  upstream.arrivals.length = 0;
}

/** Makes a call that gets a 429, which holds the key. The call itself continues to wait. */
async function hold(seconds: number) {
  upstream.react((arrival) => arrival.reply(429, undefined, { 'retry-after': String(seconds) }));
  const read = () => answersRead(host.stderr(), '/auth/CheckApiKey');
  const before = read();
  const holder = host.call('check_api_key');
  await expect.poll(read).toBe(before + 1);
  upstream.react((arrival) => arrival.reply(200));
  return holder;
}

/**
 * Cancels a call and waits for its line in the log. @returns the line, and the time between the cancellation and the
 * line.
 */
async function cancelAndRead(call: Call): Promise<{ line: LogLine; took: number }> {
  const before = endedCalls(host).length;
  const began = now();
  call.cancel();
  await expect.poll(() => endedCalls(host), { interval: 5 }).toHaveLength(before + 1);
  const line = endedCalls(host).at(-1)!;
  return { line, took: line.time - began };
}

describe.each(WAYS)('a call that waits for a permit and is cancelled over $name', ({ start }) => {
  test('releases its place at once', async () => {
    await startWarm(start);
    const holder = await hold(20);
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      // Reads, repeatable changes and others wait alike.
      const [tool, args] = [
        ['check_api_key', {}],
        ['pause_campaign', { campaignId: 600001 }],
        ['resume_campaign', { campaignId: 600001 }],
      ][round % 3] as [string, object];
      const call = host.call(tool, args, round % 2 === 1);
      // Over HTTP, a cancellation that arrives before the call leaves no line.
      await pause(300);
      const { line, took: ms } = await cancelAndRead(call);
      expect(line).toMatchObject({ tool, error: 'cancelled', outcome: 'not_sent', attempts: [] });
      took.push(ms);
    }
    took.push((await cancelAndRead(holder)).took);
    expectAtOnce(took);
    expect(upstream.arrivals).toHaveLength(1);
  });

  test('is never sent, and the calls behind it are', async () => {
    await startWarm(start);
    await hold(6);
    const calls = ['check_api_key', 'resume_campaign', 'pause_campaign'].map((tool) =>
      host.call(tool, tool === 'check_api_key' ? {} : { campaignId: 600001 }),
    );
    host.call('get_campaign', { campaignId: 600002 });
    await pause(300);
    for (const call of calls) call.cancel();
    await expect.poll(() => upstream.arrivals.length).toBe(3);
    await pause(200);
    expect(upstream.arrivals.map(({ route }) => route).sort()).toEqual([
      'GET /auth/CheckApiKey',
      'GET /auth/CheckApiKey',
      'GET /campaign/GetById',
    ]);
  });
});

test('a released permit is available to the next call', async () => {
  // Four requests a minute: one is used, one got a 429 and waits for its retry, and one is left.
  await startWarm((options) => startLines('2025', { ...options, args: ['--rate-limit', '4'] }));
  const holder = await hold(20);
  const last = host.call('check_api_key');
  host.call('check_api_key');
  await expect.poll(() => endedCalls(host)).toHaveLength(2);
  expect(endedCalls(host)[1]).toMatchObject({ error: 'rate_limited', outcome: 'not_sent' });
  for (let round = 0, current = last; round < ROUNDS; round += 1) {
    current.cancel();
    await pause(25);
    const next = host.call('check_api_key');
    await expect.poll(() => endedCalls(host)).toHaveLength(3 + round);
    current = next;
  }
  holder.cancel();
  expect(
    endedCalls(host)
      .slice(2)
      .map(({ error }) => error),
  ).toEqual(Array(ROUNDS).fill('cancelled'));
  expect(upstream.arrivals).toHaveLength(1);
});

describe.each(WAYS.filter(({ name }) => / by /.test(name)))('over $name', ({ start }) => {
  test('a call that is cancelled between two attempts ends at once, without another attempt', async () => {
    await startWarm(start);
    const took: number[] = [];
    for (let round = 0; took.length < ROUNDS && round < 30; round += 1) {
      upstream.arrivals.length = 0;
      const before = endedCalls(host).length;
      upstream.react((arrival) => arrival.reply(500));
      const arrived = upstream.next();
      const call = host.call('check_api_key');
      await arrived;
      await pause(20);
      const attempts = upstream.arrivals.length;
      if (attempts === 3) {
        await expect.poll(() => endedCalls(host)).toHaveLength(before + 1);
        continue;
      }
      const { line, took: ms } = await cancelAndRead(call);
      // The pause before the next attempt is random, and may have been too short for this cancellation.
      const isMet = upstream.arrivals.length === attempts && line.attempts?.length === attempts;
      if (!isMet) continue;
      await pause(100);
      expect(upstream.arrivals).toHaveLength(attempts);
      expect(line).toMatchObject({ tool: 'check_api_key' });
      took.push(ms);
    }
    expect(took).toHaveLength(ROUNDS);
    expectAtOnce(took);
  });

  test('a call that is cancelled while it waits for a change to settle ends at once, and reads nothing back', async () => {
    await startWarm(start);
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const arrived = upstream.next();
      const call = host.call('start_campaign', { campaignId: 600001 });
      await arrived;
      await pause(50);
      took.push((await cancelAndRead(call)).took);
    }
    expectAtOnce(took);
    await pause(1_700);
    expect(upstream.arrivals.map(({ route }) => route)).toEqual(Array(ROUNDS).fill('POST /campaign/StartCampaign'));
  });
});
