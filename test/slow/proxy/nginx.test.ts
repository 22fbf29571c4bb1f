import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HttpProgram } from '../../support/programs/program.ts';
import { pause } from '../../support/runs/timing.ts';
import { ADD_WITH_PROGRESS, type HeyReach, KEY, startBehind, startHeyReach, TOLD, testBehind } from './behind-proxy.ts';
import { type ProxyServer, startNginx } from './proxies.ts';
import { open, type Reply, send } from './requests.ts';

testBehind(startNginx);

describe('the directives of the block are necessary', () => {
  let heyreach: HeyReach;
  let program: HttpProgram;
  let proxy: ProxyServer | undefined;
  beforeAll(async () => {
    heyreach = await startHeyReach();
    program = await startBehind(heyreach.url);
  });
  beforeEach(() => {
    heyreach.answerAll();
    return async () => {
      await proxy?.stop();
      proxy = undefined;
    };
  });
  afterAll(async () => {
    await program?.stop();
    await heyreach?.close();
  });

  /** Starts nginx with some lines of the block changed. */
  const startWith = async (changes: Record<string, string>) => {
    const edit = (block: string) =>
      Object.entries(changes).reduce((before, [old, fresh]) => {
        expect(before).toContain(old);
        return before.replace(old, fresh);
      }, block);
    proxy = await startNginx({ target: program.url, edit });
    return proxy;
  };

  /** Expects this number of progress notifications before the second of three requests is answered. */
  const expectToldInTheMiddle = async (changes: Record<string, string>, count: 0 | 1) => {
    const behind = await startWith(changes);
    const held = heyreach.hold('POST /list/AddLeadsToListV2', 1);
    const call = open(behind, { headers: KEY, body: ADD_WITH_PROGRESS });
    const { reply } = await held;
    const told = () => call.text().match(TOLD)?.length ?? 0;
    if (count === 0) await pause(1_000);
    await expect.poll(told).toBe(count);
    reply(200, { addedLeadsCount: 100, updatedLeadsCount: 0, failedLeadsCount: 0 });
    expect((await call.ended).text.match(TOLD)).toHaveLength(3);
  };

  test('events are forwarded at once, even if only the server requests it', async () => {
    await expectToldInTheMiddle({}, 1);
    await proxy?.stop();
    await expectToldInTheMiddle({ 'proxy_buffering off': 'proxy_buffering on' }, 1);
  });

  test('with buffering, events arrive only at the end', async () => {
    const changes = { 'proxy_buffering off': 'proxy_ignore_headers X-Accel-Buffering; proxy_buffering on' };
    await expectToldInTheMiddle(changes, 0);
  });

  test('the server rejects a name that is not allowed', async () => {
    const behind = await startWith({});
    expect((await send(behind)).status).toBe(200);
    const refused = await send(behind, { headers: { host: 'other.example.com' } });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('HEYREACH_ALLOWED_HOSTS');
  });

  test('without the original Host, every request is rejected', async () => {
    const behind = await startWith({ 'proxy_set_header Host $host;': '' });
    const refused = await send(behind);
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('Host header')]);
  });

  test('nginx stops an address with too many requests before the server', async () => {
    // A busy machine may take longer for these requests than 20 a second.
    const behind = await startWith({ 'rate=20r/s': 'rate=1r/s' });
    const replies: Reply[] = [];
    // Not all at once, because concurrency has its own limit.
    for (let wave = 0; wave < 5; wave += 1) {
      const made = Array.from({ length: 50 }, (_, index) =>
        send(behind, { headers: { 'x-api-key': `made-up-key-${wave}-${index}` } }),
      );
      replies.push(...(await Promise.all(made)));
    }
    const stopped = replies.filter(({ status }) => status === 429);
    expect(stopped.length).toBeGreaterThan(0);
    expect(stopped.length).toBeLessThanOrEqual(150);
    for (const { headers } of stopped) expect(headers).not.toHaveProperty('x-request-id');
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(250 - stopped.length);
  });
});
