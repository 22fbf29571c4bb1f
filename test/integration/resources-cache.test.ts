import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guides } from '../../src/resources/index.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { startLines } from '../support/clients/cancellation.ts';
import { exchangeLines, type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { TEST_KEY } from '../support/runs/keys.ts';
import { sampleResources } from '../support/tools/resource-samples.ts';

const ERA = '2026-07-28';
const META = {
  'io.modelcontextprotocol/protocolVersion': ERA,
  'io.modelcontextprotocol/clientInfo': { name: 'heyreach-mcp-tests', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

type Result = Record<string, unknown> & { nextCursor?: string };
type Ask = (method: string, params?: object) => Promise<Result>;

/** The cache hints of each result, by method. Reads of workspace resources and of guides are listed separately. */
async function hintsOf(ask: Ask, workspaceUris: string[]) {
  const { nextCursor: cursor } = await ask('resources/list');
  expect(cursor).toBeDefined();
  const lists = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'];
  const asked: [string, string, object][] = [
    ...lists.map((method): [string, string, object] => [method, method, {}]),
    ['resources/list, later page', 'resources/list', { cursor }],
    ...guides.map(({ uri }): [string, string, object] => ['a guide', 'resources/read', { uri }]),
    ...workspaceUris.map((uri): [string, string, object] => ['a resource', 'resources/read', { uri }]),
  ];
  const hints: Record<string, unknown> = {};
  for (const [name, method, params] of asked) {
    const { ttlMs, cacheScope } = await ask(method, params);
    const hint = { ttlMs, cacheScope };
    expect(hints[name] ?? hint, name).toEqual(hint);
    hints[name] = hint;
  }
  return hints;
}

const HINTS = {
  'tools/list': { ttlMs: 60_000, cacheScope: 'private' },
  'prompts/list': { ttlMs: 60_000, cacheScope: 'private' },
  'resources/list': { ttlMs: 15_000, cacheScope: 'private' },
  'resources/list, later page': { ttlMs: 15_000, cacheScope: 'private' },
  'resources/templates/list': { ttlMs: 60_000, cacheScope: 'private' },
  'a guide': { ttlMs: 3_600_000, cacheScope: 'public' },
  'a resource': { ttlMs: 0, cacheScope: 'private' },
};

describe('cache hints', () => {
  let sandbox: Sandbox;
  let program: HttpProgram;
  const env = () => ({ HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY });
  const uris = () => Object.values(sampleResources(sandbox.workspace));

  beforeAll(async () => {
    sandbox = await startSandbox({ rateLimit: false });
    program = await startHttpProgram({ env: env() });
  });
  afterAll(async () => {
    await program?.stop();
    await sandbox?.close();
  });

  /** Sends one request over HTTP, in the form of its protocol era. */
  const overHttp =
    (modern: boolean, headers: Record<string, string> = {}): Ask =>
    async (method, params = {}) => {
      const { name, uri } = params as { name?: string; uri?: string };
      const named = name ?? uri;
      const response = await fetch(program.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': modern ? ERA : '2025-11-25',
          ...(modern ? { 'mcp-method': method, ...(named === undefined ? {} : { 'mcp-name': named }) } : {}),
          ...headers,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: modern ? { ...params, _meta: META } : params }),
      });
      const text = await response.text();
      const { result, error } = JSON.parse(/^(?:event:.*\n)?data: (.*)$/m.exec(text)?.[1] ?? text);
      if (error !== undefined) throw new Error(`${method}: ${error.message}`);
      return result;
    };

  test('over HTTP on 2026-07-28', async () => {
    expect(await hintsOf(overHttp(true), uris())).toEqual(HINTS);
  });

  test('are absent over HTTP on 2025-11-25', async () => {
    const ask = overHttp(false);
    for (const method of ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list']) {
      const result = await ask(method);
      expect(result, method).not.toHaveProperty('ttlMs');
      expect(result, method).not.toHaveProperty('cacheScope');
    }
    for (const uri of uris()) {
      expect(Object.keys(await ask('resources/read', { uri })).sort(), uri).toEqual(['_meta', 'contents']);
    }
    expect(Object.keys(await ask('resources/read', { uri: guides[0]!.uri }))).toEqual(['contents']);
  });

  /** Sends requests over stdio, one line each. @returns the results in the order of the requests. */
  async function overStdio(requests: object[]): Promise<Result[]> {
    const input = requests.map((request, id) => JSON.stringify({ jsonrpc: '2.0', id, ...request })).join('\n');
    const lines = await exchangeLines({ env: env() }, `${input}\n`, requests.length);
    const answers = lines.map((line) => JSON.parse(line));
    return requests.map((_, id) => answers.find((answer) => answer.id === id).result);
  }

  test('over stdio on 2026-07-28', async () => {
    const host = await startLines('2026', { upstream: sandbox.url });
    let lastId = 0;
    const ask: Ask = async (method, params = {}) => {
      lastId += 1;
      host.send({ jsonrpc: '2.0', id: lastId, method, params: { ...params, _meta: META } });
      for (;;) {
        const messages = host.stdout().split('\n').slice(0, -1);
        const answer = messages.map((message) => JSON.parse(message)).find(({ id }) => id === lastId);
        if (answer !== undefined) return answer.result;
        await once(host.child.stdout!, 'data');
      }
    };
    expect(await hintsOf(ask, uris().slice(0, 2))).toEqual(HINTS);
    expect(await host.stop()).toBe(0);
  });

  test('are absent over stdio on 2025-11-25', async () => {
    const hello = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'heyreach-mcp-tests', version: '1.0.0' },
    };
    const [, guide, list] = await overStdio([
      { method: 'initialize', params: hello },
      { method: 'resources/read', params: { uri: guides[0]!.uri } },
      { method: 'resources/list', params: {} },
    ]);
    expect(Object.keys(guide!)).toEqual(['contents']);
    expect(Object.keys(list!).sort()).toEqual(['_meta', 'nextCursor', 'resources']);
  });
});
