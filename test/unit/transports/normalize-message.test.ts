import { describe, expect, test } from 'vitest';
import { findParamsProblem, normalizeMessage } from '../../../src/transports/normalize-message.ts';

const message = (method: string, params?: unknown) => ({ jsonrpc: '2.0', id: 1, method, params });

describe('null counts as absent', () => {
  test.each<[string, unknown, unknown]>([
    ['tools/list', { _meta: null, cursor: null }, {}],
    ['tools/list', { _meta: { progressToken: null } }, { _meta: {} }],
    ['prompts/get', { name: 'a', arguments: { campaignId: null, more: 'x' } }, { name: 'a', arguments: { more: 'x' } }],
    ['tools/call', { name: 'a', arguments: null, _meta: null }, { name: 'a' }],
    [
      'initialize',
      { capabilities: { roots: null, elicitation: { form: { a: null } } }, clientInfo: { name: 'a', title: null } },
      { capabilities: { elicitation: { form: {} } }, clientInfo: { name: 'a' } },
    ],
    ['initialize', { capabilities: null }, { capabilities: {} }],
    [
      'tools/list',
      { _meta: { 'io.modelcontextprotocol/clientCapabilities': null } },
      { _meta: { 'io.modelcontextprotocol/clientCapabilities': {} } },
    ],
  ])('%s %j', (method, params, normalized) => {
    expect(normalizeMessage(message(method, params))).toEqual(message(method, normalized));
  });

  test('null params are removed', () => {
    expect(normalizeMessage(message('tools/list', null))).toEqual({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  });

  test('a null result or error of a response is removed', () => {
    const response = { jsonrpc: '2.0', id: 1 };
    expect(normalizeMessage({ ...response, result: { a: null }, error: null })).toEqual({ ...response, result: {} });
    const error = { code: 1, message: 'no' };
    expect(normalizeMessage({ ...response, result: null, error })).toEqual({ ...response, error });
    expect(normalizeMessage({ ...response, result: null })).toEqual({ ...response, result: {} });
  });
});

test('a message without a null is returned unchanged, and nulls in lists stay', () => {
  for (const unchanged of [
    message('tools/list', { cursor: 'a' }),
    message('tools/call', { name: 'a', arguments: { b: null, c: [null] }, _meta: { progressToken: 1 } }),
    message('tools/list', { a: [null, { b: null }] }),
    { jsonrpc: '2.0', id: 1, error: { code: 1, message: 'no' } },
    'text',
    null,
  ]) {
    expect(normalizeMessage(unchanged)).toBe(unchanged);
  }
});

test('removes parts of _meta and capabilities that the server does not read', () => {
  const read = { progressToken: 1, 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
  const capabilities = { elicitation: {} };
  const params = {
    capabilities: { ...capabilities, experimental: { a: {} } },
    _meta: {
      ...read,
      own: {},
      'io.modelcontextprotocol/clientCapabilities': { ...capabilities, experimental: { a: {} } },
    },
  };
  expect(normalizeMessage(message('initialize', params))).toEqual(
    message('initialize', {
      capabilities,
      _meta: { ...read, 'io.modelcontextprotocol/clientCapabilities': capabilities },
    }),
  );
});

test('a parameter named __proto__ stays, at every depth', () => {
  const params = JSON.parse('{"name":"a","more":{"__proto__":{"x":null},"y":null},"arguments":{"__proto__":1}}');
  const normalized = normalizeMessage(message('tools/call', params));
  expect(JSON.stringify(normalized)).toContain('"more":{"__proto__":{}}');
  expect(JSON.stringify(normalized)).toContain('"arguments":{"__proto__\u200b":1}');
});

test.each([
  [[], /^params must be an object$/],
  ['text', /^params must be an object$/],
  [{ _meta: [] }, /^params._meta must be an object$/],
  [{ _meta: { progressToken: {} } }, /progressToken must be a text or a whole number$/],
  [{ _meta: { progressToken: 1.5 } }, /progressToken must be a text or a whole number$/],
])('params %j have a problem', (params, problem) => {
  expect(findParamsProblem(message('tools/list', params))).toMatch(problem);
});

test.each([[undefined], [{}], [{ _meta: {} }], [{ _meta: { progressToken: 'a' } }], [{ _meta: { progressToken: 1 } }]])(
  'params %j have no problem',
  (params) => {
    expect(findParamsProblem(message('tools/list', params))).toBeUndefined();
  },
);
