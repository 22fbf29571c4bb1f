import { parseJSONRPCMessage } from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LineError, watchLines } from '../../src/transports/lines.ts';

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

/** What is answered to bytes that arrive in pieces of that size. */
function answersTo(text: string, size = 1_000): LineError[] {
  const answers: LineError[] = [];
  const take = watchLines((error) => answers.push(error));
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) take(bytes.subarray(at, at + size));
  return answers;
}

test.each([
  ['{not json', -32_700, null],
  ['{"jsonrpc":"2.0","id":7,"method":"ping","params":[]}', -32_600, 7],
  ['{"jsonrpc":"1.0","id":"seven","method":"ping"}', -32_600, 'seven'],
  ['{"id":7,"method":"ping"}', -32_600, 7],
  ['{"jsonrpc":"2.0","id":7}', -32_600, 7],
  ['{"jsonrpc":"2.0","id":7,"method":"ping","params":{},"more":1}', -32_600, 7],
  ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32_600, null],
  ['{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}', -32_600, null],
  [`[${PING}]`, -32_600, null],
  ['"text"', -32_600, null],
  ['null', -32_600, null],
])('%s is answered', (line, code, id) => {
  const answers = answersTo(`${PING}\n${line}\n${PING}\n`);
  expect(answers).toMatchObject([{ jsonrpc: '2.0', id, error: { code } }]);
});

test.each([
  PING,
  `${PING}\r`,
  '{"jsonrpc":"2.0","id":"a","method":"tools/list","params":{"_meta":{"progressToken":1}}}',
  '{"jsonrpc":"2.0","method":"notifications/initialized"}',
  '{"jsonrpc":"2.0","id":1,"result":{}}',
  '',
  '  ',
])('%j is left to the SDK', (line) => {
  expect(answersTo(`${line}\n`)).toEqual([]);
});

test('an answer that is wrong is not answered', () => {
  expect(answersTo('{"jsonrpc":"2.0","id":1,"result":[]}\n{"jsonrpc":"2.0","id":[],"error":{}}\n')).toEqual([]);
});

test('it does not matter in which pieces a line arrives', () => {
  const text = `{"ä":\n${PING}\n[]\n`;
  for (let size = 1; size < 20; size += 1) expect(answersTo(text, size)).toEqual(answersTo(text));
  expect(answersTo(text)).toHaveLength(2);
  expect(answersTo('{bad')).toEqual([]);
});

test('after a line on which the SDK closes nothing is answered', () => {
  expect(answersTo(`"${'x'.repeat(11 * 1024 * 1024)}\n{bad\n`, 1024 * 1024)).toEqual([]);
});

test('what is answered is what the SDK passes over, but for answers', () => {
  const field = fc.oneof(fc.constantFrom('2.0', 'ping', 1, 1.5, 2 ** 60, null, undefined), fc.object(), fc.anything());
  const message = fc.record(
    { jsonrpc: fc.constantFrom('2.0', '1.0'), id: field, method: field, params: field, result: field, more: field },
    { requiredKeys: ['jsonrpc'] },
  );
  fc.assert(
    fc.property(fc.oneof(message, fc.jsonValue()), (value) => {
      const line = JSON.stringify(value);
      let isMessage = true;
      try {
        parseJSONRPCMessage(JSON.parse(line));
      } catch {
        isMessage = false;
      }
      const { method, ...rest } = Object(JSON.parse(line));
      const isAnswer = method === undefined && ('result' in rest || 'error' in rest);
      expect(answersTo(`${line}\n`)).toHaveLength(isMessage || isAnswer ? 0 : 1);
    }),
    { numRuns: 2_000 },
  );
});
