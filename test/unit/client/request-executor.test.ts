import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { inFastTime } from '../../support/runs/fast-time.ts';
import { type Act, CLASSES, call, cutOff, makeExecutor, say, server, useServer } from './executors.ts';
import { answer, startRawServer } from './raw-server.ts';

useServer();

/** What a server does, how many requests a call of each retry class sends, and the error of the call. */
const WAYS_TO_FAIL: [string, Act, [safe: number, same: number, once: number], object][] = [
  [
    'a 500',
    say(answer(500, '{"errorMessage":"It broke"}')),
    [3, 3, 1],
    { kind: 'server_error', status: 500, outcome: 'unknown', message: 'It broke' },
  ],
  ['a 503', say(answer(503)), [3, 3, 1], { kind: 'server_error', status: 503, outcome: 'unknown' }],
  [
    'a reset before the headers',
    (socket) => socket.resetAndDestroy(),
    [3, 3, 1],
    { kind: 'connection', status: undefined, outcome: 'unknown' },
  ],
  ['a closed connection', (socket) => socket.end(), [3, 3, 1], { kind: 'connection', outcome: 'unknown' }],
  ['a reset in the body', cutOff, [3, 3, 1], { kind: 'connection', outcome: 'unknown' }],
  ['silence', () => {}, [3, 3, 1], { kind: 'timeout', status: undefined, outcome: 'unknown' }],
  [
    'a body that never ends',
    say('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"id":1,'),
    [3, 3, 1],
    { kind: 'timeout', outcome: 'unknown' },
  ],
  ['garbage instead of HTTP', say('\u0000\u0001 hello\r\n\r\n'), [3, 3, 1], { kind: 'connection', outcome: 'unknown' }],
  [
    'JSON that is cut off',
    say(answer(200, '{"id":1,"items":[')),
    [1, 1, 1],
    { kind: 'unreadable_answer', status: 200, outcome: 'unknown' },
  ],
  [
    'a list instead of an object',
    say(answer(200, '[1,2]')),
    [1, 1, 1],
    { kind: 'unreadable_answer', status: 200, outcome: 'unknown' },
  ],
  ['null instead of an object', say(answer(200, 'null')), [1, 1, 1], { kind: 'unreadable_answer', outcome: 'unknown' }],
  ['a page instead of JSON', say(answer(200, '<html>hi</html>')), [1, 1, 1], { kind: 'unreadable_answer' }],
  ['an empty 200', say(answer(200)), [1, 1, 1], { kind: 'unreadable_answer', status: 200, outcome: 'unknown' }],
  [
    'a 401 in plain text',
    say(answer(401, 'Invalid API key')),
    [1, 1, 1],
    { kind: 'unauthorized', status: 401, outcome: 'refused', message: 'Invalid API key' },
  ],
  [
    'a 400',
    say(answer(400, '{"errorMessage":"You cannot pause an inactive campaign"}')),
    [1, 1, 1],
    { kind: 'bad_request', outcome: 'refused', message: 'You cannot pause an inactive campaign' },
  ],
  ['a 404 without a body', say(answer(404)), [1, 1, 1], { kind: 'not_found', status: 404, outcome: 'refused' }],
  ['a 415', say(answer(415)), [1, 1, 1], { kind: 'bad_request', status: 415, outcome: 'refused' }],
];

describe('the number of requests, and the error of the call', () => {
  for (const [what, act, requests, told] of WAYS_TO_FAIL) {
    test.each(CLASSES.map((retry, index) => ({ retry, times: requests[index] })))(
      `${what}: $times for $retry`,
      async ({ retry, times }) => {
        server.behave(act);
        // Only a missing response must reach its timeout. The other cases may take longer on a busy machine.
        const isEndless = 'kind' in told && told.kind === 'timeout';
        const { executor } = makeExecutor({ timeoutMs: isEndless ? 1_500 : 5_000 });
        const { error, attempts } = await (isEndless ? inFastTime(() => call(executor, retry)) : call(executor, retry));
        // A rejected repetition of a read cannot hide an earlier success.
        const afterUnclearAttempt = times === 3 && retry !== 'safe';
        expect(error).toMatchObject({ ...told, inFlight: false, afterUnclearAttempt });
        expect(server.requests).toHaveLength(times ?? 0);
        expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3].slice(0, times));
      },
    );
  }

  test.each(CLASSES)('a refused connection: three attempts for %s, none of them sent', async (retry) => {
    await server.close();
    const { error, attempts } = await call(makeExecutor().executor, retry);
    expect(error).toMatchObject({ kind: 'connection', outcome: 'not_sent', inFlight: false });
    expect(attempts.map(({ ended }) => ended)).toEqual(['refused', 'refused', 'refused']);
  });

  test.each([
    ['safe', 3],
    ['idempotent', 3],
    ['never', 1],
  ] as const)('an unknown host name: %s tries %d times, and sends nothing', async (retry, times) => {
    const { executor } = makeExecutor({ origin: 'http://api.heyreach.invalid' });
    const { error, attempts } = await call(executor, retry);
    expect(error).toMatchObject({ kind: 'connection', outcome: 'not_sent' });
    expect(attempts.map(({ ended }) => ended)).toEqual(Array.from({ length: times }, () => 'dns'));
  });

  test.each([
    ['safe', 3],
    ['idempotent', 3],
    ['never', 1],
  ] as const)('a server without TLS: %s tries %d times, and sends nothing', async (retry, times) => {
    const plain = createServer((socket) => socket.on('error', () => {}).end(answer(400)));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { executor } = makeExecutor({ origin: `https://127.0.0.1:${(plain.address() as AddressInfo).port}` });
    const { error, attempts } = await call(executor, retry);
    expect(error).toMatchObject({ kind: 'connection', outcome: 'not_sent' });
    expect(attempts.map(({ ended }) => ended)).toEqual(Array.from({ length: times }, () => 'tls'));
    plain.close();
  });

  test.each(CLASSES)('a body over 16 MiB: one request for %s, and reading stops', async (retry) => {
    const size = 17 * 1024 * 1024;
    server.behave((socket) => {
      socket.write(answer(200, '', { 'content-length': String(size) }));
      socket.write(Buffer.alloc(size, ' '));
    });
    const { error } = await call(makeExecutor().executor, retry);
    expect(error).toMatchObject({ kind: 'unreadable_answer', outcome: 'unknown' });
    expect(error?.message).toContain('16 MiB');
    expect(server.requests).toHaveLength(1);
  });

  test('a body of exactly 16 MiB is read', async () => {
    const text = 'x'.repeat(16 * 1024 * 1024 - 11);
    server.behave(say(answer(200, `{"text":"${text}"}`)));
    const { answer: body } = await call(makeExecutor().executor, 'safe');
    expect(body).toEqual({ text });
  });

  test.each(CLASSES)('%s follows no redirect: the other host gets no request', async (retry) => {
    const other = await startRawServer();
    server.behave(say(answer(302, '', { location: `${other.url}/api/public/made/Up` })));
    const { error } = await call(makeExecutor().executor, retry);
    expect(error).toMatchObject({ kind: 'redirect', status: 302, outcome: 'refused' });
    expect(error?.message).not.toContain(other.url);
    expect(server.requests).toHaveLength(1);
    expect(other.connections()).toBe(0);
    await other.close();
  });

  test('an attempt of `safe` and `idempotent` has 20 s, of `never` 90 s', async () => {
    server.behave(say(answer(200, '{}')));
    const { executor, askedTimeouts } = makeExecutor();
    for (const retry of CLASSES) await call(executor, retry);
    expect(askedTimeouts).toEqual([20_000, 20_000, 90_000]);
  });

  test('the arguments can turn an idempotent operation into a never-retried call', async () => {
    server.behave(say(answer(500)));
    await call(makeExecutor().executor, 'idempotent', { retry: 'never' });
    expect(server.requests).toHaveLength(1);
  });

  test('the result of a successful second attempt is returned', async () => {
    server.behave((socket, index) => socket.write(index === 0 ? answer(502) : answer(200, '{"id":7}')));
    expect(await call(makeExecutor().executor, 'safe')).toMatchObject({ answer: { id: 7 } });
    expect(server.requests).toHaveLength(2);
  });
});
