import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Call,
  cancelMessage,
  ENVELOPE,
  endedCalls,
  type Host,
  startLines,
  startUpstream,
  type Upstream,
  WAYS,
} from '../../support/clients/cancellation.ts';
import { answersRead, watchUndici } from '../../support/programs/undici-watch.ts';
import { isPendingAfter, now, pause } from '../../support/runs/timing.ts';

let upstream: Upstream;
let host: Host | undefined;
beforeEach(async () => {
  upstream = await startUpstream();
});
afterEach(async () => {
  await host?.stop();
  host = undefined;
  await upstream.close();
});
const LATER_MS = 200;
const MANY = 200;
const AT_ONCE = 50;
/** How long an attempt at HeyReach may take. */
const ATTEMPT_MS = 20_000;
/** How long the program waits for calls in flight when it shuts down. */
const SHUTDOWN_MS = 5_000;

/** Makes a call that stays in flight at HeyReach. */
async function hang(at: Host, tool = 'check_api_key', args: object = {}) {
  const arrived = upstream.next();
  const call = at.call(tool, args);
  return { call, ...(await arrived) };
}

describe.each(['2025', '2026'] as const)('over stdio in the era of %s', (era) => {
  test('cancelling an unknown call, twice, or too late has no effect', async () => {
    const lines = await startLines(era, { upstream: upstream.url });
    host = lines;
    lines.send(cancelMessage(1), cancelMessage(99), cancelMessage('no such'), cancelMessage(undefined));
    const first = await hang(host);
    lines.send(cancelMessage(99), cancelMessage(null));
    first.call.cancel();
    first.call.cancel();
    await first.closed;
    const second = await hang(host);
    second.reply(200);
    await expect.poll(() => answersOf(lines)).toContain(second.call.id);
    second.call.cancel();
    first.call.cancel();
    const third = await hang(host);
    third.reply(200);
    await expect.poll(() => answersOf(lines)).toContain(third.call.id);
    expect(answersOf(lines)).not.toContain(first.call.id);
    expect(lines.stderr()).not.toMatch(/"level":50|Error/);
    expect(await lines.stop()).toBe(0);
  });

  test('a call still in flight five seconds after the end of stdin is cancelled', async () => {
    const lines = await startLines(era, { upstream: upstream.url });
    host = lines;
    const { closed } = await hang(host);
    const began = now();
    lines.child.stdin!.end();
    const exit = once(lines.child, 'exit');
    const took = (await closed) - began;
    expect(took).toBeGreaterThanOrEqual(4_900);
    expect(took).toBeLessThan(ATTEMPT_MS - 1_000);
    expect((await exit)[0]).toBe(0);
  });

  test('neither a cancelled call nor its sandbox delays the end of the program', async () => {
    const lines = await startLines(era, { upstream: upstream.url, args: ['--sandbox'] });
    const listed = lines.call('list_campaigns', { statuses: ['PAUSED'], limit: 1 });
    await expect.poll(() => answersOf(lines)).toContain(listed.id);
    const campaignId = Number(/"items":\[\{"id":(\d+)/.exec(lines.stdout())?.[1]);
    // The call reads the result back 1.6 s later.
    const call = lines.call('resume_campaign', { campaignId });
    await pause(2 * LATER_MS);
    call.cancel();
    await expect.poll(() => endedCalls(lines)).toHaveLength(2);
    expect(answersOf(lines)).not.toContain(call.id);
    const began = now();
    expect(await lines.stop()).toBe(0);
    expect(now() - began).toBeLessThan(SHUTDOWN_MS - 100);
  });

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    '%s cancels requests in flight and waiting requests',
    async (signal) => {
      const env = { NODE_OPTIONS: watchUndici() };
      const { child, ...lines } = await startLines(era, { upstream: upstream.url, env });
      const { closed } = await hang(lines);
      upstream.react((arrival) => arrival.reply(429, undefined, { 'retry-after': '20' }));
      lines.call('check_api_key');
      await expect.poll(() => answersRead(lines.stderr(), '/auth/CheckApiKey')).toBe(1);
      const exit = once(child, 'exit');
      const began = now();
      child.kill(signal);
      expect((await closed) - began).toBeLessThan(SHUTDOWN_MS - 100);
      expect((await exit)[0]).toBe(0);
      expect(now() - began).toBeLessThan(ATTEMPT_MS - 1_000);
      expect(upstream.arrivals).toHaveLength(2);
    },
  );
});

describe('over HTTP', () => {
  const HTTP = WAYS.filter(({ name }) => /^HTTP .* by /.test(name));

  test.each(HTTP)('cancelling twice or too late has no effect: $name', async ({ start }) => {
    host = await start({ upstream: upstream.url });
    const first = await hang(host);
    first.call.cancel();
    first.call.cancel();
    await first.closed;
    const second = await hang(host);
    second.reply(200);
    await expect.poll(() => endedCalls(host!)).toHaveLength(2);
    await pause(LATER_MS);
    second.call.cancel();
    first.call.cancel();
    const third = await hang(host);
    third.reply(200);
    await expect.poll(() => endedCalls(host!)).toHaveLength(3);
    expect(host.stderr()).not.toMatch(/"level":50|Error/);
  });

  test('the ids of one client do not affect the calls of another', async () => {
    const { start } = HTTP.find(({ name }) => name.includes('notification'))!;
    const mine = await start({ upstream: upstream.url });
    host = mine;
    const { call, closed } = await hang(mine);
    for (const headers of [{}, { 'mcp-session-id': 'not-the-one' }]) {
      const response = await fetch(mine.url!, {
        method: 'POST',
        headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json', ...headers },
        body: JSON.stringify(cancelMessage(2)),
      });
      expect(response.status).toBe(202);
    }
    expect(await isPendingAfter(closed, hang(mine))).toBe(true);
    call.cancel();
    await closed;
  });

  test('a cancellation notification of 2026-07-28 is accepted without effect, because a client there closes the connection', async () => {
    const at = await HTTP.find(({ name }) => name.includes('2026'))!.start({ upstream: upstream.url });
    host = at;
    const { call, closed } = await hang(at);
    const response = await fetch(at.url!, {
      method: 'POST',
      headers: {
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'notifications/cancelled',
      },
      body: JSON.stringify(cancelMessage(call.id, ENVELOPE)),
    });
    expect(response.status).toBe(202);
    expect(await isPendingAfter(closed, hang(at))).toBe(true);
    call.cancel();
    await closed;
  });

  test('the death of a client cancels its call', async () => {
    const { start } = HTTP.find(({ name }) => name === 'HTTP 2025, by closing')!;
    const at = await start({ upstream: upstream.url });
    host = at;
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'check_api_key', arguments: {} },
    });
    const script = `fetch(${JSON.stringify(at.url)}, { method: 'POST', headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json' }, body: ${JSON.stringify(body)} }).then((answer) => answer.text())`;
    const arrived = upstream.next();
    const client = spawn(process.execPath, ['-e', script], { stdio: 'ignore' });
    const { closed } = await arrived;
    const began = now();
    client.kill('SIGKILL');
    expect((await closed) - began).toBeLessThan(ATTEMPT_MS - 1_000);
  });

  test('an unused connection does not delay the shutdown', async () => {
    const at = await HTTP[0]!.start({ upstream: upstream.url });
    const idle = connect(Number(new URL(at.url!).port), '127.0.0.1');
    idle.on('error', () => {});
    await once(idle, 'connect');
    await pause(LATER_MS);
    const began = now();
    expect(await at.stop()).toBe(0);
    // The server closes a connection without headers after ten seconds.
    expect(now() - began).toBeLessThan(9_000);
  });
});

describe.each(WAYS.filter(({ name }) => / by /.test(name)))(`${MANY} calls cancelled over $name`, ({ start }) => {
  test('leave no socket, no listener and no timer behind', async () => {
    host = await start({ upstream: upstream.url });
    const { child } = host;
    const cycle = async (count: number) => {
      const before = { arrived: upstream.arrivals.length, ended: endedCalls(host!).length };
      const calls: Call[] = Array.from({ length: count }, () => host!.call('check_api_key', {}, true));
      await expect.poll(() => upstream.arrivals.length).toBe(before.arrived + count);
      for (const call of calls) call.cancel();
      await expect.poll(() => endedCalls(host!).length).toBe(before.ended + count);
    };
    // The pool may open another unused connection, and closes idle connections after four seconds.
    const settle = () => expect.poll(upstream.open).toBe(0);
    const before = socketsOf(child!.pid!);
    // Over HTTP, no caller can have more requests in flight.
    for (let made = 0; made < MANY; made += AT_ONCE) await cycle(AT_ONCE);
    await settle();
    await expect.poll(() => socketsOf(child!.pid!)).toBeLessThanOrEqual(before);
    expect(upstream.arrivals).toHaveLength(MANY);
    expect(host.stderr()).not.toMatch(/MaxListeners|Warning|"level":50/);
    // A remaining timer or socket would keep the process alive.
    const began = now();
    expect(await host.stop()).toBe(0);
    expect(now() - began).toBeLessThan(ATTEMPT_MS - 1_000);
  });
});

/** The number of sockets of a process, or 0 if the system does not provide it. */
function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).filter((name) => {
    try {
      return readlinkSync(`${folder}/${name}`).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;
}

function answersOf({ stdout }: { stdout(): string }): unknown[] {
  const whole = stdout().split('\n').slice(0, -1);
  return whole.map((line) => JSON.parse(line) as { id?: unknown }).map(({ id }) => id);
}
