import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { HeyReachConnection } from '../../src/client/index.ts';
import { ownKeys } from '../../src/front-door/access.ts';
import { pause } from '../kit/at-once.ts';
import { startStub } from '../kit/heyreach-stub.ts';
import { type InHouse, startInHouse } from '../kit/in-house.ts';
import { callOf, send } from '../kit/raw-http.ts';

let house: InHouse;
const sockets: Talk[] = [];
afterEach(async () => {
  for (const { socket } of sockets.splice(0)) socket.destroy();
  house.letGo();
  await house.close();
});

interface Talk {
  socket: Socket;
  answered(): string;
  closed: Promise<void>;
}

/** A connection of its own, on which a test writes bytes. */
function open(): Talk {
  const socket = connect(Number(new URL(house.url).port), '127.0.0.1');
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
/** A request that has said what it will send, and sends a byte of it. */
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

describe('answers behind others on one connection', () => {
  test('a stream whose caller is not let in any more ends, and nothing breaks', async () => {
    let isIn = true;
    const access = {
      ...ownKeys(() => undefined as never),
      admit: () => ({ name: 'somebody', client: undefined }),
      isStillIn: () => isIn,
    };
    house = await startInHouse({ access });
    const { socket, answered } = open();
    socket.write(written(callOf('check_api_key', {}, 1)));
    await expect.poll(() => house.begun()).toBe(1);
    socket.write(written(LISTEN.body, LISTEN.headers));
    await expect.poll(() => house.counts().streams).toBe(1);
    isIn = false;
    house.endStale();
    await expect.poll(() => house.counts().streams).toBe(0);
    // The SDK's next word to a stream comes after fifteen seconds; that it has given it up shows in the count above.
    house.letGo();
    await expect.poll(answered).toContain('"id":1');
    expect((await send(house.url)).status).toBe(200);
  });

  test('calls that take too long end, each with its error', async () => {
    house = await startInHouse({ toolMs: 200 });
    const { socket, answered } = open();
    socket.write(written(callOf('check_api_key', {}, 1)) + written(callOf('check_api_key', {}, 2)));
    await expect.poll(() => house.begun()).toBe(2);
    const errors = () => [...answered().matchAll(/"id":(\d),"error":\{"code":-32603/g)].map(([, id]) => id);
    await expect.poll(errors, { timeout: 8_000 }).toEqual(['1', '2']);
    await expect.poll(() => house.counts().inFlight).toBe(0);
  });

  test('rubbish behind a call is not taken for its answer', async () => {
    house = await startInHouse();
    const { socket, answered, closed } = open();
    socket.write(written(MODERN_CALL.body, MODERN_CALL.headers));
    await expect.poll(() => house.begun()).toBe(1);
    socket.write('rubbish\r\n\r\n');
    await closed;
    expect(answered()).toBe('');
    await expect.poll(() => house.counts().inFlight).toBe(0);
  });
});

describe('who keeps others out', () => {
  test('with bodies that do not come loses the place to who comes', async () => {
    house = await startInHouse();
    const slow = Array.from({ length: 1_000 }, (_, index) => {
      const talk = open();
      talk.socket.write(unfinished(`made-up-key-${index % 16}`));
      return talk;
    });
    const sentAway = () => slow.filter(({ answered }) => answered().includes('408 Request Timeout')).length;
    // As soon as all places are taken, whoever comes takes one of theirs.
    const come = async () => {
      expect((await send(house.url, { headers: { 'x-api-key': 'honest-caller-key' } })).status).toBe(200);
      return sentAway();
    };
    await expect.poll(come, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(house.lines).toContainEqual(expect.objectContaining({ status: 408, refusal: 'slow_client' }));
  });

  test('with a body of another type is turned away before it is written', async () => {
    house = await startInHouse();
    const { socket, answered } = open();
    socket.write(`${HEAD.replace('application/json', 'text/plain')}${TYPES}content-length: 1000000\r\n\r\nx`);
    await expect.poll(answered).toMatch(/^HTTP\/1\.1 415 /);
  });

  test('with streams for made-up keys gets none', async () => {
    const stub = await startStub();
    stub.answer(({ headers }) => ({ status: headers['x-api-key']?.startsWith('made-up') ? 401 : 200 }));
    const connection = new HeyReachConnection({ origin: stub.url });
    house = await startInHouse({ access: ownKeys((key) => connection.clientFor(key)) });
    const listen = (key: string) => {
      const { socket, answered } = open();
      socket.write(written(LISTEN.body, { ...LISTEN.headers, 'x-api-key': key }));
      return answered;
    };
    const refused = listen('made-up-key-1');
    await expect.poll(refused).toMatch(/^HTTP\/1\.1 401 /);
    expect(refused()).toMatch(/"id":9,"error":\{"code":-32600,"message":"HeyReach does not take this key/);
    const kept = listen('honest-caller-key');
    await expect.poll(kept).toContain('notifications/subscriptions/acknowledged');
    const checks = () => stub.requests.filter(({ path }) => path.endsWith('/CheckApiKey')).length;
    expect(checks()).toBe(2);
    // A key that is known is not asked about again.
    await expect.poll(listen('honest-caller-key')).toContain('notifications/subscriptions/acknowledged');
    expect(checks()).toBe(2);
    expect(house.counts().streams).toBe(2);
    // Where HeyReach says neither yes nor no, an honest caller is not sent away.
    stub.answer(() => ({ status: 503 }));
    await expect.poll(listen('another-honest-key')).toContain('notifications/subscriptions/acknowledged');
    await connection.close();
    await stub.close();
  });

  test('with a batch of more than may be under way is told how many do', async () => {
    house = await startInHouse();
    const batch = Array.from({ length: 65 }, (_, id) => callOf('check_api_key', {}, id));
    const reply = await send(house.url, { body: batch });
    expect([reply.status, reply.message().error?.message]).toEqual([
      400,
      'A batch holds at most 64 requests; send several.',
    ]);
    expect(house.begun()).toBe(0);
  });
});

describe('a stop', () => {
  test.each([
    ['a body that does not come', unfinished('somebody-slow-key'), /^HTTP\/1\.1 503 /],
    ['headers that do not come', HEAD, /^$/],
    [
      'headers that do not come behind a request',
      `${written({ jsonrpc: '2.0', id: 1, method: 'ping' })}${HEAD}`,
      /^HTTP\/1\.1 200 /,
    ],
  ])('is not held up by %s', async (_, bytes, answer) => {
    house = await startInHouse();
    const talk = open();
    talk.socket.write(bytes);
    await pause(300);
    const began = performance.now();
    await house.close();
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(talk.answered()).toMatch(answer);
  });

  test('begins no call whose body came after it', async () => {
    house = await startInHouse({ drainMs: 1_000 });
    const body = JSON.stringify(callOf('check_api_key'));
    const { socket, answered } = open();
    socket.write(`${HEAD}${TYPES}content-length: ${body.length}\r\n\r\n${body.slice(0, 10)}`);
    await pause(200);
    const closed = house.close();
    socket.write(body.slice(10));
    await closed;
    expect(answered()).toMatch(/^HTTP\/1\.1 503 [\s\S]*The server is stopping/);
    expect(house.begun()).toBe(0);
  });
});
