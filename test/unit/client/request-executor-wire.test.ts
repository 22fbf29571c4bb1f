import { describe, expect, test } from 'vitest';
import { type Operation, operation } from '../../../src/client/operation.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';
import { type Asked, call, makeExecutor, objectOperation, say, server, useServer } from './executors.ts';
import { answer } from './raw-server.ts';

useServer();

describe('the key', () => {
  test('is in one header and nowhere else', async () => {
    server.behave(say(answer(200, '{}')));
    await call(makeExecutor().executor, 'safe');
    const [request] = server.requests;
    const lines = request?.head.split('\r\n') ?? [];
    expect(lines.filter((line) => line.includes(TEST_KEY))).toEqual([`x-api-key: ${TEST_KEY}`]);
    expect(`${request?.path}${request?.body}`).not.toContain(TEST_KEY);
    expect(lines.map((line) => line.split(':')[0]?.toLowerCase())).not.toContain('authorization');
  });

  test('is in no error, even when HeyReach repeats it', async () => {
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
      const { error } = await call(makeExecutor().executor, 'never', { deadline: Date.now() + 30_000 });
      const shown = [error?.message, error?.stack, error?.meaning, error?.nextStep, JSON.stringify(error)].join();
      expect(shown).not.toContain(TEST_KEY);
    }
    expect(server.requests).toHaveLength(echoes.length);
  });

  test('is rejected before sending if no header may contain it, and the error does not repeat it', async () => {
    const { error } = await call(makeExecutor({ key: 'made-up-key\r\nx-other: 1' }).executor, 'never');
    expect(error).toMatchObject({ outcome: 'not_sent' });
    expect(error?.message).not.toContain('made-up-key');
    expect(server.requests).toHaveLength(0);
  });

  test('an unknown host name is an error like any other', async () => {
    const origin = () => {
      throw new Error('the sandbox did not start');
    };
    const { error } = await call(makeExecutor({ origin }).executor, 'never');
    expect(error).toMatchObject({ kind: 'connection', outcome: 'not_sent' });
    expect(error?.message).toContain('the sandbox did not start');
  });
});

describe('path values', () => {
  const room = operation<{ accountId: number; conversationId: string }>().silent(
    'GET /inbox/GetChatroom/{accountId}/{conversationId}',
    { retry: 'safe' },
  );

  test('are encoded: no character ends a segment or begins a query', async () => {
    server.behave(say(answer(200)));
    const { executor } = makeExecutor();
    await executor.execute(room, { accountId: 123456, conversationId: '2-a/b+c=?d#e%2F&f g' });
    await executor.execute(room, { accountId: 123456, conversationId: '..%2f..' });
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/api/public/inbox/GetChatroom/123456/2-a%2Fb%2Bc%3D%3Fd%23e%252F%26f%20g',
      '/api/public/inbox/GetChatroom/123456/..%252f..',
    ]);
  });

  test.each(['', '.', '..', '\ud800'])('%j is rejected before sending', async (conversationId) => {
    const { executor } = makeExecutor();
    const refused = executor.execute(room, { accountId: 123456, conversationId });
    await expect(refused).rejects.toMatchObject({
      name: 'HeyReachError',
      kind: 'invalid_input',
      outcome: 'not_sent',
      message: expect.stringContaining('conversationId'),
    });
    expect(server.connections()).toBe(0);
  });
});

describe('responses', () => {
  const answering = (answers: Operation<Asked, unknown>['responseMode']) => ({
    ...objectOperation('never'),
    responseMode: answers,
  });

  test.each([
    ['nothing', '', undefined],
    ['nothing', 'whatever', undefined],
    ['maybe_object', '', undefined],
    ['maybe_object', 'null', undefined],
    ['maybe_object', '{"a":1}', { a: 1 }],
    ['anything', '', undefined],
    ['anything', '[1]', [1]],
    ['anything', 'true', true],
    ['maybe_number', '12', 12],
    ['object', ' {"a":null,"unknown":[{}]} ', { a: null, unknown: [{}] }],
    ['object', '{"a":[{"__proto__":{"b":1},"c":2}],"\\u005f_proto__":1}', { a: [{ c: 2 }] }],
  ] as const)('where %s is expected, %j is read', async (answers, body, read) => {
    server.behave(say(answer(200, body)));
    expect(await makeExecutor().executor.execute<Asked, unknown>(answering(answers), {})).toEqual(read);
  });

  test.each([
    ['maybe_object', '[]'],
    ['anything', '{"a":'],
    ['maybe_number', '"12"'],
    ['object', ''],
    ['object', '"text"'],
    ['object', '12'],
  ] as const)('where %s is expected, %j is unreadable', async (answers, body) => {
    server.behave(say(answer(200, body)));
    await expect(makeExecutor().executor.execute<Asked, unknown>(answering(answers), {})).rejects.toMatchObject({
      kind: 'unreadable_answer',
    });
  });

  test('a character split over two chunks is decoded', async () => {
    const bytes = Buffer.from('{"name":"Zoë Пример 🚀"}');
    server.behave((socket) => {
      socket.write(answer(200, '', { 'content-length': String(bytes.length) }));
      for (const [index] of bytes.entries()) {
        setTimeout(() => socket.write(bytes.subarray(index, index + 1)), index);
      }
    });
    expect(await call(makeExecutor().executor, 'safe')).toMatchObject({ answer: { name: 'Zoë Пример 🚀' } });
  });
});
