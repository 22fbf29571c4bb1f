import { describe, expect, test } from 'vitest';
import { runMain } from '../../support/programs/program.ts';

interface Answer {
  jsonrpc: string;
  id: number | string | null;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: unknown };
}

const line = (method: string, params: object = {}, id?: number | string) =>
  JSON.stringify({ jsonrpc: '2.0', ...(id === undefined ? {} : { id }), method, params });

/** Feeds lines to the built program, unchanged. @returns the messages on stdout, one per line. */
async function exchange(...lines: string[]): Promise<Answer[]> {
  const { code, stdout } = await runMain(['--sandbox', '--log-level', 'debug'], { input: `${lines.join('\n')}\n` });
  expect(code).toBe(0);
  expect(stdout).toMatch(/\n$|^$/);
  const written: Answer[] = stdout.split('\n').flatMap((text) => (text === '' ? [] : [JSON.parse(text)]));
  for (const { jsonrpc, result, error } of written) {
    expect(jsonrpc).toBe('2.0');
    expect([result, error].filter((part) => part !== undefined)).toHaveLength(1);
  }
  return written;
}

const idsOf = (answers: Answer[]) => answers.map(({ id }) => id).sort();
const codesOf = (answers: Answer[]) => Object.fromEntries(answers.map(({ id, error }) => [String(id), error?.code]));

describe('the messages of 2025', () => {
  const initialize = (protocolVersion: string, id: number | string = 0) =>
    line('initialize', { protocolVersion, capabilities: {}, clientInfo: { name: 'raw', version: '1' } }, id);
  const opening = [initialize('2025-11-25'), line('notifications/initialized')];

  test.each([
    ['2025-11-25', '2025-11-25'],
    ['2024-11-05', '2024-11-05'],
    ['2026-07-28', '2025-11-25'],
    ['2025-06-18', '2025-06-18'],
    ['2025-03-26', '2025-03-26'],
    ['1999-01-01', '2025-11-25'],
  ])('initialize with %s negotiates %s', async (asked, settled) => {
    const [answer, ...more] = await exchange(initialize(asked, 'first'));
    expect(more).toEqual([]);
    expect(answer).toMatchObject({
      id: 'first',
      result: {
        protocolVersion: settled,
        serverInfo: { name: 'heyreach-mcp', version: expect.any(String) },
        capabilities: { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {} },
        instructions: expect.any(String),
      },
    });
  });

  test('ping has an empty result, before and after initialize', async () => {
    const answers = await exchange(line('ping', {}, 1), ...opening, line('ping', {}, 2));
    expect(idsOf(answers)).toEqual([0, 1, 2]);
    for (const { id, result } of answers) if (id !== 0) expect(result).toEqual({});
  });

  test('an unknown method is -32601, wrong params are -32602, with the id of the request', async () => {
    const answers = await exchange(
      ...opening,
      line('no/such', {}, 'unknown'),
      line('server/discover', {}, 'of 2026'),
      line('tools/call', {}, 'no name'),
      line('tools/call', { name: 'get_campaign', arguments: [] }, 'a list'),
      line('tools/call', { name: 'no_such_tool' }, 'no tool'),
      line('resources/read', { uri: 'heyreach://nothing' }, 'no resource'),
      line('prompts/get', { name: 'nothing' }, 'no prompt'),
    );
    expect(codesOf(answers)).toEqual({
      0: undefined,
      unknown: -32_601,
      'of 2026': -32_601,
      'no name': -32_602,
      'a list': -32_602,
      'no tool': -32_602,
      'no resource': -32_602,
      'no prompt': -32_602,
    });
  });

  test('an invalid line gets an error, and the next line is handled normally', async () => {
    const answers = await exchange(
      ...opening,
      '{not json',
      '',
      '{"jsonrpc":"2.0","id":"listed","method":"ping","params":[]}',
      line('ping', {}, 'after'),
    );
    expect(codesOf(answers)).toEqual({ 0: undefined, null: -32_700, listed: -32_602, after: undefined });
    expect(answers).toHaveLength(4);
  });

  test('notifications and responses get no response, known or not', async () => {
    const answers = await exchange(
      ...opening,
      line('notifications/cancelled', { requestId: 99 }),
      line('notifications/roots/list_changed'),
      line('notifications/of_tomorrow'),
      line('tools/call', { name: 'no_such_tool' }),
      '{"jsonrpc":"2.0","id":99,"result":{}}',
      '{"jsonrpc":"2.0","id":99,"error":{"code":1,"message":"no"}}',
    );
    expect(idsOf(answers)).toEqual([0]);
  });
});

describe('the messages of 2026', () => {
  const meta = (protocolVersion: string) => ({
    _meta: {
      'io.modelcontextprotocol/protocolVersion': protocolVersion,
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  });
  const ask = (id: number | string, method: string, params: object = {}) =>
    line(method, { ...params, ...meta('2026-07-28') }, id);

  test('server/discover returns versions, capabilities and instructions', async () => {
    const [answer, ...more] = await exchange(ask('first', 'server/discover'));
    expect(more).toEqual([]);
    expect(answer).toMatchObject({
      id: 'first',
      result: {
        resultType: 'complete',
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
        instructions: expect.any(String),
        _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'heyreach-mcp' } },
      },
    });
  });

  test('a request needs no request before it', async () => {
    const [answer] = await exchange(ask(1, 'tools/call', { name: 'check_api_key' }));
    expect(answer).toMatchObject({ id: 1, result: { resultType: 'complete', structuredContent: { valid: true } } });
  });

  test('removed methods are -32601, wrong params and a missing envelope -32602', async () => {
    const answers = await exchange(
      ask(0, 'server/discover'),
      ask('unknown', 'no/such'),
      ask('ping', 'ping'),
      ask('subscribe', 'resources/subscribe', { uri: 'heyreach://campaigns' }),
      ask('no name', 'tools/call'),
      ask('no tool', 'tools/call', { name: 'no_such_tool' }),
      line('tools/list', {}, 'no envelope'),
    );
    expect(codesOf(answers)).toEqual({
      0: undefined,
      unknown: -32_601,
      ping: -32_601,
      subscribe: -32_601,
      'no name': -32_602,
      'no tool': -32_602,
      'no envelope': -32_602,
    });
  });

  test('an unsupported version is -32022 with the supported versions, which then work', async () => {
    const [refused, discovered] = await exchange(
      line('server/discover', meta('2099-01-01'), 'refused'),
      ask('found', 'server/discover'),
    );
    const data = { supported: ['2026-07-28'], requested: '2099-01-01' };
    expect(refused).toMatchObject({ id: 'refused', error: { code: -32_022, data } });
    expect(discovered).toMatchObject({ id: 'found', result: { supportedVersions: ['2026-07-28'] } });
  });

  test('an invalid line gets an error, and notifications get no response', async () => {
    const answers = await exchange(
      ask(0, 'server/discover'),
      '{not json',
      line('notifications/cancelled', { requestId: 99 }),
      line('notifications/of_tomorrow'),
      ask('after', 'tools/call', { name: 'no_such_tool' }),
    );
    expect(codesOf(answers)).toEqual({ 0: undefined, null: -32_700, after: -32_602 });
    expect(answers).toHaveLength(3);
  });
});
