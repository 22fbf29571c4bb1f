import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MODES } from '../../src/mcp/modes.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { tools } from '../../src/tools/registry.ts';
import { CHECK, LIST, send } from '../support/clients/raw-http.ts';
import { ERAS, type Era, type Speaker, speaker, tokenIn } from '../support/clients/stdio-lines.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import {
  ALL_LINES,
  bearing,
  expectNoToken,
  HOLDERS,
  type Holder,
  type TokenFileOfTest,
  tokenFile,
} from '../support/programs/token-files.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../support/runs/keys.ts';
import { isFullRun } from '../support/runs/run-scope.ts';
import { sampleResources } from '../support/tools/resource-samples.ts';

let sandbox: Sandbox;
let file: TokenFileOfTest;
beforeAll(async () => {
  sandbox = await startSandbox({ clock: 'manual', rateLimit: false });
  file = tokenFile('# who may call', ...ALL_LINES);
});
afterAll(async () => {
  await sandbox?.close();
  file?.remove();
});

const start = (args: string[] = []) =>
  startHttpProgram({
    args: ['--log-level', 'debug', ...args],
    env: { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_MCP_TOKENS: file.path },
  });
const as = (program: HttpProgram, holder: Holder, era: Era): Speaker =>
  speaker(program.url, era, bearing(HOLDERS[holder]));

/** Everything that a caller can see. */
async function shownTo(speaks: Speaker, era: Era) {
  const initialize = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } };
  const server = await (era === '2025' ? speaks.ask('initialize', initialize) : speaks.ask('server/discover'));
  const namesIn = async (method: string, list: string, name: string) =>
    ((await speaks.ask(method))[list] as Record<string, string>[]).map((entry) => entry[name]);
  return {
    instructions: server.instructions as string,
    tools: await namesIn('tools/list', 'tools', 'name'),
    prompts: await namesIn('prompts/list', 'prompts', 'name'),
    templates: await namesIn('resources/templates/list', 'resourceTemplates', 'uriTemplate'),
    resources: await namesIn('resources/list', 'resources', 'uri'),
    // The contents name the tool for more rows, if that tool is shown.
    contents: await Promise.all(
      Object.values(sampleResources(sandbox.workspace)).map((uri) => speaks.ask('resources/read', { uri })),
    ),
    // The embedded result contains the time of the read.
    triage: JSON.stringify(await speaks.ask('prompts/get', { name: 'triage_inbox', arguments: {} })).replace(
      /asOf\W+[\dT:.-]+Z/,
      'asOf',
    ),
  };
}

describe('authentication with tokens', () => {
  let program: HttpProgram;
  beforeAll(async () => {
    program = await start();
  });
  afterAll(() => program?.stop());
  beforeEach(() => {
    sandbox.requests.length = 0;
  });

  test('the start prints the number of callers', () => {
    expect(program.stderr()).toContain('Callers: 4 with a token.\n');
  });

  test.each(Object.entries(HOLDERS))('accepts the token of %s', async (_, { token }) => {
    const reply = await send(program.url, { headers: { authorization: `bearer  ${token} ` }, body: CHECK });
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('"valid":true');
    expect(sandbox.requests.map(({ headers }) => headers['x-api-key'])).toEqual([TEST_KEY]);
  });

  const { token, line } = HOLDERS.robot;
  const PLAIN = 'Bearer realm="heyreach-mcp"';
  const INVALID = 'Bearer realm="heyreach-mcp", error="invalid_token"';
  test.each<[what: string, headers: Record<string, string>, status: number, challenge: string | undefined]>([
    ['nothing', {}, 401, PLAIN],
    ['another scheme', { authorization: `Basic ${token}` }, 401, PLAIN],
    ['a HeyReach key', { 'x-api-key': OTHER_TEST_KEY }, 401, PLAIN],
    ["the server's own key", { 'x-api-key': TEST_KEY }, 401, PLAIN],
    ['a wrong token', { authorization: `Bearer ${token.slice(0, -1)}` }, 401, INVALID],
    ['the line of the token file', { authorization: `Bearer ${line.split(' ')[1]}` }, 401, INVALID],
    ['a HeyReach key as the bearer', { authorization: `Bearer ${OTHER_TEST_KEY}` }, 401, INVALID],
    ["the server's own key as the bearer", { authorization: `Bearer ${TEST_KEY}` }, 401, INVALID],
    ['a token and a HeyReach key', { authorization: `Bearer ${token}`, 'x-api-key': OTHER_TEST_KEY }, 403, undefined],
    ["a token and the server's own key", { authorization: `Bearer ${token}`, 'x-api-key': TEST_KEY }, 403, undefined],
    ['two tokens', { authorization: `Bearer ${token}, Bearer ${token}` }, 400, undefined],
  ])('rejects %s', async (_, headers, status, challenge) => {
    for (const body of [LIST, CHECK, '{"jsonrpc":']) {
      const reply = await send(program.url, { headers, body });
      expect(reply.status).toBe(status);
      expect(reply.headers['www-authenticate']).toBe(challenge);
      expect(reply.headers['content-type']).toBe('application/json');
      expect(reply.message()).toEqual({
        jsonrpc: '2.0',
        id: null,
        error: { code: -32_600, message: expect.any(String), data: { requestId: reply.headers['x-request-id'] } },
      });
      expectNoToken(reply.text);
      expect(reply.text).not.toContain(line.split(' ')[1]);
    }
    expect(sandbox.requests).toEqual([]);
  });

  test('rejects a repeated header, although Node keeps the first', async () => {
    const { friend } = HOLDERS;
    const reply = await send(program.url, {
      headers: { authorization: [`Bearer ${token}`, `Bearer ${friend.token}`] },
      body: CHECK,
    });
    expect(reply.status).toBe(400);
    expectNoToken(reply.text);
    expect(sandbox.requests).toEqual([]);
  });

  test('rejects GET, DELETE and a token in the URL, and answers /healthz without a token', async () => {
    for (const method of ['GET', 'DELETE']) expect((await send(program.url, { method })).status).toBe(401);
    const reply = await send(`${program.url}?token=${token}`);
    expect(reply.status).toBe(400);
    expectNoToken(reply.text);
    const health = await send(program.url.replace('/mcp', '/healthz'), { method: 'GET' });
    expect([health.status, health.text]).toEqual([200, '{"status":"ok"}']);
  });

  test('logs a rejection with its reason and without the credentials', async () => {
    await send(program.url, { headers: { authorization: 'Bearer hmcp_made-up-unknown-token' } });
    await expect.poll(() => program.stderr()).toContain('"refusal":"wrong_token"');
    expect(program.stderr()).not.toContain('made-up-unknown-token');
    expectNoToken(program.stderr());
    expect(program.stderr()).not.toContain(OTHER_TEST_KEY);
  });
});

describe('the tools and resources of a token', () => {
  /** A server with tokens for each mode, shared by the tests. */
  const withTokens = new Map<string, Promise<HttpProgram>>();
  /** Servers without tokens, by mode. A token of a mode must get the same tools and resources. */
  const plain = new Map<string, Promise<HttpProgram>>();
  const shownPlainly = new Map<string, ReturnType<typeof shownTo>>();
  afterAll(async () => {
    for (const program of [...withTokens.values(), ...plain.values()]) await (await program).stop();
  });
  function once<Value>(values: Map<string, Value>, key: string, make: () => Value): Value {
    const value = values.get(key) ?? make();
    values.set(key, value);
    return value;
  }
  const serverIn = (mode: string) => once(withTokens, mode, () => start(['--mode', mode]));
  const plainServerIn = (mode: string) =>
    once(plain, mode, () => {
      const env = { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY };
      return startHttpProgram({ args: ['--mode', mode], env });
    });
  const shownBy = (mode: string, era: Era) =>
    once(shownPlainly, `${mode} ${era}`, async () => shownTo(speaker((await plainServerIn(mode)).url, era, {}), era));

  describe.each(isFullRun ? MODES : (['read-only', 'full'] as const))('by a server in mode %s', (most) => {
    const own: Record<Holder, string> = { auditor: 'read-only', intern: 'draft', robot: 'full', friend: 'full' };
    // Outside a full run, a server in a lower mode limits one token in each era.
    const holders: Holder[] = isFullRun || most === 'full' ? ['auditor', 'intern', 'robot', 'friend'] : ['robot'];
    // Outside a full run, a server for all tokens tests each of them in one era.
    const cells = holders.flatMap((holder, index) =>
      ERAS.filter((_, place) => isFullRun || holders.length === 1 || place === index % 2).map((era) => ({
        era,
        holder,
      })),
    );
    test.each(cells)('$holder, $era', async ({ holder, era }) => {
      const mode = MODES.find((candidate) => candidate === own[holder] || candidate === most)!;
      const shown = await shownTo(as(await serverIn(most), holder, era), era);
      expect(shown).toEqual(await shownBy(mode, era));
      expect(shown.instructions).toContain(`Mode ${mode}: `);
      const kinds = new Set(shown.tools.map((name) => tools.find((tool) => tool.name === name)!.risk));
      if (mode === 'read-only') expect([...kinds]).toEqual(['read']);
      else expect(kinds.size).toBeGreaterThan(1);
      expect(kinds.has('egress')).toBe(mode === 'full');
      expect(shown.tools.includes('send_message')).toBe(mode === 'full');
    });
  });

  test.each(ERAS)('reports a hidden tool as hidden with any arguments, and nothing is sent (%s)', async (era) => {
    const program = await serverIn('full');
    const { conversationId, accountId } = sandbox.workspace.fixtures.unreadReply;
    const message = { conversationId, linkedInAccountId: accountId, message: 'Never' };
    const confirmToken = tokenIn(await as(program, 'robot', era).call('send_message', message));
    expect(confirmToken).toEqual(expect.any(String));
    sandbox.requests.length = 0;
    for (const holder of ['auditor', 'intern'] as const) {
      for (const args of [message, { ...message, confirmToken }, {}]) {
        await expect(as(program, holder, era).call('send_message', args)).rejects.toThrow(
          /-32602 send_message is hidden by the mode (read-only|draft) of this bearer token/,
        );
      }
    }
    await expect(as(program, 'auditor', era).call('create_list', { name: 'Never' })).rejects.toThrow(/is hidden by/);
    // Also in a batch, in the protocol version with batches.
    if (era === '2025') {
      const batch = ['create_list', 'send_message'].map((name, id) => ({
        jsonrpc: '2.0',
        id,
        method: 'tools/call',
        params: { name, arguments: {} },
      }));
      const { text } = await send(program.url, { headers: bearing(HOLDERS.auditor), body: batch });
      expect(text.match(/is hidden by/g)).toHaveLength(2);
    }
    expect(sandbox.requests).toEqual([]);
    expect(
      (await as(program, 'intern', era).call('create_list', { name: `Of the intern ${era}` })).isError,
    ).toBeFalsy();
  });
});
