import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { fingerprintKey } from '../../../../src/client/index.ts';
import { createServerFactory } from '../../../../src/server.ts';
import { callOf, type Reply, send } from '../../../support/clients/raw-http.ts';
import { createServerParts, type HttpHarness, startHttpHarness } from '../../../support/programs/http-harness.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { onlyInFullRun } from '../../../support/runs/run-scope.ts';
import { pause } from '../../../support/runs/timing.ts';

let harness: HttpHarness;
afterEach(async () => {
  harness.release();
  await harness.close();
});

const MODERN = {
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': 'check_api_key',
};
const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};
const modernCall = (id: number) => ({
  ...callOf('check_api_key', {}, id),
  params: { name: 'check_api_key', arguments: {}, _meta: envelope },
});
/** A call that stays in flight. */
const hang = (key: string, id = 1): Promise<Reply> =>
  send(harness.url, { headers: { 'x-api-key': key }, body: callOf('check_api_key', {}, id) });
const many = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('requests in flight', () => {
  test('have a limit of 64 per caller, who can still cancel, while others can still call', async () => {
    harness = await startHttpHarness();
    const calls = many(64).map((id) => hang('busy-caller-key', id));
    await expect.poll(() => harness.begun()).toBe(64);
    expect(harness.counts()).toEqual({ inFlight: 64, streams: 0 });
    const refused = await hang('busy-caller-key', 65);
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.message()).toMatchObject({ id: 65, error: { code: -32_600, message: /maximum of 64 requests/ } });
    const note = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
    expect((await send(harness.url, { headers: { 'x-api-key': 'busy-caller-key' }, body: note })).status).toBe(202);
    expect((await send(harness.url, { headers: { 'x-api-key': 'another-caller-key' } })).status).toBe(200);
    harness.release();
    for (const { status } of await Promise.all(calls)) expect(status).toBe(200);
    expect(harness.counts()).toEqual({ inFlight: 0, streams: 0 });
    expect((await send(harness.url, { headers: { 'x-api-key': 'busy-caller-key' } })).status).toBe(200);
    expect(harness.lines.filter(({ refusal }) => refusal === 'caller_busy')).toHaveLength(1);
  });

  test('count every request of a batch', async () => {
    harness = await startHttpHarness();
    const batch = (count: number) => many(count).map((id) => callOf('check_api_key', {}, id));
    const first = send(harness.url, { headers: { 'x-api-key': 'batch-caller-key' }, body: batch(60) });
    await expect.poll(() => harness.begun()).toBe(60);
    const second = await send(harness.url, { headers: { 'x-api-key': 'batch-caller-key' }, body: batch(5) });
    expect(second.status).toBe(429);
    harness.release();
    expect((await first).status).toBe(200);
  });

  test.each(onlyInFullRun(['1,000']))('have a limit of %s for all callers', async () => {
    harness = await startHttpHarness();
    const calls = many(1_000).map((index) => hang(`caller-number-${index % 20}`, index));
    await expect.poll(() => harness.begun(), { timeout: 15_000 }).toBe(1_000);
    const refused = await hang('one-caller-more');
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.message().error?.message).toBe(
      'The server is busy: 1000 requests are open. Nothing was done. Retry the request.',
    );
    harness.release();
    for (const { status } of await Promise.all(calls)) expect(status).toBe(200);
  });

  test('are counted by address for callers without a key', async () => {
    harness = await startHttpHarness();
    const calls = many(64).map((id) => send(harness.url, { body: callOf('check_api_key', {}, id) }));
    await expect.poll(() => harness.begun()).toBe(64);
    expect((await send(harness.url)).status).toBe(429);
    harness.release();
    await Promise.all(calls);
  });
});

describe('keys that HeyReach has not accepted', () => {
  const listen = (key: string, id = 1) =>
    send(harness.url, {
      headers: { ...MODERN, 'mcp-method': 'subscriptions/listen', 'x-api-key': key },
      body: {
        jsonrpc: '2.0',
        id,
        method: 'subscriptions/listen',
        params: { notifications: { resourcesListChanged: true }, _meta: envelope },
      },
    });

  test('have a limit per address, which does not apply to accepted keys and listings', async () => {
    const accepted = new Set([fingerprintKey('an-accepted-key')]);
    harness = await startHttpHarness({ hasAcceptedKey: (fingerprint) => accepted.has(fingerprint) });
    const calls = many(100).map((index) => hang(`made-up-key-${index}`));
    await expect.poll(() => harness.begun()).toBe(100);
    const refused = await hang('made-up-key-100', 7);
    expect(refused.status).toBe(429);
    expect(refused.message()).toMatchObject({ id: 7, error: { message: /^Your address sent 100 keys in a minute/ } });
    expect((await listen('made-up-key-101')).status).toBe(429);
    expect((await send(harness.url, { headers: { 'x-api-key': 'made-up-key-102' } })).status).toBe(200);
    calls.push(hang('an-accepted-key'));
    await expect.poll(() => harness.begun()).toBe(101);
    accepted.add(fingerprintKey('made-up-key-0'));
    calls.push(hang('made-up-key-100'));
    await expect.poll(() => harness.begun()).toBe(102);
    harness.release();
    for (const { status } of await Promise.all(calls)) expect(status).toBe(200);
  });

  test('leave slots for accepted keys, however many requests they have in flight', async () => {
    const accepted = fingerprintKey('an-accepted-key');
    harness = await startHttpHarness({ hasAcceptedKey: (fingerprint) => fingerprint === accepted });
    const calls = many(200).map((index) => hang(`made-up-key-${index % 10}`, index));
    await expect.poll(() => harness.begun()).toBe(200);
    expect((await hang('made-up-key-0', 200)).status).toBe(429);
    calls.push(hang('an-accepted-key'));
    await expect.poll(() => harness.begun()).toBe(201);
    harness.release();
    await Promise.all(calls);
  });

  test('open no stream, even while HeyReach does not answer the key check', async () => {
    harness = await startHttpHarness({ hasAcceptedKey: () => false });
    // Nothing listens at the address of the key check.
    const replies = await Promise.all(many(100).map((index) => listen(`made-up-key-${index}`)));
    for (const reply of replies) {
      expect(reply.status).toBe(503);
      expect(reply.message().error?.message).toMatch(/^HeyReach did not answer whether it accepts this key/);
    }
    expect(harness.counts()).toEqual({ inFlight: 0, streams: 0 });
  });
});

describe('near the limit of connections', () => {
  const REQUEST = (() => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
    const head = ['POST /mcp HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', 'Accept: */*'];
    return `${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  })();

  /** Opens a connection, and leaves it idle. */
  const open = (bytes: string) =>
    new Promise<Socket>((resolve, reject) => {
      const socket = connect(Number(new URL(harness.url).port), '127.0.0.1');
      socket.once('error', reject);
      // The end of an event stream is an empty chunk.
      if (bytes === REQUEST) socket.write(bytes);
      if (bytes === REQUEST) socket.on('data', (chunk) => chunk.toString().endsWith('0\r\n\r\n') && resolve(socket));
      else socket.once('connect', () => socket.write(bytes, () => resolve(socket)));
    });

  test.each([
    ['have been served', REQUEST],
    ['send nothing', ''],
    ['send half a request', 'POST /mcp HTTP/1.1\r\nHost: loc'],
  ])('idle connections that %s are closed, the oldest first, and calls continue', async (_, bytes) => {
    harness = await startHttpHarness({ maxConnections: 40 });
    const call = hang('caller-in-flight-key');
    await expect.poll(() => harness.begun()).toBe(1);
    const closed: number[] = [];
    const sockets: Socket[] = [];
    for (let index = 0; index < 100; index += 1) {
      const socket = await open(bytes);
      socket.once('close', () => closed.push(index)).on('error', () => {});
      sockets.push(socket);
    }
    const health = await send(harness.url.replace('/mcp', '/healthz'), { method: 'GET' });
    expect(health.status).toBe(200);
    expect((await send(harness.url)).status).toBe(200);
    await expect.poll(() => closed.length).toBeGreaterThan(60);
    expect(closed.length).toBeLessThan(70);
    expect(closed.sort((a, b) => a - b)).toEqual(many(closed.length));
    harness.release();
    expect((await call).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  test('health probes and rejections close their connection', async () => {
    harness = await startHttpHarness();
    for (const [path, status] of [
      ['/healthz', 200],
      ['/readyz', 200],
      ['/mcp', 405],
      ['/other', 404],
    ] as const) {
      const reply = await send(harness.url.replace('/mcp', path), { method: 'GET' });
      expect([reply.status, reply.headers.connection]).toEqual([status, 'close']);
    }
  });
});

describe('the server ends a call that passes its deadline', () => {
  useFastTime();
  const toolMs = 200;
  /** A little more than the margin of a call. */
  const LATEST_MS = 5_200 + 1_500;

  test.each([
    ['2025, in its stream', {}, callOf('check_api_key', {}, 7), 200],
    ['2026-07-28, with a status', MODERN, modernCall(7), 504],
  ])('%s', async (_, headers, body, status) => {
    harness = await startHttpHarness({ toolMs });
    const began = performance.now();
    const reply = await send(harness.url, { headers: headers as Record<string, string>, body });
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(5_000);
    expect(took).toBeLessThan(LATEST_MS);
    expect(reply.status).toBe(status);
    expect(reply.message()).toMatchObject({
      id: 7,
      error: { code: -32_603, message: /^Request timed out/, data: { requestId: reply.headers['x-request-id'] } },
    });
    await expect.poll(() => harness.counts().inFlight).toBe(0);
    expect(harness.reports.at(-1)).toMatchObject({ refusal: 'deadline' });
    expect(harness.lines.at(-1)).toMatchObject({ refusal: 'deadline', requestId: reply.headers['x-request-id'] });
  });

  test('a batch, for each of its requests', async () => {
    harness = await startHttpHarness({ toolMs });
    const reply = await send(harness.url, { body: [callOf('check_api_key', {}, 1), callOf('check_api_key', {}, 2)] });
    const ids = [...reply.text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data!).id);
    expect(ids).toEqual([1, 2]);
  });
});

describe('graceful shutdown', () => {
  test('first /readyz fails and new calls get 503, then calls in flight end, then the port closes', async () => {
    harness = await startHttpHarness({ drainMs: 300 });
    const at = (path: string) => send(harness.url.replace('/mcp', path), { method: 'GET' });
    expect((await at('/readyz')).text).toBe('{"status":"ready"}');
    const call = hang('caller-at-work-key');
    await expect.poll(() => harness.begun()).toBe(1);
    let isClosed = false;
    const closed = harness.close().then(() => {
      isClosed = true;
    });
    const ready = await at('/readyz');
    expect([ready.status, ready.text]).toEqual([503, '{"status":"not ready","reason":"stopping"}']);
    expect((await at('/healthz')).status).toBe(200);
    const refused = await send(harness.url);
    expect(refused.status).toBe(503);
    expect(refused.headers).toMatchObject({ 'retry-after': '1', connection: 'close' });
    expect(refused.message().error).toMatchObject({
      code: -32_603,
      message: 'The server is shutting down. Nothing was done. Retry later.',
    });
    await pause(500);
    expect(isClosed).toBe(false);
    // The port is still open, because a call is in flight.
    expect((await at('/readyz')).status).toBe(503);
    harness.release();
    expect((await call).status).toBe(200);
    await closed;
    await expect(at('/readyz')).rejects.toThrow(/ECONNREFUSED|ECONNRESET|hang up/);
  });

  test('without calls in flight the port stays open for the configured time', async () => {
    harness = await startHttpHarness({ drainMs: 400 });
    const began = performance.now();
    await harness.close();
    // A timer may fire a moment early.
    expect(performance.now() - began).toBeGreaterThan(398);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('readiness', () => {
  test('checks HeyReach after a minute without a response, and fails if it does not answer', async () => {
    let probes = 0;
    let answers = true;
    const probe = async () => {
      probes += 1;
      return answers;
    };
    harness = await startHttpHarness({ upstream: { respondedWithin: (ms) => ms > 60_000, checkHealth: probe } });
    const ready = () => send(harness.url.replace('/mcp', '/readyz'), { method: 'GET' });
    expect((await ready()).status).toBe(200);
    answers = false;
    const reply = await ready();
    expect([reply.status, reply.text]).toEqual([503, '{"status":"not ready","reason":"HeyReach does not answer"}']);
    expect(probes).toBe(2);
    // The process is alive, with or without HeyReach.
    expect((await send(harness.url.replace('/mcp', '/healthz'), { method: 'GET' })).status).toBe(200);
  });

  test('health probes are not counted', async () => {
    harness = await startHttpHarness();
    await send(harness.url.replace('/mcp', '/healthz'), { method: 'GET' });
    await send(harness.url);
    await expect.poll(() => harness.reports).toEqual([{ status: 200, refusal: undefined, isStream: false }]);
  });
});

test('an internal error gets a response and a log line', async () => {
  let isBroken = false;
  const { parts } = createServerParts();
  harness = await startHttpHarness({
    serversFor: () => {
      if (isBroken) throw new Error('no such parts');
      return createServerFactory(parts);
    },
  });
  expect((await send(harness.url)).status).toBe(200);
  isBroken = true;
  const reply = await send(harness.url);
  expect(reply.status).toBe(500);
  expect(reply.message().error).toMatchObject({ code: -32_603, message: /Report this as a bug/ });
  expect(harness.lines).toContainEqual(
    expect.objectContaining({ err: 'no such parts', message: 'http request failed' }),
  );
});
