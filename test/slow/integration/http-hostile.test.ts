import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { type Authenticator, callerKeys } from '../../../src/auth/authenticator.ts';
import { HeyReachConnection } from '../../../src/client/index.ts';
import { callOf, send } from '../../support/clients/raw-http.ts';
import { startStub } from '../../support/heyreach/heyreach-stub.ts';
import { type HttpHarness, startHttpHarness } from '../../support/programs/http-harness.ts';

let harness: HttpHarness;
const sockets: Talk[] = [];
afterEach(async () => {
  for (const { socket } of sockets.splice(0)) socket.destroy();
  harness.release();
  await harness.close();
});

interface Talk {
  socket: Socket;
  answered(): string;
  closed: Promise<void>;
}

/** A connection of its own, on which a test writes bytes. */
function open(): Talk {
  const socket = connect(Number(new URL(harness.url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const talk = { socket, answered: () => text, closed };
  sockets.push(talk);
  return talk;
}

const HEAD = 'POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
const TYPES = 'accept: application/json, text/event-stream\r\n';
const written = (message: object, headers: Record<string, string> = {}) => {
  const body = JSON.stringify(message);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${HEAD}${TYPES}${lines.join('')}content-length: ${body.length}\r\n\r\n${body}`;
};
/** A request with complete headers, and one byte of its body. */
const unfinished = (key: string) => `${HEAD}${TYPES}x-api-key: ${key}\r\ncontent-length: 1000\r\n\r\n{`;
const modern = (method: string, params: object, name?: string) => {
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const headers: Record<string, string> = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method };
  if (name !== undefined) headers['mcp-name'] = name;
  return { headers, body: { jsonrpc: '2.0', id: 9, method, params: { ...params, _meta: envelope } } };
};
const MODERN_CALL = modern('tools/call', { name: 'check_api_key', arguments: {} }, 'check_api_key');
const LISTEN = modern('subscriptions/listen', { notifications: { resourcesListChanged: true } });

describe('pipelined responses', () => {
  test('a stream with a revoked token ends, and the other responses arrive', async () => {
    let isValid = true;
    const authenticator: Authenticator = {
      authenticate: () => ({ name: 'token ann', client: undefined }),
      isStillValid: () => isValid,
    };
    harness = await startHttpHarness({ authenticator });
    const { socket, answered } = open();
    socket.write(written(callOf('check_api_key', {}, 1)));
    await expect.poll(() => harness.begun()).toBe(1);
    socket.write(written(LISTEN.body, LISTEN.headers));
    await expect.poll(() => harness.counts().streams).toBe(1);
    isValid = false;
    harness.endRevokedStreams();
    await expect.poll(() => harness.counts().streams).toBe(0);
    // The count above shows that the SDK has closed the stream. Its next keep-alive would come after 15 s.
    harness.release();
    await expect.poll(answered).toContain('"id":1');
    expect((await send(harness.url)).status).toBe(200);
  });

  test('calls that exceed their deadline end, each with its own error', async () => {
    harness = await startHttpHarness({ toolMs: 200 });
    const { socket, answered } = open();
    socket.write(written(callOf('check_api_key', {}, 1)) + written(callOf('check_api_key', {}, 2)));
    await expect.poll(() => harness.begun()).toBe(2);
    const errors = () => [...answered().matchAll(/"id":(\d),"error":\{"code":-32603/g)].map(([, id]) => id);
    await expect.poll(errors, { timeout: 14_000 }).toEqual(['1', '2']);
    await expect.poll(() => harness.counts().inFlight).toBe(0);
  });

  test('invalid bytes behind a call get no response that a client could take for the response to the call', async () => {
    harness = await startHttpHarness();
    const { socket, answered, closed } = open();
    socket.write(written(MODERN_CALL.body, MODERN_CALL.headers));
    await expect.poll(() => harness.begun()).toBe(1);
    socket.write('rubbish\r\n\r\n');
    await closed;
    expect(answered()).toBe('');
    await expect.poll(() => harness.counts().inFlight).toBe(0);
  });
});

describe('a client that uses up slots', () => {
  test('a client with unfinished uploads loses its slots to new requests', async () => {
    harness = await startHttpHarness();
    const slow = Array.from({ length: 1_000 }, (_, index) => {
      const talk = open();
      talk.socket.write(unfinished(`made-up-key-${index % 16}`));
      return talk;
    });
    const sentAway = () => slow.filter(({ answered }) => answered().includes('408 Request Timeout')).length;
    // Once all slots are in use, a new request gets one of them.
    const come = async () => {
      expect((await send(harness.url, { headers: { 'x-api-key': 'honest-caller-key' } })).status).toBe(200);
      return sentAway();
    };
    await expect.poll(come).toBeGreaterThan(0);
    expect(harness.lines).toContainEqual(expect.objectContaining({ status: 408, refusal: 'slow_client' }));
  });

  test('a client with a body of another type is rejected before the upload', async () => {
    harness = await startHttpHarness();
    const { socket, answered } = open();
    socket.write(`${HEAD.replace('application/json', 'text/plain')}${TYPES}content-length: 1000000\r\n\r\nx`);
    await expect.poll(answered).toMatch(/^HTTP\/1\.1 415 /);
  });

  test('a client with invalid keys gets no stream', async () => {
    const stub = await startStub();
    stub.answer(({ headers }) => ({ status: headers['x-api-key']?.startsWith('made-up') ? 401 : 200 }));
    const connection = new HeyReachConnection({ origin: stub.url });
    harness = await startHttpHarness({ authenticator: callerKeys((key) => connection.clientFor(key)) });
    const listen = (key: string) => {
      const { socket, answered } = open();
      socket.write(written(LISTEN.body, { ...LISTEN.headers, 'x-api-key': key }));
      return answered;
    };
    const refused = listen('made-up-key-1');
    await expect.poll(refused).toMatch(/^HTTP\/1\.1 401 /);
    expect(refused()).toMatch(/"id":9,"error":\{"code":-32600,"message":"HeyReach rejects this key/);
    const accepted = listen('honest-caller-key');
    await expect.poll(accepted).toContain('notifications/subscriptions/acknowledged');
    const checks = () => stub.requests.filter(({ path }) => path.endsWith('/CheckApiKey')).length;
    expect(checks()).toBe(2);
    // The key is in the cache, so the server does not check it again.
    await expect.poll(listen('honest-caller-key')).toContain('notifications/subscriptions/acknowledged');
    expect(checks()).toBe(2);
    expect(harness.counts().streams).toBe(2);
    // If HeyReach neither accepts nor rejects the key, the caller is accepted.
    stub.answer(() => ({ status: 503 }));
    await expect.poll(listen('another-honest-key')).toContain('notifications/subscriptions/acknowledged');
    await connection.close();
    await stub.close();
  });

  test('the error for a batch above the limit contains the limit', async () => {
    harness = await startHttpHarness();
    const batch = Array.from({ length: 65 }, (_, id) => callOf('check_api_key', {}, id));
    const reply = await send(harness.url, { body: batch });
    expect([reply.status, reply.message().error?.message]).toEqual([
      400,
      'The batch holds more than 64 messages. Nothing was done. Send several smaller batches.',
    ]);
    expect(harness.begun()).toBe(0);
  });
});

describe('a shutdown', () => {
  /** Resolves when the server has read the bytes, which its answer to a later request shows. */
  const arrived = async (socket: Talk['socket'], bytes: string) => {
    await new Promise((resolve) => socket.write(bytes, resolve));
    await send(harness.url);
  };

  test.each([
    ['a missing body', unfinished('somebody-slow-key'), /^HTTP\/1\.1 503 /],
    ['incomplete headers', HEAD, /^$/],
    [
      'incomplete headers behind a request',
      `${written({ jsonrpc: '2.0', id: 1, method: 'ping' })}${HEAD}`,
      /^HTTP\/1\.1 200 /,
    ],
  ])('is not delayed by %s', async (_, bytes, answer) => {
    harness = await startHttpHarness();
    const talk = open();
    await arrived(talk.socket, bytes);
    if (answer.source.includes('200')) await expect.poll(talk.answered).toMatch(answer);
    const began = performance.now();
    await harness.close();
    // Less than any other limit of a connection.
    expect(performance.now() - began).toBeLessThan(4_500);
    expect(talk.answered()).toMatch(answer);
  });

  test('starts no call whose upload ends during the shutdown', async () => {
    harness = await startHttpHarness({ drainMs: 1_000 });
    const body = JSON.stringify(callOf('check_api_key'));
    const { socket, answered } = open();
    await arrived(socket, `${HEAD}${TYPES}content-length: ${body.length}\r\n\r\n${body.slice(0, 10)}`);
    const closed = harness.close();
    socket.write(body.slice(10));
    await closed;
    expect(answered()).toMatch(/^HTTP\/1\.1 503 [\s\S]*The server is shutting down/);
    expect(harness.begun()).toBe(0);
  });
});
