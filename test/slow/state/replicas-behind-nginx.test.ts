import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { block, root } from '../../support/documents/documents.ts';
import { freePort } from '../../support/programs/free-port.ts';
import { cleanEnvironment } from '../../support/programs/program.ts';
import { REDIS_PROGRAM } from '../../support/programs/redis.ts';
import { mostInWindow } from '../../unit/client/rate-limit/permit-takers.ts';
import { type ProxyServer, startNginx } from '../proxy/proxies.ts';
import { type Reply, send } from '../proxy/requests.ts';

const POLL = { timeout: 90_000, interval: 200 };
const WINDOW_MS = 2_000;
/** A caller may have 64 requests open, and nginx 200. */
const AT_ONCE = 50;
const CAP = 300;
/** Calls for three windows. */
const MANY = 900;
/** A process that stood still for longer may see requests later than the rate limiter allows for. */
const STALL_MS = 500;
/** A machine that stood still for longer may make Redis count as slow, which it does after two seconds. */
const LONG_STALL_MS = 1_500;
/** The starts of two of three replicas in a window without Redis. */
const SHARES = (2 * CAP) / 3;

/** The documented blocks run unchanged. Only ports, the window and HeyReach differ. */
describe('three replicas behind nginx with Redis, as in docs/deploy.md', { timeout: 240_000 }, () => {
  let heyreach: Sandbox;
  let proxy: ProxyServer;
  let shell: ChildProcess;
  let ports: { redis: number; replicas: number[] };
  let pids: { redis: number; replicas: number[] };
  const callAll = async (count: number): Promise<Reply[]> => {
    const replies: Reply[] = [];
    let left = count;
    const callSome = async () => {
      while (left > 0) {
        left -= 1;
        replies.push(await call('list_campaigns', { limit: 1 }));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, callSome));
    return replies;
  };
  const call = (name: string, args: object): Promise<Reply> => {
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } };
    return send(proxy, { headers: { 'x-api-key': 'made-up-key' }, body });
  };
  const delay = monitorEventLoopDelay({ resolution: 20 });
  /** The longest stall of this process in all phases so far: the requests of all of them are checked. */
  let longestStallMs = 0;
  const toleranceMs = () => (longestStallMs > STALL_MS ? longestStallMs : 0);
  /** @returns the calls that failed, without those that a long stall explains. */
  const failuresOf = async (calls: Promise<Reply[]>): Promise<Reply[]> => {
    const replies = await calls;
    const stallMs = delay.max / 1e6;
    longestStallMs = Math.max(longestStallMs, stallMs);
    return replies
      .filter(({ status, text }) => status !== 200 || text.includes('"isError":true'))
      .filter(({ text }) => stallMs <= LONG_STALL_MS || !text.includes('store_unavailable'));
  };
  const expectNo429 = () => {
    if (toleranceMs() === 0) expect(heyreach.requests.filter(({ status }) => status === 429)).toEqual([]);
  };
  /** Makes many calls during a failure. @returns the calls that failed. */
  const failuresDuring = async (fail: () => Promise<void>): Promise<Reply[]> => {
    const before = heyreach.requests.length;
    delay.reset();
    const calls = callAll(MANY);
    await vi.waitUntil(() => heyreach.requests.length > before + CAP / 2, POLL);
    await fail();
    const failures = await failuresOf(calls);
    const starts = heyreach.requests.map(({ at }) => at);
    expect(mostInWindow(starts, WINDOW_MS - toleranceMs())).toBeLessThanOrEqual(CAP);
    expectNo429();
    return failures;
  };
  const redis = async (...words: string[]) => {
    const child = spawn('redis-cli', ['-p', String(ports.redis), ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    let written = '';
    child.stdout.on('data', (chunk) => {
      written += chunk;
    });
    await once(child, 'close');
    return written.trim();
  };

  /** The value of a Redis key, of any type. */
  const contentOf = async (key: string): Promise<string> => {
    const type = await redis('TYPE', key);
    // The key has expired.
    if (type === 'none') return '';
    const read = { string: ['GET'], hash: ['HGETALL'], zset: ['ZRANGE'], list: ['LRANGE'] }[type];
    const range = read?.[0]?.endsWith('RANGE') ? ['0', '-1'] : [];
    return redis('--raw', ...read!, key, ...range);
  };

  beforeAll(async () => {
    delay.enable();
    heyreach = await startSandbox({ rateLimit: { windowMs: WINDOW_MS } });
    const [firstPort, secondPort, thirdPort, redisPort] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    ports = { redis: redisPort, replicas: [firstPort, secondPort, thirdPort] };
    const script = block('replicas')
      .replace(/^node dist\/sandbox\.js.*\n/m, '')
      .replace('redis-server', REDIS_PROGRAM)
      .replace('http://127.0.0.1:4010', heyreach.url)
      .replaceAll('6390', String(redisPort))
      .replace('3011', String(firstPort))
      .replace('3012', String(secondPort))
      .replace('3013', String(thirdPort));
    expect(script.match(/dist\/main\.js/g)).toHaveLength(3);
    const withPids = `${script}\necho $REDIS $ONE $TWO $THREE >&3\nwait`;
    shell = spawn('bash', ['-c', `trap 'kill $ONE $TWO $THREE $REDIS' TERM\n${withPids}`], {
      cwd: root,
      env: { ...cleanEnvironment(), HEYREACH_TEST_WINDOW_MS: String(WINDOW_MS), HEYREACH_LOG_LEVEL: 'error' },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    const [written] = await once(shell.stdio[3]!, 'data');
    const [redisPid, ...replicaPids] = String(written).trim().split(' ').map(Number);
    pids = { redis: redisPid!, replicas: replicaPids };
    const upstream = block('replicas-nginx')
      .replace('127.0.0.1:3011', '127.0.0.1:3000')
      .replace('3012', String(secondPort))
      .replace('3013', String(thirdPort));
    const edit = (text: string) =>
      text.replace(/^upstream [\s\S]*?\n\}/, upstream).replaceAll(/^.*\blimit_(?:req|conn).*\n/gm, '');
    proxy = await startNginx({ target: `http://127.0.0.1:${firstPort}`, edit });
    for (const port of ports.replicas) {
      const isReady = () => fetch(`http://127.0.0.1:${port}/healthz`).then(({ ok }) => ok);
      await vi.waitFor(async () => expect(await isReady()).toBe(true), POLL);
    }
    await vi.waitFor(
      async () => expect((await call('list_campaigns', { limit: 1 })).text).not.toContain('"isError":true'),
      POLL,
    );
  }, 240_000);
  afterAll(async () => {
    delay.disable();
    await proxy?.stop();
    if (shell?.exitCode === null) {
      const ended = once(shell, 'exit');
      shell.kill('SIGTERM');
      await ended;
    }
    await heyreach?.close();
  });

  test('all calls succeed without a 429, over all replicas', async () => {
    const before = heyreach.requests.length;
    delay.reset();
    expect(await failuresOf(callAll(450))).toEqual([]);
    const seen = heyreach.requests.slice(before);
    expectNo429();
    expect(seen.length).toBeGreaterThanOrEqual(450);
    // Round-robin: three calls reach three replicas, whose tickets are in Redis.
    await Promise.all([1, 2, 3].map(() => call('list_campaigns', { limit: 1 })));
    const key = await redis('--raw', 'KEYS', 'hr:*:s');
    const tickets = (await redis('--raw', 'ZRANGE', key, '0', '-1')).split('\n');
    expect(new Set(tickets.map((ticket) => ticket.split(':')[0])).size).toBe(3);
  });

  test('keeps no key and no text of a caller in Redis', async () => {
    const { accountId, conversationId } = heyreach.workspace.fixtures.unreadReply;
    const args = { conversationId, linkedInAccountId: accountId, message: 'Distinctive words' };
    const { text: preview } = await call('send_message', args);
    const confirmToken = /"confirmToken":"([^"\\]+)"/.exec(preview)![1];
    // The record of a send with an unclear outcome stays for minutes.
    heyreach.faults.add({ match: { path: '/inbox/SendMessage' }, kind: 'status', status: 503, times: 1 });
    expect((await call('send_message', { ...args, confirmToken })).text).toContain('"outcome":"unknown"');
    const keys = (await redis('--raw', 'KEYS', '*')).split('\n');
    const values = await Promise.all(keys.map(contentOf));
    for (const kind of [/:s$/m, /:shown$/m, /:starts$/m, /:sent:/]) expect(keys.join('\n')).toMatch(kind);
    const all = [...keys, ...values].join('\n');
    // Signed payloads are JSON in base64.
    const decoded = all.split(/[^\w-]+/).map((word) => Buffer.from(word, 'base64url').toString());
    for (const secret of ['made-up-key', 'Distinctive', conversationId, confirmToken!]) {
      expect(all).not.toContain(secret);
      expect(decoded.join('\n')).not.toContain(secret);
    }
  });

  test('no window is exceeded when Redis loses everything', async () => {
    expect(await failuresDuring(async () => void (await redis('FLUSHALL')))).toEqual([]);
  });

  test('no window is exceeded when Redis stops for three seconds', async () => {
    const failures = await failuresDuring(async () => {
      process.kill(pids.redis, 'SIGSTOP');
      await sleep(3_000);
      process.kill(pids.redis, 'SIGCONT');
    });
    expect(failures.filter(({ text }) => !text.includes('store_unavailable'))).toEqual([]);
  });

  test('no window is exceeded when a replica is killed, and only calls in flight fail', async () => {
    const failures = await failuresDuring(async () => void process.kill(pids.replicas[2]!, 'SIGKILL'));
    expect(failures.filter(({ status }) => status !== 502)).toEqual([]);
    expect(failures.length).toBeLessThanOrEqual(AT_ONCE);
  });

  test('while Redis is unavailable, reads continue with the share of a replica, and writes are rejected', async () => {
    const failures = await failuresDuring(async () => {
      await redis('SHUTDOWN', 'NOSAVE');
      await vi.waitFor(async () => {
        const { text } = await call('create_list', { name: 'Example list' });
        expect(text).toContain('store_unavailable');
      }, POLL);
    });
    // Two replicas are left, with a third of the limit each.
    const [first] = heyreach.requests.slice(-SHARES - 1);
    expect(heyreach.requests.at(-1)!.at - first!.at).toBeGreaterThanOrEqual(WINDOW_MS - toleranceMs());
    expect(failures.length).toBeLessThan(MANY / 2);
    for (const port of ports.replicas.slice(0, 2)) {
      expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    }
  });
});
