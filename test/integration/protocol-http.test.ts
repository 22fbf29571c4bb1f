import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CHECK, send } from '../support/clients/raw-http.ts';
import { type HeyReachStub, startStub } from '../support/heyreach/heyreach-stub.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { TEST_KEY } from '../support/runs/keys.ts';

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };
const MODERN = {
  headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'check_api_key' },
  body: {
    ...CHECK,
    params: {
      ...CHECK.params,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  },
};

let stub: HeyReachStub;
let program: HttpProgram;
let url: string;

beforeAll(async () => {
  stub = await startStub();
  const env = { HEYREACH_BASE_URL: stub.url, HEYREACH_API_KEY: TEST_KEY };
  program = await startHttpProgram({ env, args: ['--allowed-hosts', 'tools.example.com'] });
  url = program.url;
});
beforeEach(() => {
  stub.requests.length = 0;
});
afterAll(async () => {
  await program?.stop();
  await stub?.close();
});

describe('Origin, with a valid Host', () => {
  const port = () => new URL(url).port;

  test.each([
    'https://evil.example.com',
    'http://localhost.evil.example.com',
    'http://127.0.0.1.example.com',
    'https://sub.tools.example.com',
    'null',
    'not an origin',
  ])('%s is rejected', async (origin) => {
    const { status, message } = await send(url, { headers: { origin }, body: CHECK });
    expect(status).toBe(403);
    expect(message()).toMatchObject({ jsonrpc: '2.0', id: null, error: { message: expect.stringContaining('rigin') } });
    expect(stub.requests).toEqual([]);
  });

  test('a foreign Origin is rejected for every method and in both eras, although the Host is valid', async () => {
    const origin = 'https://evil.example.com';
    for (const method of ['GET', 'DELETE', 'PUT']) {
      expect((await send(url, { method, headers: { origin } })).status).toBe(403);
      expect((await send(url, { method })).status).toBe(405);
    }
    const { headers, body } = MODERN;
    expect((await send(url, { headers: { ...headers, origin }, body })).status).toBe(403);
    expect(stub.requests).toEqual([]);
    const passed = await send(url, { headers, body });
    expect(passed.message()).toMatchObject({ result: { structuredContent: { valid: true } } });
    expect(stub.requests).toHaveLength(1);
  });

  test('pages of this machine and of the names of the server may call', async () => {
    const own = ['http://localhost', 'http://localhost:6274', 'http://127.0.0.1:1', 'http://[::1]:3000'];
    for (const origin of [
      ...own,
      `http://127.0.0.1:${port()}`,
      'https://tools.example.com',
      'https://TOOLS.example.com',
    ]) {
      expect([origin, (await send(url, { headers: { origin } })).status]).toEqual([origin, 200]);
    }
  });

  test('a valid Origin does not compensate for a foreign Host', async () => {
    const headers = { host: 'evil.example.com', origin: 'http://localhost' };
    expect((await send(url, { headers, body: CHECK })).status).toBe(403);
    expect(stub.requests).toEqual([]);
  });
});

describe('the MCP-Protocol-Version header of 2025', () => {
  const pingWith = (version?: string, body: object = PING) =>
    send(url, { headers: version === undefined ? {} : { 'mcp-protocol-version': version }, body });

  test('is optional, because older clients do not send it', async () => {
    const { status, message } = await pingWith();
    expect([status, message()]).toEqual([200, { jsonrpc: '2.0', id: 1, result: {} }]);
  });

  test.each(['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'])('%s is supported', async (version) => {
    expect((await pingWith(version)).message()).toMatchObject({ id: 1, result: {} });
    const called = await pingWith(version, CHECK);
    expect([called.status, called.message().result?.structuredContent]).toMatchObject([200, { valid: true }]);
  });

  test.each(['1999-01-01', '2025-12-31', '2099-01-01', 'latest', '2025-06-18, 2025-06-18'])(
    '%s is rejected with 400, and nothing is done',
    async (version) => {
      const { status, message } = await pingWith(version, CHECK);
      expect(status).toBe(400);
      expect(message()).toMatchObject({ jsonrpc: '2.0', error: { message: expect.stringContaining(version) } });
      expect(stub.requests).toEqual([]);
    },
  );

  test('a notification with an unknown version is rejected too', async () => {
    const notification = { jsonrpc: '2.0', method: 'notifications/initialized' };
    expect((await pingWith('2025-06-18', notification)).status).toBe(202);
    expect((await pingWith('1999-01-01', notification)).status).toBe(400);
  });

  test('2026-07-28 only in the header is rejected, because its requests need an envelope', async () => {
    const { status, message } = await pingWith('2026-07-28');
    expect([status, message().error?.code]).toEqual([400, -32_602]);
  });

  test('initialize negotiates the newest version for an unsupported one', async () => {
    const initialize = (protocolVersion: string) => ({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion, capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
    });
    for (const [asked, settled] of [
      ['2025-06-18', '2025-06-18'],
      ['1999-01-01', '2025-11-25'],
    ]) {
      const { message } = await pingWith(undefined, initialize(asked!));
      expect(message().result?.protocolVersion).toBe(settled);
    }
  });
});
