import { afterEach, describe, expect, test } from 'vitest';
import { pause } from '../kit/at-once.ts';
import { type InHouse, partsOfHouse, startInHouse } from '../kit/in-house.ts';
import { callOf, type Reply, send } from '../kit/raw-http.ts';

let house: InHouse;
afterEach(async () => {
  house.letGo();
  await house.close();
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
/** A call that hangs. */
const hang = (key: string, id = 1): Promise<Reply> =>
  send(house.url, { headers: { 'x-api-key': key }, body: callOf('check_api_key', {}, id) });
const many = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('how much may be under way', () => {
  test('64 of one caller; others, what lists and what cancels get in beside them', async () => {
    house = await startInHouse();
    const calls = many(64).map((id) => hang('busy-caller-key', id));
    await expect.poll(() => house.begun()).toBe(64);
    expect(house.counts()).toEqual({ inFlight: 64, streams: 0 });
    const refused = await hang('busy-caller-key', 65);
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.message()).toMatchObject({ id: 65, error: { code: -32_600, message: /64 requests of yours/ } });
    const note = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };
    expect((await send(house.url, { headers: { 'x-api-key': 'busy-caller-key' }, body: note })).status).toBe(202);
    expect((await send(house.url, { headers: { 'x-api-key': 'another-caller-key' } })).status).toBe(200);
    house.letGo();
    for (const { status } of await Promise.all(calls)) expect(status).toBe(200);
    expect(house.counts()).toEqual({ inFlight: 0, streams: 0 });
    expect((await send(house.url, { headers: { 'x-api-key': 'busy-caller-key' } })).status).toBe(200);
    expect(house.lines.filter(({ refusal }) => refusal === 'caller_busy')).toHaveLength(1);
  });

  test('a batch is as many requests as it holds', async () => {
    house = await startInHouse();
    const batch = (count: number) => many(count).map((id) => callOf('check_api_key', {}, id));
    const first = send(house.url, { headers: { 'x-api-key': 'batch-caller-key' }, body: batch(60) });
    await expect.poll(() => house.begun()).toBe(60);
    const second = await send(house.url, { headers: { 'x-api-key': 'batch-caller-key' }, body: batch(5) });
    expect(second.status).toBe(429);
    house.letGo();
    expect((await first).status).toBe(200);
  });

  test('1,000 of all callers', async () => {
    house = await startInHouse();
    const calls = many(1_000).map((index) => hang(`caller-number-${index % 20}`, index));
    await expect.poll(() => house.begun(), { timeout: 15_000 }).toBe(1_000);
    const refused = await hang('one-caller-more');
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.message().error?.message).toBe('The server is busy: 1000 requests are open.');
    house.letGo();
    for (const { status } of await Promise.all(calls)) expect(status).toBe(200);
  });

  test('callers without a key are told apart by their address', async () => {
    house = await startInHouse();
    const calls = many(64).map((id) => send(house.url, { body: callOf('check_api_key', {}, id) }));
    await expect.poll(() => house.begun()).toBe(64);
    expect((await send(house.url)).status).toBe(429);
    house.letGo();
    await Promise.all(calls);
  });
});

describe('what a call does not end, the server does', () => {
  const toolMs = 200;
  /** A little more than the margin that a call has. */
  const LATEST_MS = 5_200 + 1_500;

  test.each([
    ['2025, in its stream', {}, callOf('check_api_key', {}, 7), 200],
    ['2026-07-28, with a status', MODERN, modernCall(7), 504],
  ])('%s', async (_, headers, body, status) => {
    house = await startInHouse({ toolMs });
    const began = performance.now();
    const reply = await send(house.url, { headers: headers as Record<string, string>, body });
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(5_000);
    expect(took).toBeLessThan(LATEST_MS);
    expect(reply.status).toBe(status);
    expect(reply.message()).toMatchObject({
      id: 7,
      error: { code: -32_603, message: /did not finish/, data: { requestId: reply.headers['x-request-id'] } },
    });
    await expect.poll(() => house.counts().inFlight).toBe(0);
    expect(house.reports.at(-1)).toMatchObject({ refusal: 'deadline' });
    expect(house.lines.at(-1)).toMatchObject({ refusal: 'deadline', requestId: reply.headers['x-request-id'] });
  });

  test('a batch, each of its requests', async () => {
    house = await startInHouse({ toolMs });
    const reply = await send(house.url, { body: [callOf('check_api_key', {}, 1), callOf('check_api_key', {}, 2)] });
    const ids = [...reply.text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data!).id);
    expect(ids).toEqual([1, 2]);
  });
});

describe('a stop', () => {
  test('first /readyz fails and new calls get 503, then what is under way ends, then the door closes', async () => {
    house = await startInHouse({ drainMs: 300 });
    const at = (path: string) => send(house.url.replace('/mcp', path), { method: 'GET' });
    expect((await at('/readyz')).text).toBe('{"status":"ready"}');
    const call = hang('caller-at-work-key');
    await expect.poll(() => house.begun()).toBe(1);
    let isClosed = false;
    const closed = house.close().then(() => {
      isClosed = true;
    });
    const ready = await at('/readyz');
    expect([ready.status, ready.text]).toEqual([503, '{"status":"not ready","reason":"stopping"}']);
    expect((await at('/healthz')).status).toBe(200);
    const refused = await send(house.url);
    expect(refused.status).toBe(503);
    expect(refused.headers).toMatchObject({ 'retry-after': '1', connection: 'close' });
    expect(refused.message().error).toMatchObject({ code: -32_603, message: 'The server is stopping.' });
    await pause(500);
    expect(isClosed).toBe(false);
    // The door is still open: somebody is at work.
    expect((await at('/readyz')).status).toBe(503);
    house.letGo();
    expect((await call).status).toBe(200);
    await closed;
    await expect(at('/readyz')).rejects.toThrow(/ECONNREFUSED|ECONNRESET|hang up/);
  });

  test('with nothing under way the door stays open for the time it was given, and no longer', async () => {
    house = await startInHouse({ drainMs: 400 });
    const began = performance.now();
    await house.close();
    expect(performance.now() - began).toBeGreaterThanOrEqual(400);
    expect(performance.now() - began).toBeLessThan(1_500);
  });
});

describe('readiness', () => {
  test('asks HeyReach where it has been silent, and says so where it stays so', async () => {
    let probes = 0;
    let answers = true;
    const probe = async () => {
      probes += 1;
      return answers;
    };
    house = await startInHouse({ upstream: { answeredWithin: (ms) => ms > 60_000, probe } });
    const ready = () => send(house.url.replace('/mcp', '/readyz'), { method: 'GET' });
    expect((await ready()).status).toBe(200);
    answers = false;
    const reply = await ready();
    expect([reply.status, reply.text]).toEqual([503, '{"status":"not ready","reason":"HeyReach does not answer"}']);
    expect(probes).toBe(2);
    // It is not for want of HeyReach that the process would be alive.
    expect((await send(house.url.replace('/mcp', '/healthz'), { method: 'GET' })).status).toBe(200);
  });

  test('is nobody to be counted', async () => {
    house = await startInHouse();
    await send(house.url.replace('/mcp', '/healthz'), { method: 'GET' });
    await send(house.url);
    await expect.poll(() => house.reports).toEqual([{ status: 200, refusal: undefined, isStream: false }]);
  });
});

test('a defect of ours is answered and told', async () => {
  let isBroken = false;
  const { parts } = partsOfHouse();
  house = await startInHouse({
    partsFor: () => {
      if (isBroken) throw new Error('no such parts');
      return parts;
    },
  });
  expect((await send(house.url)).status).toBe(200);
  isBroken = true;
  const reply = await send(house.url);
  expect(reply.status).toBe(500);
  expect(reply.message().error).toMatchObject({ code: -32_603, message: /Report it as a defect/ });
  expect(house.lines).toContainEqual(
    expect.objectContaining({ err: 'no such parts', message: 'http request broke off' }),
  );
});
