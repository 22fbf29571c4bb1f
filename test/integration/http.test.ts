import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectHttp } from '../support/clients/clients.ts';
import { ACCEPT, CHECK, send } from '../support/clients/raw-http.ts';
import { type HeyReachStub, startStub } from '../support/heyreach/heyreach-stub.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_KEY, TEST_ORGANIZATION_KEY } from '../support/runs/keys.ts';

describe('over HTTP', () => {
  let stub: HeyReachStub;
  let program: HttpProgram;
  const start = (env: Record<string, string>, args: string[] = []) =>
    startHttpProgram({ args, env: { HEYREACH_BASE_URL: stub.url, ...env } });

  beforeAll(async () => {
    stub = await startStub();
    program = await start({ HEYREACH_API_KEY: TEST_KEY }, ['--allowed-hosts', 'heyreach-mcp, tools.example.com']);
  });
  beforeEach(() => {
    stub.requests.length = 0;
  });
  afterAll(async () => {
    await program?.stop();
    await stub?.close();
  });

  test('prints its address, and that it is live', () => {
    expect(program.stderr()).toMatch(
      /LIVE: .*\nCallers: every program that reaches this address .*\nlistening on http:\/\/127\.0\.0\.1:\d+\/mcp/,
    );
  });

  test('answers a plain POST that accepts both types', async () => {
    const reply = await send(program.url);
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('"name":"send_message"');
  });

  test.each([
    ['GET', 405],
    ['DELETE', 405],
  ])('%s answers %i', async (method, status) => {
    expect((await send(program.url, { method })).status).toBe(status);
  });

  test('answers at /healthz and at no other path', async () => {
    const at = (path: string) => send(program.url.replace('/mcp', path), { method: 'GET' });
    expect(await at('/healthz')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
    expect((await at('/')).status).toBe(404);
    expect((await at('/mcp/../mcpx')).status).toBe(404);
  });

  test.each([
    [{ host: 'evil.example.com' }, 403],
    [{ host: 'heyreach-mcp:3000' }, 200],
    [{ host: 'tools.example.com' }, 200],
    [{ host: 'localhost:3000' }, 200],
    [{ origin: 'https://evil.example.com' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'http://localhost:6274' }, 200],
    [{ origin: 'https://tools.example.com' }, 200],
  ])('a request with %j gets %i', async (headers, status) => {
    expect((await send(program.url, { headers: headers as Record<string, string> })).status).toBe(status);
  });

  test('checks Host and Origin before the body', async () => {
    const headers = { host: 'evil.example.com', 'content-length': '100000000' };
    const reply = await new Promise<number>((resolve, reject) => {
      const request = httpRequest(program.url, { method: 'POST', headers: { ...ACCEPT, ...headers } }, (response) => {
        resolve(response.statusCode ?? 0);
        request.destroy();
      });
      request.on('error', reject);
      request.flushHeaders();
    });
    expect(reply).toBe(403);
  });

  test('answers a body over 4 MiB with 413, and accepts a body of 3 MB', async () => {
    const big = (size: number) => ({
      ...CHECK,
      params: { name: 'get_campaign', arguments: { campaignId: 'x'.repeat(size) } },
    });
    expect((await send(program.url, { body: big(5_000_000) })).status).toBe(413);
    // Without a Content-Length the server counts the bytes.
    const headers = { 'transfer-encoding': 'chunked' };
    expect((await send(program.url, { body: big(5_000_000), headers })).status).toBe(413);
    const reply = await send(program.url, { body: big(3_000_000) });
    expect(reply.status).toBe(200);
    expect(reply.text.length).toBeLessThan(2_000);
    expect(reply.text).toMatch(/campaignId must be a number, got the text/);
    expect(stub.requests).toEqual([]);
  });

  test.each([
    ['{"jsonrpc":', 'application/json', 400],
    ['{}', 'text/plain', 415],
  ])('a body %j of the type %s gets %i', async (body, type, status) => {
    expect((await send(program.url, { body, headers: { 'content-type': type } })).status).toBe(status);
  });

  test('treats null arguments as absent, alone and in a batch', async () => {
    const bare = { ...CHECK, params: { name: 'check_api_key', arguments: null } };
    for (const body of [bare, [bare]]) expect((await send(program.url, { body })).text).toContain('"valid":true');
  });

  test('uses its own key if the request has none', async () => {
    await send(program.url, { body: CHECK });
    expect(stub.requests[0]?.headers['x-api-key']).toBe(TEST_KEY);
  });

  test.each([{ 'x-api-key': OTHER_TEST_KEY }, { authorization: `Bearer ${OTHER_TEST_KEY}` }])(
    'uses the key of the request before its own: %#',
    async (headers) => {
      await send(program.url, { body: CHECK, headers: headers as Record<string, string> });
      expect(stub.requests[0]?.headers['x-api-key']).toBe(OTHER_TEST_KEY);
    },
  );

  test('without any key, a call gets the name of the header, and nothing is sent', async () => {
    const keyless = await start({});
    const peer = await connectHttp('v1', keyless.url);
    const result = await peer.callTool('list_campaigns');
    expect(result.structuredContent?.error).toMatchObject({ kind: 'no_key', outcome: 'not_sent' });
    expect(result.content[0]?.text).toContain('X-API-KEY');
    expect(stub.requests).toEqual([]);
    await peer.close();
    await keyless.stop();
  });

  test('with an organization key of its own, it accepts no keys from requests', async () => {
    const own = await start({ HEYREACH_API_KEY: TEST_KEY, HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY });
    const reply = await send(own.url, { body: CHECK, headers: { 'x-api-key': OTHER_TEST_KEY } });
    expect(reply.status).toBe(403);
    expect(JSON.parse(reply.text).error.message).toMatch(/uses its own organization key and accepts no HeyReach keys/);
    expect((await send(own.url, { body: CHECK })).status).toBe(200);
    expect(stub.requests.map(({ headers }) => headers['x-api-key'])).toEqual([TEST_KEY]);
    await own.stop();
  });

  test('finishes the call in flight during a shutdown', async () => {
    const other = await start({ HEYREACH_API_KEY: TEST_KEY });
    let release = () => {};
    const arrived = new Promise<void>((resolve) => {
      stub.answer(async () => {
        resolve();
        await new Promise<void>((go) => {
          release = go;
        });
        return {};
      });
    });
    const reply = send(other.url, { body: CHECK });
    await arrived;
    const stopped = other.stop();
    // New calls are rejected while the call in flight continues.
    const listed = () =>
      send(other.url).then(
        ({ status }) => (status === 503 ? 'refused' : 'answered'),
        () => 'refused',
      );
    await expect.poll(listed).toBe('refused');
    release();
    expect((await reply).text).toContain('"valid":true');
    expect(await stopped).toBe(0);
    stub.answer(() => ({}));
  });

  test('reports the sandbox, and ignores keys there', async () => {
    const sandboxed = await startHttpProgram({ args: ['--sandbox'], env: { HEYREACH_API_KEY: 'invalid' } });
    expect(sandboxed.stderr()).toMatch(/^SANDBOX: /);
    const peer = await connectHttp('v2-modern', sandboxed.url, { 'x-api-key': 'invalid' });
    expect((await peer.callTool('check_api_key')).structuredContent).toEqual({ valid: true, source: 'sandbox' });
    await peer.close();
    await sandboxed.stop();
  });
});
