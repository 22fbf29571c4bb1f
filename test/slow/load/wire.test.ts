import { expect, test } from 'vitest';
import { judgeAnswer, type WireAnswer, writeRequest } from './wire.ts';

const WANTED = {
  method: 'tools/call',
  params: { name: 'create_list' },
  nonce: 'owner-03-n9x',
  isEchoed: true,
} as const;
const OWNER = 3;

const json = (message: object, status = 200): WireAnswer => ({
  status,
  retryAfter: undefined,
  contentType: 'application/json',
  text: JSON.stringify(message),
});
const result = (structuredContent: object, more: object = {}) =>
  json({ jsonrpc: '2.0', id: 5, result: { content: [{ type: 'text', text: '' }], structuredContent, ...more } });
const errorFields = { kind: 'timeout', message: 'no answer', nextStep: 'Read it back.', outcome: 'unknown' };
const stream = (...messages: object[]): WireAnswer => ({
  ...json({}),
  contentType: 'text/event-stream',
  text: messages.map((message) => `event: message\ndata: ${JSON.stringify(message)}\n\n`).join(''),
});
const PROGRESS = { jsonrpc: '2.0', method: 'notifications/progress', params: {} };
const MADE = { jsonrpc: '2.0', id: 5, result: { content: [], structuredContent: { name: 'List owner-03-n9x' } } };

test.each<[what: string, answer: WireAnswer, end: string]>([
  ['a result', result({ name: 'List owner-03-n9x' }), 'result'],
  ['a result in a stream', stream(PROGRESS, MADE), 'result'],
  ['an error of a tool', result({ error: errorFields }, { isError: true }), 'tool error'],
  [
    'an error of the protocol',
    json({ jsonrpc: '2.0', id: 5, error: { code: -32602, message: 'No' } }, 400),
    'protocol error',
  ],
  ['a rejection', { ...json({}, 429), retryAfter: '1' }, 'refused'],
])('%s is clear', (_what, answer, end) => {
  expect(judgeAnswer(answer, 5, WANTED, OWNER)).toMatchObject({ end, faults: [] });
});

test.each<[what: string, answer: WireAnswer, fault: RegExp]>([
  ['the answer to another request', json({ jsonrpc: '2.0', id: 6, result: {} }), /answers request 6, not 5/],
  ['the answer to another call', result({ name: 'List owner-03-n8x' }), /to another call/],
  ['data of another owner', result({ name: 'List owner-03-n9x', by: 'Owner-04' }), /a text of owner-04/],
  [
    'an error without a next step',
    result({ error: { ...errorFields, nextStep: '' } }, { isError: true }),
    /unclear error/,
  ],
  [
    'an error with an unknown outcome value',
    result({ error: { ...errorFields, outcome: 'lost' } }, { isError: true }),
    /unclear error/,
  ],
  ['an internal error', result({ error: { ...errorFields, kind: 'internal' } }, { isError: true }), /is a defect/],
  ['an error without a message', json({ jsonrpc: '2.0', id: 5, error: { code: -32603 } }), /without code or message/],
  [
    'an error that says nothing',
    json({ jsonrpc: '2.0', id: 5, error: { code: -32603, message: 'Internal error' } }),
    /says nothing/,
  ],
  ['a rejection without a time to retry', json({}, 503), /without Retry-After/],
  ['two answers', stream(MADE, MADE), /2 responses/],
  ['progress and no answer', stream(PROGRESS), /0 responses/],
  ['neither a result nor an error', json({ jsonrpc: '2.0', id: 5 }), /neither/],
  ['a response of a proxy', json({ jsonrpc: '2.0', id: 5, error: { code: -32603, message: 'No' } }, 504), /HTTP 504/],
  ['HTML', { ...json({}, 502), text: '<html>' }, /is no JSON \(HTTP 502\)/],
  ['nothing', { ...json({}), text: '' }, /is no JSON/],
])('%s is a fault', (_what, answer, fault) => {
  expect(judgeAnswer(answer, 5, WANTED, OWNER).faults.join()).toMatch(fault);
});

test.each([
  ['result', result({ error: { ...errorFields, kind: 'invalid_input', outcome: 'not_sent' } }, { isError: true })],
  ['invalid_input', result({})],
  ['error', result({})],
] as const)('requires the response %s if set', (expected, answer) => {
  const request = { method: 'tools/call', params: { name: 'create_list' }, expected };
  expect(judgeAnswer(answer, 5, request, OWNER).faults.join()).toContain(`is no ${expected}`);
});

test('no id is used twice', () => {
  const ids = ['2026-07-28', '2025-11-25'] as const;
  const written = ids.flatMap((era) => [writeRequest(era, WANTED, {}), writeRequest(era, WANTED, {})]);
  expect(new Set(written.map(({ id }) => id)).size).toBe(4);
  for (const { id, body } of written) expect(JSON.parse(body).id).toBe(id);
});
