import { once } from 'node:events';
import type { Agent } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Arrival, ENVELOPE, startUpstream, type Upstream } from '../../support/clients/cancellation.ts';
import { connectHttp, type Progress } from '../../support/clients/clients.ts';
import { CHECK, callOf } from '../../support/clients/raw-http.ts';
import { exampleCampaign } from '../../support/fixtures/campaign.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { pause } from '../../support/runs/timing.ts';
import { defaultTools } from '../../support/tools/tool-counts.ts';
import { NAME, type ProxyOptions, type ProxyServer } from './proxies.ts';
import { open, openHttp2, send, trust } from './requests.ts';

/** Sends a large body. A server that rejects it may close the connection before the client has read the reason. */
async function sendLarge(...request: Parameters<typeof send>): ReturnType<typeof send> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(...request);
    } catch (error) {
      if (attempt === 5 || !/ECONNRESET|EPIPE/.test(String(error))) throw error;
    }
  }
}

export const KEY = { 'x-api-key': TEST_KEY };
const PAGE = 'https://app.example.com';
const CLIENTS = ['v1', 'v2-modern'] as const;
const LEADS = Array.from({ length: 250 }, (_, index) => ({
  firstName: 'Ada',
  lastName: 'Example',
  profileUrl: `https://www.linkedin.com/in/ada-${index}-example`,
}));
/** Three requests to HeyReach, with progress after each. */
const ADD = { name: 'add_leads_to_list', arguments: { listId: 930_001, leads: LEADS } };
export const ADD_WITH_PROGRESS = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { ...ADD, _meta: { progressToken: 1 } },
};
export const TOLD = /"method":"notifications\/progress"/g;

export interface HeyReach extends Upstream {
  answerAll(): void;
  /** Holds one request of a route: the next one, or the one after `from` further requests. */
  hold(route: string, from?: number): Promise<Arrival>;
}

/** A HeyReach that answers at once, except for held requests. */
export async function startHeyReach(): Promise<HeyReach> {
  const upstream = await startUpstream();
  const answer = ({ route, reply }: Arrival) => {
    if (route === 'GET /campaign/GetById') reply(200, { ...exampleCampaign(), id: 7 });
    else reply(200, { addedLeadsCount: 100, updatedLeadsCount: 0, failedLeadsCount: 0 });
  };
  return {
    ...upstream,
    answerAll: () => upstream.react(answer),
    hold: (route, from = 0) =>
      new Promise((resolve) => {
        let seen = 0;
        upstream.react((arrival) => {
          if (arrival.route !== route) return answer(arrival);
          seen += 1;
          if (seen === from + 1) resolve(arrival);
          else answer(arrival);
        });
      }),
  };
}

/** Whether the event happens within this time, which is before any timeout. */
export const isSoon = (event: Promise<unknown>, ms = 10_000): Promise<boolean> =>
  Promise.race([event.then(() => true), pause(ms).then(() => false)]);

/** Starts the program as documented: callers with their own keys, and its public name. */
export const startBehind = (upstream: string, env: Record<string, string> = {}, args: string[] = []) =>
  startHttpProgram({
    args: ['--allowed-hosts', NAME, '--allowed-origins', PAGE, '--confirm', 'off', ...args],
    env: { HEYREACH_BASE_URL: upstream, ...env },
  });

/** The tests for each documented proxy. */
export function testBehind(start: (options: ProxyOptions) => Promise<ProxyServer>): void {
  let heyreach: HeyReach;
  let program: HttpProgram;
  let proxy: ProxyServer;
  let agent: Agent;
  beforeAll(async () => {
    heyreach = await startHeyReach();
    program = await startBehind(heyreach.url, {}, ['--metrics-port', '0']);
    proxy = await start({ target: program.url });
    agent = trust(proxy);
  });
  beforeEach(() => heyreach.answerAll());
  afterAll(async () => {
    await agent?.destroy();
    await proxy?.stop();
    await program?.stop();
    await heyreach?.close();
  });

  const streamsOpen = async () => {
    const metrics = /metrics at (\S+)/.exec(program.stderr())?.[1] ?? '';
    return Number(/^heyreach_mcp_http_streams_open (\d+)$/m.exec(await (await fetch(metrics)).text())?.[1]);
  };

  describe.each(CLIENTS)('%s', (client) => {
    test('lists tools, calls a tool, and forwards progress at once', async () => {
      const peer = await connectHttp(client, `${proxy.origin}/mcp`, KEY);
      expect(await peer.listTools()).toHaveLength(defaultTools.length);
      expect((await peer.callTool('check_api_key')).structuredContent).toMatchObject({ valid: true });
      const held = heyreach.hold('POST /list/AddLeadsToListV2', 1);
      const seen: Progress[] = [];
      const call = peer.callTool(ADD.name, ADD.arguments, { onprogress: (progress) => void seen.push(progress) });
      const { reply } = await held;
      await expect.poll(() => seen).toMatchObject([{ progress: 1, total: 3 }]);
      reply(200, { addedLeadsCount: 100, updatedLeadsCount: 0, failedLeadsCount: 0 });
      expect((await call).structuredContent).toMatchObject({ given: 250, sent: 250 });
      await peer.close();
    });

    test('cancels', async () => {
      const peer = await connectHttp(client, `${proxy.origin}/mcp`, KEY);
      const held = heyreach.hold('GET /auth/CheckApiKey');
      const leaving = new AbortController();
      const call = peer.callTool('check_api_key', {}, { signal: leaving.signal }).catch(() => 'cancelled');
      const { closed } = await held;
      leaving.abort('enough');
      expect(await call).toBe('cancelled');
      expect(await isSoon(closed)).toBe(true);
      await peer.close();
    });
  });

  test('forwards progress at once over HTTP/2', async () => {
    const held = heyreach.hold('POST /list/AddLeadsToListV2', 1);
    const call = openHttp2(proxy, { headers: KEY, body: ADD_WITH_PROGRESS });
    const { reply } = await held;
    await expect.poll(() => call.text().match(TOLD)).toHaveLength(1);
    reply(200, { addedLeadsCount: 100, updatedLeadsCount: 0, failedLeadsCount: 0 });
    const ended = await call.ended;
    expect([ended.status, ended.text]).toEqual([200, expect.stringContaining('"sent\\":250')]);
  });

  test.each(['HTTP/1.1', 'HTTP/2'])('closing the connection over %s cancels the call', async (version) => {
    const held = heyreach.hold('GET /auth/CheckApiKey');
    const call = (version === 'HTTP/2' ? openHttp2 : open)(proxy, { headers: KEY, body: CHECK });
    const { closed } = await held;
    call.hangUp();
    expect(await isSoon(closed)).toBe(true);
  });

  test('a stream of changes forwards a change at once, and ends when its client is gone', async () => {
    const peer = await connectHttp('v2-modern', `${proxy.origin}/mcp`, KEY);
    await peer.subscribe(['heyreach://campaigns/7']);
    await expect.poll(streamsOpen).toBe(1);
    await peer.callTool('pause_campaign', { campaignId: 7 });
    await expect.poll(() => peer.told).toEqual(['heyreach://campaigns/7']);
    await peer.close();
    await expect.poll(streamsOpen).toBe(0);
  });

  test('an idle stream sends a keep-alive every 15 s', async () => {
    const notifications = { resourceSubscriptions: ['heyreach://campaigns/7'] };
    const stream = open(proxy, {
      headers: { ...KEY, 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' },
      body: { jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params: { notifications, _meta: ENVELOPE } },
    });
    await expect.poll(stream.text).toContain('notifications/subscriptions/acknowledged');
    expect(stream.text()).not.toContain('keepalive');
    await expect.poll(stream.text, { timeout: 25_000 }).toMatch(/^: keepalive$/m);
    stream.hangUp();
    await expect.poll(streamsOpen).toBe(0);
  });

  test('the server rejects a body above its limit, and the proxy a much larger one', async () => {
    const big = (size: number) => ({ headers: KEY, body: callOf('get_campaign', { campaignId: 'x'.repeat(size) }) });
    const refused = await sendLarge(proxy, big(5_000_000));
    expect(refused.status).toBe(413);
    const { error } = JSON.parse(refused.text) as { error: { message: string } };
    expect(error.message).toMatch(/^The request body is larger than 4 MiB\. Nothing was done\./);
    expect(refused.headers['x-request-id']).toMatch(/^[0-9a-f]{16}$/);
    const taken = await sendLarge(proxy, big(3_000_000));
    expect([taken.status, taken.text]).toEqual([200, expect.stringContaining('campaignId must be a number')]);
    expect((await sendLarge(proxy, big(9_000_000))).status).toBe(413);
  });

  test('forwards a 429 with Retry-After and its body', async () => {
    const hanging: Arrival[] = [];
    heyreach.react((arrival) => void hanging.push(arrival));
    const calls = Array.from({ length: 64 }, (_, id) =>
      open(proxy, { headers: KEY, body: callOf('check_api_key', {}, id) }),
    );
    await expect.poll(() => hanging.length).toBe(64);
    const refused = await send(proxy, { headers: KEY, body: callOf('check_api_key', {}, 65) });
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1']);
    expect(JSON.parse(refused.text)).toMatchObject({
      id: 65,
      error: { message: expect.stringContaining('64 requests') },
    });
    for (const { reply } of hanging) reply(200);
    for (const { ended } of calls) expect((await ended).status).toBe(200);
  });

  test('X-Request-Id is in both directions and in both logs; no log contains a key', async () => {
    const mine = await send(proxy, { headers: { ...KEY, 'x-request-id': 'trace-0001' }, body: CHECK });
    expect(mine.headers['x-request-id']).toBe('trace-0001');
    await expect.poll(program.stderr).toContain('"requestId":"trace-0001"');
    await expect.poll(proxy.logs).toContain('trace-0001');
    const inUrl = await send(proxy, { path: `/mcp?key=${encodeURIComponent(TEST_KEY)}` });
    expect(inUrl.status).toBe(400);
    const name = String(inUrl.headers['x-request-id']);
    await expect.poll(proxy.logs).toContain(name);
    for (const spelled of [TEST_KEY, encodeURIComponent(TEST_KEY)]) expect(proxy.logs()).not.toContain(spelled);
  });

  test('a listed page gets CORS headers from the server, and another page gets 403', async () => {
    const ask = (origin: string) =>
      send(proxy, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
    const asked = await ask(PAGE);
    expect([asked.status, asked.headers['access-control-allow-origin']]).toEqual([204, PAGE]);
    expect((await ask('https://evil.example.com')).status).toBe(403);
  });

  describe('during a shutdown', () => {
    let stopping: HttpProgram;
    let before: ProxyServer;
    beforeEach(async () => {
      stopping = await startBehind(heyreach.url, { HEYREACH_DRAIN_SECONDS: '10' });
      before = await start({ target: stopping.url });
      return async () => {
        await before.stop();
        await stopping.stop();
      };
    });

    test('a call in flight ends, a new call gets 503 with Retry-After, probes fail, and later requests get 502', async () => {
      const probe = (path: string) => send(before, { path, method: 'GET' }).then(({ status }) => status);
      expect([await probe('/healthz'), await probe('/readyz')]).toEqual([200, 200]);
      const held = heyreach.hold('GET /auth/CheckApiKey');
      const call = open(before, { headers: KEY, body: CHECK });
      const { reply } = await held;
      const exited = once(stopping.process, 'exit');
      stopping.process.kill('SIGTERM');
      await expect.poll(() => probe('/readyz')).toBe(503);
      expect(await probe('/healthz')).toBe(200);
      const refused = await send(before, { headers: KEY });
      expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
      expect(JSON.parse(refused.text)).toMatchObject({
        error: { message: 'The server is shutting down. Nothing was done. Retry later.' },
      });
      await pause(100);
      reply(200);
      expect((await call.ended).status).toBe(200);
      expect(await exited).toEqual([0, null]);
      expect((await send(before, { headers: KEY })).status).toBe(502);
      expect(before.logs()).not.toContain(TEST_KEY);
    });
  });
}
