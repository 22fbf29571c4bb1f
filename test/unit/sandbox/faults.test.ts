import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { RateLimiter } from '../../../src/sandbox/http/rate-limiter.ts';
import type { FaultRule } from '../../../src/sandbox/index.ts';
import { type Client, sandbox } from './support.ts';

const list = (api: Client) => api.post<{ totalCount: number }>('/campaign/GetAll', { limit: 1 });

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'answered';
  } catch (error) {
    const { cause } = error as Error & { cause?: { code?: string } };
    return cause?.code ?? (error as Error).name;
  }
}

/** Sends a message under a fault. @returns whether the sandbox applied it. */
async function sendUnder(fault: FaultRule) {
  const api = await sandbox();
  api.faults.add(fault);
  const { accountId: linkedInAccountId, conversationId } = api.workspace.fixtures.unreadReply;
  const sent = api.post('/inbox/SendMessage', { conversationId, linkedInAccountId, message: 'Hi' });
  return { api, sent };
}

describe('faults', () => {
  it('match by method and path, skip requests and count matches', async () => {
    const api = await sandbox();
    api.faults.add({
      kind: 'status',
      status: 503,
      match: { path: '/campaign/GetAll', method: 'post' },
      after: 1,
      times: 2,
    });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await list(api)).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
    api.faults.add({
      kind: 'status',
      status: 500,
      match: { path: /GetById\?campaignId=6/ },
      times: Number.POSITIVE_INFINITY,
    });
    expect((await list(api)).status).toBe(200);
    expect((await api.get('/campaign/GetById?campaignId=6')).status).toBe(500);
    api.faults.clear();
    expect((await api.get('/campaign/GetById?campaignId=6')).status).toBe(404);
  });

  it('delay, and combine with another fault', async () => {
    const api = await sandbox();
    api.faults.add({ kind: 'delay', ms: 60 });
    api.faults.add({ kind: 'status', status: 500, body: '{"a":1}', headers: { 'x-fault': 'yes' } });
    const begin = performance.now();
    const response = await list(api);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(55);
    expect(response).toMatchObject({ status: 500, text: '{"a":1}', type: 'application/json' });
    expect(response.headers.get('x-fault')).toBe('yes');
  });

  it.each<[FaultRule, string, number]>([
    [{ kind: 'resetBefore' }, 'ECONNRESET', 0],
    [{ kind: 'resetAfter' }, 'ECONNRESET', 1],
    [{ kind: 'status', status: 500 }, 'answered', 0],
    [{ kind: 'status', status: 500, apply: true }, 'answered', 1],
    [{ kind: 'html502' }, 'answered', 0],
    [{ kind: 'html502', apply: true }, 'answered', 1],
    [{ kind: 'rateLimit' }, 'answered', 0],
    [{ kind: 'cutBody' }, 'UND_ERR_SOCKET', 1],
  ])('%j leaves %s and %i messages', async (fault, code, messages) => {
    const { api, sent } = await sendUnder(fault);
    expect(await codeOf(sent)).toBe(code);
    expect(api.reached.messages).toHaveLength(messages);
  });

  it('change the response', async () => {
    const api = await sandbox();
    api.faults.add({ kind: 'garbage' });
    const garbage = await list(api);
    expect([garbage.status, garbage.type, garbage.body]).toEqual([200, 'application/json', undefined]);
    api.faults.add({ kind: 'wrongJson' });
    expect((await list(api)).body).toEqual([]);
    api.faults.add({ kind: 'wrongJson', value: 'text' });
    expect((await list(api)).body).toBe('text');
    api.faults.add({ kind: 'html502' });
    expect(await list(api)).toMatchObject({ status: 502, type: 'text/html' });
    api.faults.add({ kind: 'rateLimit', retryAfter: '17' });
    const limited = await list(api);
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('17');
    expect(limited.body).toHaveProperty('errorMessage');
    api.faults.add({ kind: 'redirect', to: 'https://example.com/elsewhere' });
    const moved = await list(api);
    expect([moved.status, moved.headers.get('location')]).toEqual([302, 'https://example.com/elsewhere']);
    api.faults.add({ kind: 'hugeBody', bytes: 3_000_000 });
    expect((await list(api)).text).toHaveLength(3_000_000);
    api.faults.add({ kind: 'slowDrip', ms: 1 });
    expect((await list(api)).body.totalCount).toBe(12);
    for (const kind of ['resetMidBody', 'cutBody'] as const) {
      api.faults.add({ kind });
      expect(await codeOf(list(api))).not.toBe('answered');
    }
    expect((await list(api)).body.totalCount).toBe(12);
  });

  it('hang until the sandbox closes', async () => {
    const api = await sandbox();
    for (const kind of ['hang', 'hangMidBody'] as const) api.faults.add({ kind });
    const both = [codeOf(list(api)), codeOf(list(api))];
    await expect.poll(() => api.requests.map(({ status }) => status)).toEqual([0, 200]);
    await api.close();
    for (const code of await Promise.all(both)) expect(code).not.toBe('answered');
  });
});

describe('the rate limit', () => {
  it('counts all routes per key, and returns 429', async () => {
    const api = await sandbox({ rateLimit: { perMinute: 3 } });
    const check = (key: string) => api.call('GET', '/auth/CheckApiKey', undefined, { 'x-api-key': key });
    await list(api);
    expect([(await check('any-key')).status, (await check('any-key')).status]).toEqual([200, 200]);
    const rejected = await check('any-key');
    expect(rejected.status).toBe(429);
    expect(rejected.headers.get('retry-after')).toBeNull();
    expect(rejected.body).toEqual({ errorMessage: expect.any(String) });
    expect((await check('other')).status).toBe(200);
    expect((await check('invalid')).status).toBe(401);
    const { accountId: linkedInAccountId, conversationId } = api.workspace.fixtures.unreadReply;
    await api.post('/inbox/SendMessage', { conversationId, linkedInAccountId, message: 'Hi' });
    expect(api.reached.total).toBe(0);
  });

  it('accepts 300 requests by default', async () => {
    const api = await sandbox({ rateLimit: {} });
    const all = await Promise.all(Array.from({ length: 301 }, () => api.get('/auth/CheckApiKey')));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(300);
  });

  it('has a fixed window that starts with its first request, or a sliding window', () => {
    let now = 1_000_000;
    const fixed = new RateLimiter({ perMinute: 2, retryAfter: 'seconds' }, () => now);
    const sliding = new RateLimiter({ perMinute: 2, window: 'sliding', retryAfter: 'date' }, () => now);
    const take = () => [fixed.take('k')?.headers['retry-after'], sliding.take('k')?.headers['retry-after']];
    expect(take()).toEqual([undefined, undefined]);
    now += 50_000;
    expect(take()).toEqual([undefined, undefined]);
    expect(take()).toEqual(['10', new Date(1_060_000).toUTCString()]);
    now += 10_000;
    // The fixed window has ended. Only the first request has left the sliding window.
    expect(take()).toEqual([undefined, undefined]);
    expect(fixed.take('k')).toBeUndefined();
    expect(sliding.take('k')?.status).toBe(429);
  });
});

describe('the control routes', () => {
  const control = (api: Client, method: string, path: string, body?: unknown) =>
    fetch(`${api.url}/_sandbox${path}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

  it('return the state, move the clock and add faults', async () => {
    const api = await sandbox();
    const state = (await (await control(api, 'GET', '')).json()) as Record<string, unknown>;
    expect(state).toMatchObject({ now: '2026-11-18T12:00:00.000Z', conversations: 150, reached: { total: 0 } });
    expect((await control(api, 'POST', '/advance', { hours: 24 })).status).toBe(200);
    expect(api.now()).toBe(Date.parse('2026-11-19T12:00:00Z'));
    expect((await control(api, 'POST', '/advance', { hours: -1 })).status).toBe(400);
    expect((await control(api, 'POST', '/faults', { kind: 'status', status: 503, times: 9 })).status).toBe(204);
    expect((await control(api, 'POST', '/faults', { kind: 'nonsense' })).status).toBe(400);
    expect((await list(api)).status).toBe(503);
    await control(api, 'DELETE', '/faults');
    expect((await list(api)).status).toBe(200);
    expect(await (await control(api, 'GET', '/reached')).json()).toMatchObject({ total: api.reached.total });
    expect((await control(api, 'GET', '/nothing')).status).toBe(404);
    expect(api.requests).toHaveLength(2);
  });

  it('require a loopback Host', async () => {
    const api = await sandbox();
    const { port } = new URL(api.url);
    const statusWith = (host: string) =>
      new Promise((resolve, reject) => {
        request({ port, path: '/_sandbox', headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await statusWith('evil.example.com')).toBe(403);
    expect(await statusWith(`localhost:${port}`)).toBe(200);
  });

  it('fail when the port is in use', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as AddressInfo;
    await expect(sandbox({ port })).rejects.toThrow('EADDRINUSE');
    blocker.close();
  });
});
