import { type JSONRPCMessage, parseJSONRPCMessage } from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalizeMessage } from '../../../../src/transports/normalize-message.ts';
import { type JsonRpcErrorResponse, readMessages } from '../../../../src/transports/stdio/read-messages.ts';
import { runs } from '../../../support/runs/runs.ts';

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

interface Read {
  messages: JSONRPCMessage[];
  answers: JsonRpcErrorResponse[];
}

/** The result of reading bytes in chunks of the given size. */
function read(bytes: Buffer | string, size = 1_000): Read {
  const received: Read = { messages: [], answers: [] };
  const take = readMessages({
    receive: (message) => received.messages.push(message),
    respond: (response) => received.answers.push(response),
  });
  const buffer = Buffer.from(bytes as string);
  for (let at = 0; at < buffer.length; at += size) take(buffer.subarray(at, at + size));
  return received;
}

const answersTo = (text: string, size?: number) => read(text, size).answers;

test.each([
  ['{not json', -32_700, null],
  ['{"jsonrpc":"2.0","id":7,"method":"ping","params":[]}', -32_602, 7],
  ['{"jsonrpc":"2.0","id":7,"method":"ping","params":{"_meta":5}}', -32_602, 7],
  ['{"jsonrpc":"1.0","id":7,"method":"ping","params":[]}', -32_600, 7],
  [`{"jsonrpc":"2.0","id":7,"method":"ping","params":{"a":${'['.repeat(300)}${']'.repeat(300)}}}`, -32_700, 7],
  [`{"jsonrpc":"2.0","id":"many","method":"ping","params":{"a":[${'1,'.repeat(100_001)}1]}}`, -32_700, 'many'],
  ['{"jsonrpc":"1.0","id":"seven","method":"ping"}', -32_600, 'seven'],
  ['{"id":7,"method":"ping"}', -32_600, 7],
  ['{"jsonrpc":"2.0","id":7}', -32_600, 7],
  ['{"jsonrpc":"2.0","id":7,"method":"ping","params":{},"more":1}', -32_600, 7],
  ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32_600, null],
  ['{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}', -32_600, null],
  [`[${PING}]`, -32_600, null],
  ['"text"', -32_600, null],
  ['null', -32_600, null],
])('%s gets an error response', (line, code, id) => {
  const { answers, messages } = read(`${PING}\n${line}\n${PING}\n`);
  expect(answers).toMatchObject([{ jsonrpc: '2.0', id, error: { code } }]);
  expect(messages).toEqual([JSON.parse(PING), JSON.parse(PING)]);
});

test.each([
  PING,
  `${PING}\r`,
  '{"jsonrpc":"2.0","id":"a","method":"tools/list","params":{"_meta":{"progressToken":1}}}',
  '{"jsonrpc":"2.0","method":"notifications/initialized"}',
  '{"jsonrpc":"2.0","id":1,"result":{}}',
])('%j is received', (line) => {
  expect(read(`${line}\n`)).toEqual({ messages: [JSON.parse(line)], answers: [] });
});

test.each(['', '  ', '\r', '\ufeff'])('%j is skipped', (line) => {
  expect(read(`${line}\n`)).toEqual({ messages: [], answers: [] });
});

test('a byte order mark before a message is skipped', () => {
  expect(read(`\ufeff${PING}\n`, 1).messages).toEqual([JSON.parse(PING)]);
});

test('a line that is not UTF-8 gets an error with its id, and no replaced characters are read', () => {
  const line = Buffer.from(`${PING.replace('"ping"', '"caf\u00e9"')}\n`, 'latin1');
  expect(read(line)).toMatchObject({ messages: [], answers: [{ id: 1, error: { code: -32_700, message: /UTF-8/ } }] });
});

test('null params are removed, and so are null members of params', () => {
  const line = '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":';
  expect(read(`${line}null}\n${line}{"_meta":null}}\n`)).toEqual({
    messages: [
      { jsonrpc: '2.0', id: 1, method: 'tools/list' },
      { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} },
    ],
    answers: [],
  });
});

test('an invalid response gets no response', () => {
  expect(answersTo('{"jsonrpc":"2.0","id":1,"result":[]}\n{"jsonrpc":"2.0","id":[],"error":{}}\n')).toEqual([]);
});

test('reads a line in chunks of any size', () => {
  const text = `{"ä":\n${PING}\n[]\n`;
  for (let size = 1; size < 20; size += 1) expect(answersTo(text, size)).toEqual(answersTo(text));
  expect(answersTo(text)).toHaveLength(2);
  expect(answersTo('{bad')).toEqual([]);
});

test('a line of more than 10 MiB gets one error response, and the next line is read', () => {
  const { answers, messages } = read(`"${'x'.repeat(11 * 1024 * 1024)}\n${PING}\n`, 1024 * 1024);
  expect(answers).toMatchObject([{ id: null, error: { code: -32_600, message: /longer than 10 MiB/ } }]);
  expect(messages).toEqual([JSON.parse(PING)]);
});

test('each line is received, gets an error response, or needs no response', () => {
  const field = fc.oneof(fc.constantFrom('2.0', 'ping', 1, 1.5, 2 ** 60, null, undefined), fc.object(), fc.anything());
  const message = fc.record(
    { jsonrpc: fc.constantFrom('2.0', '1.0'), id: field, method: field, params: field, result: field, more: field },
    { requiredKeys: ['jsonrpc'] },
  );
  fc.assert(
    fc.property(fc.oneof(message, fc.jsonValue()), (value) => {
      const line = JSON.stringify(value);
      let isMessage = true;
      const normalized = normalizeMessage(JSON.parse(line));
      try {
        parseJSONRPCMessage(normalized);
      } catch {
        isMessage = false;
      }
      const { method, ...rest } = Object(normalized);
      const isAnswer = method === undefined && ('result' in rest || 'error' in rest);
      const { messages, answers } = read(`${line}\n`);
      expect(messages).toHaveLength(isMessage ? 1 : 0);
      const isNotification = typeof method === 'string' && rest.id === undefined;
      if (isMessage || isAnswer) expect(answers).toEqual([]);
      else if (!isNotification) expect(answers).toHaveLength(1);
    }),
    { numRuns: runs(2_000) },
  );
});
