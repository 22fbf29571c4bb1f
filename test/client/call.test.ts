import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Breaker } from '../../src/client/breaker.ts';
import { type AttemptReport, type CallOptions, OperationCaller } from '../../src/client/call.ts';
import type { HeyReachError } from '../../src/client/errors.ts';
import { type Exchange, type HttpRequest, HttpSender } from '../../src/client/http.ts';
import { type Operation, operation } from '../../src/client/operation.ts';
import { Quotas } from '../../src/client/quotas.ts';
import type { Repeat } from '../../src/client/retry.ts';
import { createMemoryStore } from '../../src/client/store.ts';
import { TEST_KEY } from '../kit/keys.ts';
import { answer, type RawServer, startRawServer } from './raw-server.ts';

const CLASSES = ['safe', 'same', 'once'] as const;

interface Asked {
  text?: string;
}

/** An operation that answers a JSON object. */
function objectOperation(repeat: Repeat): Operation<Asked, unknown> {
  return { method: 'POST', path: '/made/Up', repeat, query: [], body: true, answers: 'object', response: undefined };
}

let server: RawServer;
let senders: HttpSender[] = [];

beforeEach(async () => {
  server = await startRawServer();
  // Full jitter may draw no pause at all, and then tests are quick.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
  await Promise.all(senders.map((sender) => sender.close()));
  senders = [];
});

interface Set {
  origin?: string | (() => string);
  cap?: number;
  key?: string;
  /** Shortens the time of an attempt; what the caller asked for is written down. */
  timeoutMs?: number;
}

function makeCaller({ origin, cap = 300, key = TEST_KEY, timeoutMs }: Set = {}) {
  const at = origin ?? server.url;
  const sender = new HttpSender({ origin: typeof at === 'function' ? at : () => at, userAgent: 'tests' });
  senders.push(sender);
  const askedTimeouts: number[] = [];
  const shortened = {
    send(request: HttpRequest) {
      askedTimeouts.push(request.timeoutMs);
      return sender.send({ ...request, timeoutMs: timeoutMs ?? request.timeoutMs });
    },
  };
  const quotas = new Quotas({ store: createMemoryStore(), cap });
  const caller = new OperationCaller({
    sender: shortened as unknown as HttpSender,
    quotas,
    breaker: new Breaker(),
    key,
    fingerprint: key,
  });
  return { caller, askedTimeouts };
}

interface Outcome {
  answer?: unknown;
  error?: HeyReachError;
  attempts: AttemptReport[];
}

async function call(caller: OperationCaller, repeat: Repeat, options: CallOptions = {}): Promise<Outcome> {
  const attempts: AttemptReport[] = [];
  try {
    const found = await caller.call(
      objectOperation(repeat),
      { text: 'hello' },
      { observe: (report) => attempts.push(report), ...options },
    );
    return { answer: found, attempts };
  } catch (error) {
    expect(error).toMatchObject({ name: 'HeyReachError' });
    return { error: error as HeyReachError, attempts };
  }
}

type Act = (socket: Socket) => void;
const say =
  (bytes: string): Act =>
  (socket) =>
    void socket.write(bytes);
const cutOff: Act = (socket) => {
  socket.write(answer(200, '', { 'content-length': '1000' }));
  socket.write('{"id":1,');
  setTimeout(() => socket.resetAndDestroy(), 20);
};

/** What a server does, how many requests each class sends, and what the caller is told. */
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

describe('how often a request leaves, and what its caller is told', () => {
  for (const [what, act, requests, told] of WAYS_TO_FAIL) {
    test.each(CLASSES.map((repeat, index) => ({ repeat, times: requests[index] })))(
      `${what}: $times for $repeat`,
      async ({ repeat, times }) => {
        server.behave(act);
        // Only what never ends is waited for; anything else may take a busy machine its time.
        const isEndless = 'kind' in told && told.kind === 'timeout';
        const { caller } = makeCaller({ timeoutMs: isEndless ? 150 : 5_000 });
        const { error, attempts } = await call(caller, repeat);
        // A read leaves nothing that a refusal could be the echo of.
        const afterUnclearAttempt = times === 3 && repeat !== 'safe';
        expect(error).toMatchObject({ ...told, inFlight: false, afterUnclearAttempt });
        expect(server.requests).toHaveLength(times ?? 0);
        expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3].slice(0, times));
      },
    );
  }

  test.each(CLASSES)('a connection refused: three attempts for %s, none of which left', async (repeat) => {
    await server.close();
    const { error, attempts } = await call(makeCaller().caller, repeat);
    expect(error).toMatchObject({ kind: 'connection', outcome: 'not_sent', inFlight: false });
    expect(attempts.map(({ ended }) => ended)).toEqual(['refused', 'refused', 'refused']);
  });

  test.each([
    ['safe', 3],
    ['same', 3],
    ['once', 1],
  ] as const)('a name that does not exist: %s tries %d times, and nothing left', async (repeat, times) => {
    const { caller } = makeCaller({ origin: 'http://api.heyreach.invalid' });
    const { error, attempts } = await call(caller, repeat);
    expect(error).toMatchObject({ kind: 'connection', outcome: 'not_sent' });
    expect(attempts.map(({ ended }) => ended)).toEqual(Array.from({ length: times }, () => 'dns'));
  });

  test.each([
    ['safe', 3],
    ['same', 3],
    ['once', 1],
  ] as const)('a server that does not speak TLS: %s tries %d times, and nothing left', async (repeat, times) => {
    const plain = createServer((socket) => socket.on('error', () => {}).end(answer(400)));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { caller } = makeCaller({ origin: `https://127.0.0.1:${(plain.address() as AddressInfo).port}` });
    const { error, attempts } = await call(caller, repeat);
    expect(error).toMatchObject({ kind: 'connection', outcome: 'not_sent' });
    expect(attempts.map(({ ended }) => ended)).toEqual(Array.from({ length: times }, () => 'tls'));
    plain.close();
  });

  test.each(CLASSES)('a body over 16 MiB: one request for %s, and it is not read on', async (repeat) => {
    const size = 17 * 1024 * 1024;
    server.behave((socket) => {
      socket.write(answer(200, '', { 'content-length': String(size) }));
      socket.write(Buffer.alloc(size, ' '));
    });
    const { error } = await call(makeCaller().caller, repeat);
    expect(error).toMatchObject({ kind: 'unreadable_answer', outcome: 'unknown' });
    expect(error?.message).toContain('16 MiB');
    expect(server.requests).toHaveLength(1);
  });

  test('a body of just 16 MiB is read', async () => {
    const text = 'x'.repeat(16 * 1024 * 1024 - 11);
    server.behave(say(answer(200, `{"text":"${text}"}`)));
    const { answer: found } = await call(makeCaller().caller, 'safe');
    expect(found).toEqual({ text });
  });

  test.each(CLASSES)('a redirect is not followed by %s: the other host hears nothing', async (repeat) => {
    const other = await startRawServer();
    server.behave(say(answer(302, '', { location: `${other.url}/api/public/made/Up` })));
    const { error } = await call(makeCaller().caller, repeat);
    expect(error).toMatchObject({ kind: 'redirect', status: 302, outcome: 'refused' });
    expect(error?.message).not.toContain(other.url);
    expect(server.requests).toHaveLength(1);
    expect(other.connections()).toBe(0);
    await other.close();
  });

  test('an attempt of safe and same has 20 s, one of once 90 s', async () => {
    server.behave(say(answer(200, '{}')));
    const { caller, askedTimeouts } = makeCaller();
    for (const repeat of CLASSES) await call(caller, repeat);
    expect(askedTimeouts).toEqual([20_000, 20_000, 90_000]);
  });

  test('the arguments can make a repeatable operation one that is sent once', async () => {
    server.behave(say(answer(500)));
    await call(makeCaller().caller, 'same', { repeat: 'once' });
    expect(server.requests).toHaveLength(1);
  });

  test('a second attempt that works is an answer', async () => {
    server.behave((socket, index) => socket.write(index === 0 ? answer(502) : answer(200, '{"id":7}')));
    expect(await call(makeCaller().caller, 'safe')).toMatchObject({ answer: { id: 7 } });
    expect(server.requests).toHaveLength(2);
  });
});

describe('a 429', () => {
  test.each(CLASSES)('with Retry-After: %s goes again, as often as it takes', async (repeat) => {
    server.behave((socket, index) =>
      socket.write(index < 2 ? answer(429, 'slow down', { 'retry-after': '0' }) : answer(200, '{"id":7}')),
    );
    const began = performance.now();
    const { answer: found, attempts } = await call(makeCaller().caller, repeat);
    expect(found).toEqual({ id: 7 });
    expect(server.requests).toHaveLength(3);
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
    // Told to come back at once, it still leaves HeyReach a second each time.
    expect(performance.now() - began).toBeGreaterThan(1_900);
  });

  test('holds the key for as long as it asked', async () => {
    server.behave((socket, index) =>
      socket.write(index === 0 ? answer(429, '', { 'retry-after': '0.4' }) : answer(200, '{}')),
    );
    const { caller } = makeCaller();
    const began = performance.now();
    const first = call(caller, 'once');
    await until(() => server.requests.length > 0);
    await pause(50);
    const second = call(caller, 'safe');
    await Promise.all([first, second]);
    expect(performance.now() - began).toBeGreaterThan(390);
    expect(server.requests).toHaveLength(3);
  });

  test('without Retry-After, and too little time to wait: one request, refused, and for how long', async () => {
    server.behave(say(answer(429, '{"errorMessage":"Too many requests"}')));
    for (const repeat of CLASSES) {
      const before = server.requests.length;
      const { error } = await call(makeCaller().caller, repeat, { deadline: Date.now() + 3_000 });
      expect(error).toMatchObject({
        kind: 'rate_limited',
        status: 429,
        outcome: 'refused',
        message: 'Too many requests',
        afterUnclearAttempt: false,
      });
      expect(error?.retryAfterSeconds).toBe(60);
      expect(server.requests.length - before).toBe(1);
    }
  });

  test('an absurd Retry-After is quoted and counts as a minute', async () => {
    server.behave(say(answer(429, '', { 'retry-after': '86400' })));
    const { error } = await call(makeCaller().caller, 'once', { deadline: Date.now() + 30_000 });
    expect(error).toMatchObject({ kind: 'rate_limited', outcome: 'refused', retryAfterSeconds: 60 });
    expect(error?.message).toContain('"86400"');
  });

  test('does not use up the attempts of a call', async () => {
    server.behave((socket, index) =>
      socket.write(index % 2 === 0 ? answer(429, '', { 'retry-after': '0' }) : answer(500)),
    );
    const { error } = await call(makeCaller().caller, 'safe');
    expect(error).toMatchObject({ kind: 'server_error', outcome: 'unknown' });
    expect(server.requests).toHaveLength(6);
  });
});

describe('what earlier attempts leave behind', () => {
  test('a refusal after an unclear attempt says so, since it may be the echo of a success', async () => {
    server.behave((socket, index) => socket.write(index === 0 ? answer(500) : answer(400, '{"errorMessage":"No"}')));
    const { error } = await call(makeCaller().caller, 'same');
    expect(error).toMatchObject({ kind: 'bad_request', message: 'No', afterUnclearAttempt: true });
  });

  test('a refusal after a 429 does not, since a 429 was not processed', async () => {
    server.behave((socket, index) =>
      socket.write(index === 0 ? answer(429, '', { 'retry-after': '0' }) : answer(400, '{"errorMessage":"No"}')),
    );
    const { error } = await call(makeCaller().caller, 'same');
    expect(error).toMatchObject({ kind: 'bad_request', afterUnclearAttempt: false });
  });

  test('an unclear attempt outweighs later ones that never left', async () => {
    server.behave((socket) => {
      server.stopListening();
      socket.end(answer(500, '{"errorMessage":"It broke"}', { connection: 'close' }));
    });
    const { error, attempts } = await call(makeCaller().caller, 'same');
    expect(error).toMatchObject({ kind: 'server_error', outcome: 'unknown', message: 'It broke' });
    expect(attempts.map(({ ended }) => ended)).toEqual([500, 'refused', 'refused']);
  });

  test('an unclear attempt outweighs a 429 that is the last word, and a slot that is not to be had', async () => {
    server.behave((socket, index) => socket.write(index === 0 ? answer(500) : answer(429)));
    const after429 = await call(makeCaller().caller, 'same', { deadline: Date.now() + 2_000 });
    expect(after429.error).toMatchObject({ kind: 'server_error', outcome: 'unknown' });
    expect(server.requests).toHaveLength(2);

    server.requests.length = 0;
    server.behave(say(answer(500)));
    const noSlot = await call(makeCaller({ cap: 1 }).caller, 'same', { deadline: Date.now() + 2_000 });
    expect(noSlot.error).toMatchObject({ kind: 'server_error', outcome: 'unknown' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('slots', () => {
  test('every attempt takes one', async () => {
    server.behave(say(answer(500)));
    const { caller } = makeCaller({ cap: 4 });
    await call(caller, 'safe');
    expect((await call(caller, 'once')).error).toMatchObject({ kind: 'server_error' });
    const { error } = await call(caller, 'once', { deadline: Date.now() + 1_000 });
    expect(error).toMatchObject({ kind: 'rate_limited', status: undefined, outcome: 'not_sent' });
    expect(error?.retryAfterSeconds).toBe(61);
    expect(server.requests).toHaveLength(4);
  });

  test('a call that is cancelled while it waits for one sends nothing', async () => {
    const { caller } = makeCaller({ cap: 1 });
    server.behave(say(answer(200, '{}')));
    await call(caller, 'once');
    const controller = new AbortController();
    const waiting = call(caller, 'once', { signal: controller.signal });
    await pause(20);
    controller.abort();
    expect((await waiting).error).toMatchObject({ kind: 'cancelled', outcome: 'not_sent', inFlight: false });
    expect(server.requests).toHaveLength(1);
  });
});

describe('leaving a call', () => {
  const startCall = async (repeat: Repeat, options: CallOptions, set: Set = {}) => {
    const { caller } = makeCaller(set);
    const ended = call(caller, repeat, options);
    await until(() => server.requests.length > 0);
    return ended;
  };

  test.each(['safe', 'same'] as const)(
    'a cancelled %s is aborted at once, and its connection closed',
    async (repeat) => {
      const controller = new AbortController();
      const ended = startCall(repeat, { signal: controller.signal });
      await until(() => server.requests.length > 0);
      const left = performance.now();
      controller.abort();
      expect((await ended).error).toMatchObject({ kind: 'cancelled', outcome: 'unknown', inFlight: false });
      expect(performance.now() - left).toBeLessThan(500);
      await until(() => server.open() === 0);
      expect(server.requests).toHaveLength(1);
    },
  );

  test('a safe call whose deadline passes is aborted then', async () => {
    const began = performance.now();
    const { error } = await startCall('safe', { deadline: Date.now() + 150 });
    expect(error).toMatchObject({ kind: 'timeout', outcome: 'unknown', inFlight: false });
    expect(performance.now() - began).toBeLessThan(1_000);
    await until(() => server.open() === 0);
    expect(server.requests).toHaveLength(1);
  });

  test.each([
    ['cancelled', 'cancelled'],
    ['deadline', 'timeout'],
  ] as const)('a once call that is left (%s) is in flight, runs on, and its end is told', async (how, kind) => {
    const controller = new AbortController();
    const late: Exchange[] = [];
    const held: Socket[] = [];
    server.behave((socket) => void held.push(socket));
    const ended = startCall('once', {
      signal: controller.signal,
      onLate: (exchange) => late.push(exchange),
      ...(how === 'deadline' ? { deadline: Date.now() + 1_150 } : {}),
    });
    await until(() => server.requests.length > 0);
    if (how === 'cancelled') controller.abort();
    const { error } = await ended;
    expect(error).toMatchObject({ kind, outcome: 'unknown', inFlight: true });
    expect(error?.meaning).toContain('still on its way');
    await pause(200);
    expect(server.open()).toBe(1);
    expect(late).toEqual([]);
    held[0]?.write(answer(200, '{"id":7}'));
    await until(() => late.length > 0);
    expect(late).toMatchObject([{ type: 'answer', status: 200, text: '{"id":7}' }]);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.body).toBe('{"text":"hello"}');
  });

  test('a once call that runs on without an end is told so when its time is up', async () => {
    const controller = new AbortController();
    const late: Exchange[] = [];
    const ended = startCall(
      'once',
      { signal: controller.signal, onLate: (exchange) => late.push(exchange) },
      { timeoutMs: 300 },
    );
    await until(() => server.requests.length > 0);
    controller.abort();
    expect((await ended).error).toMatchObject({ inFlight: true });
    await until(() => late.length > 0);
    expect(late).toMatchObject([{ type: 'fault', reason: 'timeout', bytesLeft: true }]);
  });

  test('a once call that nobody left tells no late end', async () => {
    server.behave(say(answer(200, '{}')));
    const late: Exchange[] = [];
    await call(makeCaller().caller, 'once', { onLate: (exchange) => late.push(exchange) });
    expect(late).toEqual([]);
  });

  test('what was cancelled or over before it began is not sent', async () => {
    const { caller } = makeCaller();
    const cancelled = await call(caller, 'once', { signal: AbortSignal.abort() });
    expect(cancelled.error).toMatchObject({ kind: 'cancelled', outcome: 'not_sent' });
    const over = await call(caller, 'safe', { deadline: Date.now() - 1 });
    expect(over.error).toMatchObject({ outcome: 'not_sent' });
    expect(server.connections()).toBe(0);
  });

  test('a deadline that is far away, or none at all, is no deadline', async () => {
    server.behave(say(answer(200, '{"id":7}')));
    for (const deadline of [Date.now() + 40 * 86_400_000, Number.POSITIVE_INFINITY, undefined]) {
      expect(await call(makeCaller().caller, 'safe', { deadline })).toMatchObject({ answer: { id: 7 } });
    }
  });

  test('each once call has a connection of its own', async () => {
    server.behave(say(answer(200, '{}')));
    const { caller } = makeCaller();
    for (let index = 0; index < 3; index += 1) await call(caller, 'once');
    expect(server.connections()).toBe(3);
  });
});

describe('the key', () => {
  test('is in one header and nowhere else', async () => {
    server.behave(say(answer(200, '{}')));
    await call(makeCaller().caller, 'safe');
    const [request] = server.requests;
    const lines = request?.head.split('\r\n') ?? [];
    expect(lines.filter((line) => line.includes(TEST_KEY))).toEqual([`x-api-key: ${TEST_KEY}`]);
    expect(`${request?.path}${request?.body}`).not.toContain(TEST_KEY);
    expect(lines.map((line) => line.split(':')[0]?.toLowerCase())).not.toContain('authorization');
  });

  test('is in no error, not even when HeyReach echoes it', async () => {
    const echoes = [
      answer(401, `Invalid API key ${TEST_KEY}`),
      answer(400, JSON.stringify({ errorMessage: `No workspace for ${TEST_KEY}` })),
      answer(400, `{"errorMessage":"No workspace for ${TEST_KEY.replaceAll('/', '\\/')}"}`),
      answer(429, TEST_KEY, { 'retry-after': TEST_KEY }),
      answer(500, TEST_KEY),
      answer(302, TEST_KEY, { location: `/?key=${TEST_KEY}` }),
      answer(200, TEST_KEY),
    ];
    for (const echo of echoes) {
      server.behave(say(echo));
      const { error } = await call(makeCaller().caller, 'once', { deadline: Date.now() + 2_000 });
      const shown = [error?.message, error?.stack, error?.meaning, error?.nextStep, JSON.stringify(error)].join();
      expect(shown).not.toContain(TEST_KEY);
    }
    expect(server.requests).toHaveLength(echoes.length);
  });

  test('that no header can hold is refused here, and not repeated in the error', async () => {
    const { error } = await call(makeCaller({ key: 'made-up-key\r\nx-other: 1' }).caller, 'once');
    expect(error).toMatchObject({ outcome: 'not_sent' });
    expect(error?.message).not.toContain('made-up-key');
    expect(server.requests).toHaveLength(0);
  });

  test('a host that cannot be found out is an error like any other', async () => {
    const origin = () => {
      throw new Error('the sandbox did not start');
    };
    const { error } = await call(makeCaller({ origin }).caller, 'once');
    expect(error).toMatchObject({ kind: 'connection', outcome: 'not_sent' });
    expect(error?.message).toContain('the sandbox did not start');
  });
});

describe('path values', () => {
  const room = operation<{ accountId: number; conversationId: string }>().silent(
    'GET /inbox/GetChatroom/{accountId}/{conversationId}',
    { repeat: 'safe' },
  );

  test('are encoded: what could end a segment or begin a query stays part of the value', async () => {
    server.behave(say(answer(200)));
    const { caller } = makeCaller();
    await caller.call(room, { accountId: 123456, conversationId: '2-a/b+c=?d#e%2F&f g' });
    await caller.call(room, { accountId: 123456, conversationId: '..%2f..' });
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/api/public/inbox/GetChatroom/123456/2-a%2Fb%2Bc%3D%3Fd%23e%252F%26f%20g',
      '/api/public/inbox/GetChatroom/123456/..%252f..',
    ]);
  });

  test.each(['', '.', '..', '\ud800'])('%j is refused here', async (conversationId) => {
    const { caller } = makeCaller();
    const refused = caller.call(room, { accountId: 123456, conversationId });
    await expect(refused).rejects.toMatchObject({
      name: 'HeyReachError',
      kind: 'invalid_input',
      outcome: 'not_sent',
      message: expect.stringContaining('conversationId'),
    });
    expect(server.connections()).toBe(0);
  });
});

describe('answers', () => {
  const answering = (answers: Operation<Asked, unknown>['answers']) => ({ ...objectOperation('once'), answers });

  test.each([
    ['nothing', '', undefined],
    ['nothing', 'whatever', undefined],
    ['maybe_object', '', undefined],
    ['maybe_object', 'null', undefined],
    ['maybe_object', '{"a":1}', { a: 1 }],
    ['anything', '', undefined],
    ['anything', '[1]', [1]],
    ['anything', 'true', true],
    ['number', '12', 12],
    ['object', ' {"a":null,"unknown":[{}]} ', { a: null, unknown: [{}] }],
    ['object', '{"a":[{"__proto__":{"b":1},"c":2}],"\\u005f_proto__":1}', { a: [{ c: 2 }] }],
  ] as const)('where %s is expected, %j is read', async (answers, body, read) => {
    server.behave(say(answer(200, body)));
    expect(await makeCaller().caller.call<Asked, unknown>(answering(answers), {})).toEqual(read);
  });

  test.each([
    ['maybe_object', '[]'],
    ['anything', '{"a":'],
    ['number', '"12"'],
    ['number', ''],
    ['object', '"text"'],
    ['object', '12'],
  ] as const)('where %s is expected, %j cannot be read', async (answers, body) => {
    server.behave(say(answer(200, body)));
    await expect(makeCaller().caller.call<Asked, unknown>(answering(answers), {})).rejects.toMatchObject({
      kind: 'unreadable_answer',
    });
  });

  test('a character in two pieces is put together', async () => {
    const bytes = Buffer.from('{"name":"Zoë Пример 🚀"}');
    server.behave((socket) => {
      socket.write(answer(200, '', { 'content-length': String(bytes.length) }));
      for (const [index] of bytes.entries()) {
        setTimeout(() => socket.write(bytes.subarray(index, index + 1)), index);
      }
    });
    expect(await call(makeCaller().caller, 'safe')).toMatchObject({ answer: { name: 'Zoë Пример 🚀' } });
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits for what is to happen soon. */
async function until(isSo: () => boolean): Promise<void> {
  for (const end = performance.now() + 5_000; !isSo(); await pause(5)) {
    if (performance.now() > end) throw new Error(`not so within 5 s: ${isSo}`);
  }
}
