import { createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type Act, BEGUN, say, startFaulty } from '../../support/heyreach/fault-injection.ts';
import {
  CALLS,
  callAlone,
  callTool,
  RETRY_CLASSES,
  startBefore,
} from '../../support/heyreach/fault-injection-calls.ts';
import { answer, startRawServer } from '../../unit/client/raw-server.ts';

/** A valid response for each of the three calls. */
const GOOD = '{"id":7,"name":"Made by a test","totalCount":0,"items":[],"newAssignedTags":[]}';
const PACKED = gzipSync(GOOD);
const BOMB = gzipSync(Buffer.alloc(30_000_000, ' '));
const gzipped = (body: Buffer) =>
  say(
    Buffer.concat([
      Buffer.from(answer(200, '', { 'content-encoding': 'gzip', 'content-length': `${body.length}` })),
      body,
    ]),
  );
const withLength = (...lengths: (number | string)[]) =>
  say(`HTTP/1.1 200 OK\r\n${lengths.map((length) => `content-length: ${length}\r\n`).join('')}\r\n${GOOD}`);
const chunked = (size: string) =>
  say(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${size}\r\n${GOOD}\r\n0\r\n\r\n`);
const CHUNK = GOOD.length.toString(16);
/** Rejects the request, and breaks the connection in the error body. */
const refuseAndBreak: Act = (socket) => {
  socket.write(answer(401, '', { 'content-length': '100' }));
  setTimeout(() => socket.resetAndDestroy(), 20);
};
const BIG = 20_000_000;

const DONE = 'done';
const NO_HTTP = 'unknown connection: the response could not be read as HTTP';
const BROKE = 'unknown connection: the connection broke';
const TOO_LARGE = 'unknown unreadable_answer: the response was larger than 16 MiB';

/** The number of requests of a `safe`, a `same` and a `once` call, and their outcomes. */
const ODD: [what: string, act: Act, requests: string, told: string, seconds?: number][] = [
  ['a page that is JSON', say(answer(200, GOOD, { 'content-type': 'text/html' })), '1 1 1', DONE],
  ['a byte order mark', say(answer(200, `\ufeff${GOOD}`)), '1 1 1', DONE],
  ['no content', say('HTTP/1.1 204 No Content\r\n\r\n'), '1 1 1', 'unknown done unknown'],
  ['unrequested gzip', gzipped(PACKED), '1 1 1', DONE],
  ['invalid gzip', gzipped(Buffer.from(GOOD)), '1 1 1', DONE],
  ['gzip cut off', gzipped(PACKED.subarray(0, 40)), '1 1 1', 'unknown unreadable_answer: HTTP 200, but'],
  ['gzip of 30 MB', gzipped(BOMB), '1 1 1', TOO_LARGE],
  ['chunks', chunked(CHUNK), '1 1 1', DONE],
  ['a chunk without a valid size', chunked('zz'), '3 3 1', NO_HTTP],
  ['a body that ends with the connection', (socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${GOOD}`), '1 1 1', DONE],
  ['two lengths', withLength(GOOD.length, 5), '3 3 1', NO_HTTP],
  ['a length below zero', withLength(-1), '3 3 1', NO_HTTP],
  ['a length that is too large for a number', withLength('9'.repeat(30)), '3 3 1', NO_HTTP],
  ['a length of petabytes', withLength(9e15), '1 1 1', TOO_LARGE],
  ['headers of 100 kB', say(answer(200, GOOD, { 'x-long': 'a'.repeat(100_000) })), '3 3 1', NO_HTTP],
  ['a 103 first', say(`HTTP/1.1 103 Early Hints\r\n\r\n${answer(200, GOOD)}`), '1 1 1', DONE],
  ['a 102 first', say(`HTTP/1.1 102 Processing\r\n\r\n${answer(200, GOOD)}`), '1 1 1', DONE],
  // undici treats it as a missing response, although HTTP would allow a client to skip it.
  ['an unrequested 100', say(`HTTP/1.1 100 Continue\r\n\r\n${answer(200, GOOD)}`), '3 3 1', BROKE],
  ['another protocol', say(`HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\n\r\n`), '3 3 1', BROKE],
  ['more bytes than announced', say(`${answer(200, GOOD)}and more`), '1 1 1', DONE],
  ['a second response', say(answer(200, GOOD) + answer(500, 'It broke')), '1 1 1', DONE],
  ['an incomplete rejection', refuseAndBreak, '1 1 1', 'refused unauthorized: HTTP 401 without an explanation'],
  [
    'a 429 with an incomplete body',
    say(BEGUN.replace('200 OK', '429 Slow')),
    '1 1 1',
    'refused rate_limited: HTTP 429',
    10,
  ],
  ['a 404 of 20 MB', say(answer(404, 'x'.repeat(BIG))), '1 1 1', 'refused not_found: HTTP 404 without an explanation'],
  [
    'a 429, then a success',
    (socket, index) => socket.write(index === 0 ? tooMany() : answer(200, GOOD)),
    '2 2 2',
    DONE,
  ],
  [
    'a 500, then a success',
    (socket, index) => socket.write(answer(index === 0 ? 500 : 200, GOOD)),
    '2 2 1',
    'done done unknown',
  ],
];

function tooMany() {
  return answer(429, 'Slow down', { 'retry-after': '1' });
}

describe.concurrent('unusual responses of HeyReach, in a fresh process', { timeout: 60_000 }, () => {
  test.each(ODD.flatMap((row) => RETRY_CLASSES.map((retryClass, index) => [row[0], retryClass, row, index] as const)))(
    '%s: %s',
    async (_what, retryClass, [, act, requests, told, seconds], index) => {
      const { error, ...call } = await callAlone(await startFaulty(act), retryClass, seconds);
      const summary = error === undefined ? DONE : `${error.outcome} ${error.kind}: ${error.message}`;
      if (/^\w+ done /.test(told)) expect(summary).toMatch(new RegExp(`^${told.split(' ')[index]}`));
      else expect(summary.slice(0, told.length)).toBe(told);
      expect(call.requests).toBe(Number(requests.split(' ')[index]));
      expect(call.attempts).toHaveLength(call.requests);
    },
  );

  test.each(RETRY_CLASSES)(
    'a permanent 429: a %s call ends in time as refused, after few requests',
    async (retryClass) => {
      const { error, requests, ms } = await callAlone(await startFaulty(say(tooMany())), retryClass, 12);
      expect(error).toMatchObject({ kind: 'rate_limited', status: 429, outcome: 'refused', message: 'Slow down' });
      expect(error).toMatchObject({ retryAfterSeconds: 1, nextStep: 'Try again in 1 s.' });
      expect(requests).toBeGreaterThan(1);
      expect(requests).toBeLessThanOrEqual(11);
      expect(ms).toBeLessThan(18_000);
    },
  );

  test.each([
    ['safe', 3],
    ['idempotent', 3],
    ['never', 1],
  ] as const)(
    'a connection closed as soon as it is established: %s, %d times, and unknown',
    async (retryClass, times) => {
      let connections = 0;
      const server = createServer((socket) => {
        connections += 1;
        socket.on('error', () => {}).end();
      });
      await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      const close = async () => void server.close();
      const heyreach = { url: `http://127.0.0.1:${port}`, requests: () => connections, close };
      const { error, requests } = await callAlone(heyreach, retryClass);
      expect(error).toMatchObject({ kind: 'connection', outcome: 'unknown' });
      expect(requests).toBe(times);
    },
  );
});

describe('a kept-alive connection that HeyReach closes', () => {
  /**
   * A HeyReach that answers the first request of every connection. @param then what it does to the connection
   * afterwards.
   */
  async function onSingleUse(then: (socket: Socket) => void, onReuse: (socket: Socket) => void) {
    const server = await startRawServer();
    const used = new Map<Socket, number>();
    server.behave((socket) => {
      used.set(socket, (used.get(socket) ?? 0) + 1);
      if (used.get(socket) !== 1) return onReuse(socket);
      socket.write(answer(200, GOOD));
      then(socket);
    });
    const peer = await startBefore(server.url);
    const count = (path: string) => server.requests.filter((request) => request.path.endsWith(path)).length;
    const close = () => server.close().then(() => peer.close());
    return { peer, count, reused: () => [...used.values()].filter((times) => times > 1).length, close };
  }
  const ROUNDS = 5;

  test('when HeyReach closes it during the next request, a repeatable call is retried, and other calls use another connection', async () => {
    const { peer, count, reused, close } = await onSingleUse(
      () => {},
      (socket) => socket.destroy(),
    );
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const retryClass of ['safe', 'idempotent', 'never'] as const) {
        const { error } = await callTool(peer, CALLS[retryClass]);
        expect(error).toBeUndefined();
      }
    }
    // A read, then a write on its connection, and so on: every second request meets a closed connection.
    expect(reused()).toBeGreaterThanOrEqual(ROUNDS);
    expect(count('/CreateEmptyList')).toBe(ROUNDS);
    expect(count('/AddTags')).toBeGreaterThan(ROUNDS);
    await close();
  });

  test('shortly after its response: has no effect', async () => {
    const { peer, count, close } = await onSingleUse(
      (socket) => socket.end(),
      () => {},
    );
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const retryClass of RETRY_CLASSES) expect((await callTool(peer, CALLS[retryClass])).error).toBeUndefined();
    }
    expect(count('/CreateEmptyList')).toBe(ROUNDS);
    await close();
  });
});
