import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ACCEPT, CHECK, callOf, LIST, type Reply, type Sent, send } from '../support/clients/raw-http.ts';
import { type HeyReachStub, startStub } from '../support/heyreach/heyreach-stub.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { inFastTimeByDefault } from '../support/runs/fast-time.ts';
import { OTHER_TEST_KEY } from '../support/runs/keys.ts';

const ORIGIN = 'https://app.example.com';
let stub: HeyReachStub;
let program: HttpProgram;
const url = (path = '/mcp') => program.url.replace('/mcp', path);
/** The lines of the log from here on. */
const newLines = () => {
  const from = program.stderr().length;
  return () =>
    program
      .stderr()
      .slice(from)
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
};

beforeAll(async () => {
  stub = await startStub();
  program = await startHttpProgram({
    args: ['--allowed-origins', ORIGIN],
    env: { HEYREACH_BASE_URL: stub.url, HEYREACH_MAX_BODY_MIB: '1' },
  });
});
beforeEach(() => {
  stub.requests.length = 0;
});
afterAll(async () => {
  await program?.stop();
  await stub?.close();
});

const manyHeaders = Object.fromEntries(Array.from({ length: 110 }, (_, index) => [`x-header-${index}`, '1']));
const manyArguments = callOf(
  'get_campaign',
  Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`argument${index}`, 1])),
);
const large = callOf('get_campaign', { campaignId: 'x'.repeat(1_100_000) });
const withoutKey = callOf('get_campaign', { campaignId: 'x'.repeat(64 * 1024) });
const NOTIFICATION = { jsonrpc: '2.0', method: 'notifications/initialized' };
const deep = `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"a":${'['.repeat(300)}${']'.repeat(300)}}}`;

describe('every rejection has a status, a JSON-RPC body, a reason, and a log line', () => {
  test.each<[refusal: string, status: number, path: string, sent: Sent]>([
    ['host', 403, '/mcp', { headers: { host: 'evil.example.com' } }],
    ['origin', 403, '/mcp', { headers: { origin: 'https://evil.example.com' } }],
    ['secret_in_url', 400, `/mcp?xMcpKey=${encodeURIComponent(OTHER_TEST_KEY)}`, { body: CHECK }],
    ['secret_in_url', 400, `/mcp?token=${encodeURIComponent(OTHER_TEST_KEY)}`, { body: CHECK }],
    ['not_found', 404, `/${encodeURIComponent(OTHER_TEST_KEY)}/mcp`, { body: CHECK }],
    ['long_url', 414, `/mcp?${'a'.repeat(3_000)}`, {}],
    ['too_many_headers', 431, '/mcp', { headers: manyHeaders }],
    ['odd_credentials', 400, '/mcp', { headers: { 'x-api-key': 'two, keys' } }],
    ['odd_credentials', 400, '/mcp', { headers: { authorization: 'Bearer clé' } }],
    ['repeated_header', 400, '/mcp', { headers: { 'content-type': ['application/json', 'application/json'] } }],
    ['repeated_header', 400, '/healthz', { headers: { origin: ['http://localhost', 'https://evil.example.com'] } }],
    ['transfer_coding', 400, '/mcp', { headers: { 'transfer-encoding': 'gzip, chunked' } }],
    ['expectation', 417, '/mcp', { headers: { expect: 'the-unexpected' } }],
    ['encoding', 415, '/mcp', { headers: { 'content-encoding': 'gzip' } }],
    ['body_too_large', 413, '/mcp', { headers: { 'x-api-key': OTHER_TEST_KEY }, body: large }],
    ['unreadable_body', 400, '/mcp', { body: '{"jsonrpc":' }],
    ['unreadable_body', 400, '/mcp', { body: deep }],
    ['unreadable_body', 400, '/mcp', { body: manyArguments }],
    ['body_too_large', 413, '/mcp', { body: withoutKey }],
    ['large_batch', 400, '/mcp', { body: Array.from({ length: 65 }, () => NOTIFICATION) }],
    ['equal_ids', 400, '/mcp', { body: [LIST, LIST] }],
    ['invalid_params', 400, '/mcp', { body: { ...LIST, params: [] } }],
    ['protocol', 406, '/mcp', { headers: { accept: 'application/json' } }],
    ['content_type', 415, '/mcp', { headers: { 'content-type': 'text/plain' } }],
    ['content_type', 415, '/mcp', { headers: { 'content-type': 'application/json-patch+json' } }],
    // Far larger than the limit of a body: the server does not read it.
    ['content_type', 415, '/mcp', { headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(3_000_000) }],
    ['protocol', 400, '/mcp', { headers: { 'mcp-protocol-version': '1999-01-01' } }],
  ])('%s, %i', async (refusal, status, path, sent) => {
    const lines = newLines();
    const reply = await send(url(path), sent);
    expect(reply.status).toBe(status);
    expect(reply.message()).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number), message: /\w{3}/ } });
    const requestId = reply.headers['x-request-id'];
    expect(requestId).toMatch(/^[0-9a-f]{16}$/);
    expect(reply.headers.connection).toBe('close');
    await expect.poll(lines).toContainEqual(expect.objectContaining({ level: 40, refusal, status, requestId }));
    expect(reply.text).not.toContain(OTHER_TEST_KEY);
    expect(program.stderr()).not.toContain(OTHER_TEST_KEY);
    expect(program.stderr()).not.toContain(encodeURIComponent(OTHER_TEST_KEY));
    expect(stub.requests).toEqual([]);
  });

  test.each([
    ['no_http', 400, 'hello there\r\n\r\n'],
    ['no_http', 400, '\x16\x03\x01\x02\x00\x01\x00\x01'],
    [
      'no_http',
      400,
      'POST /mcp HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n0\r\n\r\n',
    ],
    [
      'repeated_header',
      400,
      'GET /mcp HTTP/1.1\r\nhost: localhost\r\nhost: evil.example.com\r\nconnection: close\r\n\r\n',
    ],
    ['large_headers', 431, `POST /mcp HTTP/1.1\r\nhost: localhost\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`],
    ['no_host', 400, 'POST /mcp HTTP/1.1\r\nconnection: close\r\n\r\n'],
    [
      'host',
      403,
      'POST /mcp HTTP/1.1\r\nhost: evil.example.com\r\nexpect: 100-continue\r\ncontent-length: 9\r\nconnection: close\r\n\r\n',
    ],
  ])('a request that Node cannot parse: %s, %i', async (refusal, status, bytes) => {
    const lines = newLines();
    const answered = await exchange(bytes);
    expect(answered).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    const [head = '', body = ''] = answered.split('\r\n\r\n');
    expect(head).toMatch(/^connection: close$/im);
    const requestId = /^x-request-id: ([0-9a-f]{16})$/im.exec(head)?.[1];
    expect(JSON.parse(body)).toMatchObject({ jsonrpc: '2.0', id: null, error: { data: { requestId } } });
    await expect.poll(lines).toContainEqual(expect.objectContaining({ level: 40, refusal, status, requestId }));
  });

  test('GET and DELETE, which clients of 2025 try, get the supported transport in the error', async () => {
    for (const method of ['GET', 'DELETE', 'PUT']) {
      const lines = newLines();
      const reply = await send(url(), { method });
      expect([reply.status, reply.headers.allow]).toEqual([405, 'POST, OPTIONS']);
      expect(reply.message().error?.message).toMatch(/transport Streamable HTTP in the client, not SSE/);
      expect(lines()).toEqual([]);
    }
  });
});

describe('a web page', () => {
  const preflight = (origin: string) =>
    send(url(), {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,mcp-protocol-version,x-api-key',
      },
    });

  test('a page of an allowed origin may call and read, including rejections', async () => {
    const asked = await preflight(ORIGIN);
    expect(asked.status).toBe(204);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'POST',
      vary: 'Origin',
    });
    const allowed = asked.headers['access-control-allow-headers']?.split(', ');
    for (const name of ['content-type', 'mcp-protocol-version', 'mcp-method', 'x-api-key', 'authorization']) {
      expect(allowed).toContain(name);
    }
    // The server uses no cookies.
    expect(asked.headers).not.toHaveProperty('access-control-allow-credentials');
    for (const sent of [{}, { body: '{' }, { headers: { 'content-encoding': 'gzip' } }] as Sent[]) {
      const reply = await send(url(), { ...sent, headers: { ...sent.headers, origin: ORIGIN } });
      expect(reply.headers['access-control-allow-origin']).toBe(ORIGIN);
      expect(reply.headers['access-control-expose-headers']).toContain('x-request-id');
    }
  });

  test('a page of this machine may call, but not read', async () => {
    const asked = await preflight('http://localhost:8080');
    expect(asked.status).toBe(204);
    const reply = await send(url(), { headers: { origin: 'http://localhost:8080' } });
    expect(reply.status).toBe(200);
    for (const { headers } of [asked, reply]) {
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers).not.toHaveProperty('access-control-allow-headers');
    }
  });

  test('a page of another origin is rejected at its preflight', async () => {
    const asked = await preflight('https://evil.example.com');
    expect(asked.status).toBe(403);
    expect(asked.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('the request id', () => {
  const failing = callOf('list_campaigns', { limit: 'many' });

  test('is the same in the request, the log, the result and the response', async () => {
    const lines = newLines();
    const reply = await send(url(), {
      headers: { 'x-request-id': 'trace-0001', 'x-api-key': OTHER_TEST_KEY },
      body: failing,
    });
    expect(reply.headers['x-request-id']).toBe('trace-0001');
    const result = reply.message().result as { content: { text: string }[]; structuredContent: object };
    expect(result.structuredContent).toMatchObject({ error: { kind: 'invalid_input', requestId: 'trace-0001' } });
    expect(result.content[0]?.text).toMatch(/\nRequest: trace-0001$/);
    await expect
      .poll(lines)
      .toContainEqual(expect.objectContaining({ tool: 'list_campaigns', requestId: 'trace-0001' }));
  });

  test('is also in the error of a resource', async () => {
    stub.answer(() => ({ status: 500, body: 'out' }));
    const params = { uri: 'heyreach://campaigns/7' };
    const body = { jsonrpc: '2.0', id: 1, method: 'resources/read', params };
    const reply = await inFastTimeByDefault(() => send(url(), { headers: { 'x-api-key': OTHER_TEST_KEY }, body }));
    const requestId = reply.headers['x-request-id'];
    expect(reply.message().error).toMatchObject({ data: { error: { requestId } } });
    expect(reply.message().error?.message).toContain(`Request: ${requestId}`);
    stub.answer(() => ({}));
  });

  test('is generated for each request without one', async () => {
    const names = await Promise.all([send(url()), send(url())]).then((all) =>
      all.map(({ headers }) => headers['x-request-id']),
    );
    expect(new Set(names).size).toBe(2);
  });
});

test('a client that sends Expect: 100-continue gets 100, and then a response', async () => {
  const body = JSON.stringify(LIST);
  const reply = await new Promise<Pick<Reply, 'status' | 'text'>>((resolve, reject) => {
    const headers = { ...ACCEPT, expect: '100-continue', 'content-length': String(body.length) };
    const request = httpRequest(url(), { method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.once('error', reject);
    request.once('continue', () => request.end(body));
    request.flushHeaders();
  });
  expect(reply.status).toBe(200);
  expect(reply.text).toContain('"name":"send_message"');
});

/** The received bytes for these bytes, until the connection ends. */
function exchange(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(program.url).port), '127.0.0.1');
    let answered = '';
    socket.on('data', (chunk) => {
      answered += chunk;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(answered));
    socket.write(bytes, 'latin1');
  });
}
