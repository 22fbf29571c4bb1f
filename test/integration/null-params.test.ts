import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send } from '../support/clients/raw-http.ts';
import { exchangeLines, type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { onlyInFullRun } from '../support/runs/run-scope.ts';

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1', title: null },
  'io.modelcontextprotocol/clientCapabilities': { elicitation: null, experimental: { own: null } },
};
const INITIALIZE = {
  protocolVersion: '2025-06-18',
  clientInfo: { name: 'raw', version: '1', title: null },
  capabilities: { roots: null, elicitation: null, experimental: { own: null } },
  _meta: null,
};
const WRONG = -32_602;

/** Params, and the code of the error, if any. */
const CASES: [method: string, params: unknown, code?: number][] = [
  ['tools/list', null],
  ['tools/list', { cursor: null, _meta: null }],
  ['tools/list', { _meta: { progressToken: null } }],
  ['tools/list', { cursor: 5 }, WRONG],
  ['tools/list', [], WRONG],
  ['tools/list', 'text', WRONG],
  ['tools/list', { _meta: { progressToken: {} } }, WRONG],
  ['tools/call', { name: 'check_api_key', arguments: null, _meta: null }],
  ['tools/call', null, WRONG],
  ['tools/call', { name: 5 }, WRONG],
  ['tools/call', { name: 'check_api_key', arguments: 'text' }, WRONG],
  ['resources/list', null],
  ['resources/templates/list', { _meta: null }],
  ['resources/read', { uri: 5 }, WRONG],
  ['prompts/list', null],
  ['prompts/get', { name: 'weekly_report', arguments: null }],
  ['prompts/get', null, WRONG],
  ['completion/complete', { ref: { type: 'ref/prompt', name: 'weekly_report' }, argument: null }, WRONG],
];

/** Adds the envelope of 2026-07-28 if the params can contain it. */
function withEnvelope(params: unknown): unknown {
  if (typeof params === 'string' || Array.isArray(params)) return params;
  const { _meta, ...rest } = (params ?? {}) as Record<string, unknown>;
  return { ...rest, _meta: { ...META, ...(_meta as object | null) } };
}

interface Answer {
  id: unknown;
  error?: { code: number; message: string };
}

function expectAnswer({ error }: Answer, code: number | undefined): void {
  expect(error?.code).toBe(code);
  // The message must not contain the JSON issues of the SDK validator.
  if (error !== undefined) expect(error.message).toMatch(/^Invalid params[^[\]{}]*\. Nothing was done\.$/);
}

describe('over HTTP', () => {
  let program: HttpProgram;
  beforeAll(async () => {
    program = await startHttpProgram({ args: ['--sandbox'] });
  });
  afterAll(() => program?.stop());

  test('initialize', async () => {
    const reply = await send(program.url, {
      body: { jsonrpc: '2.0', id: 1, method: 'initialize', params: INITIALIZE },
    });
    expect(reply.message().result).toMatchObject({ protocolVersion: '2025-06-18' });
  });

  test('initialize with null capabilities, and with invalid ones', async () => {
    const initialize = (capabilities: unknown) =>
      send(program.url, {
        body: { jsonrpc: '2.0', id: 1, method: 'initialize', params: { ...INITIALIZE, capabilities } },
      });
    expect((await initialize(null)).message().error).toBeUndefined();
    expect((await initialize({ roots: 5 })).message().error).toMatchObject({
      code: WRONG,
      message: 'Invalid params of initialize: params.capabilities.roots must be of type object. Nothing was done.',
    });
  });

  test.each(CASES)('2025: %s %j', async (method, params, code) => {
    const reply = await send(program.url, { body: { jsonrpc: '2.0', id: 1, method, params } });
    expectAnswer(reply.message(), code);
  });

  test.each(CASES)('2026-07-28: %s %j', async (method, params, code) => {
    const { name, uri } = (params ?? {}) as { name?: unknown; uri?: unknown };
    const named = name ?? uri;
    const headers = {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(named === undefined ? {} : { 'mcp-name': String(named) }),
    };
    const reply = await send(program.url, {
      headers,
      body: { jsonrpc: '2.0', id: 1, method, params: withEnvelope(params) },
    });
    expectAnswer(reply.message(), code);
  });
});

test.each([
  ['2025', { jsonrpc: '2.0', id: 'first', method: 'initialize', params: INITIALIZE }, (params: unknown) => params],
  ...onlyInFullRun([
    [
      '2026-07-28',
      { jsonrpc: '2.0', id: 'first', method: 'tools/list', params: { _meta: META } },
      withEnvelope,
    ] as const,
  ]),
] as const)('over stdio, %s, after a byte order mark', async (_, first, paramsOf) => {
  const requests = CASES.map(([method, params], id) => ({ jsonrpc: '2.0', id, method, params: paramsOf(params) }));
  const input = `\ufeff${[first, ...requests].map((message) => `${JSON.stringify(message)}\n`).join('')}`;
  const program = { args: ['--sandbox', '--log-level', 'silent'] };
  const lines = await exchangeLines(program, input, CASES.length + 1);
  const answers = new Map<unknown, Answer>(lines.map((line) => JSON.parse(line)).map((answer) => [answer.id, answer]));
  expect(answers.get('first')?.error).toBeUndefined();
  for (const [id, [, , code]] of CASES.entries()) expectAnswer(answers.get(id)!, code);
  expect(answers.size).toBe(CASES.length + 1);
});
