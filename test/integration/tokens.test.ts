import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { MODES } from '../../src/tools/modes.ts';
import { tools } from '../../src/tools/registry.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../kit/keys.ts';
import { type HttpProgram, startHttpProgram } from '../kit/program.ts';
import { CHECK, LIST, send } from '../kit/raw-http.ts';
import { sampleResources } from '../kit/resource-samples.ts';
import { ERAS, type Era, type Speaker, speaker, tokenIn } from '../kit/speaking.ts';
import {
  ALL_LINES,
  bearing,
  expectNoToken,
  HOLDERS,
  type Holder,
  type TokenFileOfTest,
  tokenFile,
} from '../kit/token-files.ts';

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

/** What somebody is shown, and told. */
async function shownTo(speaks: Speaker, era: Era) {
  const initialize = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } };
  const told = await (era === '2025' ? speaks.ask('initialize', initialize) : speaks.ask('server/discover'));
  const namesIn = async (method: string, list: string, name: string) =>
    ((await speaks.ask(method))[list] as Record<string, string>[]).map((one) => one[name]);
  return {
    instructions: told.instructions as string,
    tools: await namesIn('tools/list', 'tools', 'name'),
    prompts: await namesIn('prompts/list', 'prompts', 'name'),
    templates: await namesIn('resources/templates/list', 'resourceTemplates', 'uriTemplate'),
    resources: await namesIn('resources/list', 'resources', 'uri'),
    // What is read says which tool gives more of it, where that is shown.
    contents: await Promise.all(
      Object.values(sampleResources(sandbox.workspace)).map((uri) => speaks.ask('resources/read', { uri })),
    ),
    triage: await speaks.ask('prompts/get', { name: 'triage_inbox', arguments: {} }),
  };
}

describe('who is let in', () => {
  let program: HttpProgram;
  beforeAll(async () => {
    program = await start();
  });
  afterAll(() => program?.stop());
  beforeEach(() => {
    sandbox.requests.length = 0;
  });

  test('it says how many may call', () => {
    expect(program.stderr()).toContain('Callers: 4 with a token.\n');
  });

  test.each(Object.entries(HOLDERS))('%s, who has a token', async (_, { token }) => {
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
    ['what stands in the file', { authorization: `Bearer ${line.split(' ')[1]}` }, 401, INVALID],
    ['a HeyReach key as the bearer', { authorization: `Bearer ${OTHER_TEST_KEY}` }, 401, INVALID],
    ["the server's own key as the bearer", { authorization: `Bearer ${TEST_KEY}` }, 401, INVALID],
    ['a token and a HeyReach key', { authorization: `Bearer ${token}`, 'x-api-key': OTHER_TEST_KEY }, 403, undefined],
    ["a token and the server's own key", { authorization: `Bearer ${token}`, 'x-api-key': TEST_KEY }, 403, undefined],
    ['two tokens', { authorization: `Bearer ${token}, Bearer ${token}` }, 400, undefined],
  ])('nobody with %s', async (_, headers, status, challenge) => {
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

  test('nobody with a header twice, of which node keeps the first', async () => {
    const { friend } = HOLDERS;
    const reply = await send(program.url, {
      headers: { authorization: [`Bearer ${token}`, `Bearer ${friend.token}`] },
      body: CHECK,
    });
    expect(reply.status).toBe(400);
    expectNoToken(reply.text);
    expect(sandbox.requests).toEqual([]);
  });

  test('nobody by GET, DELETE or a token in the URL either; health is for everybody', async () => {
    for (const method of ['GET', 'DELETE']) expect((await send(program.url, { method })).status).toBe(401);
    const told = await send(`${program.url}?token=${token}`);
    expect(told.status).toBe(400);
    expectNoToken(told.text);
    const health = await send(program.url.replace('/mcp', '/healthz'), { method: 'GET' });
    expect([health.status, health.text]).toEqual([200, '{"status":"ok"}']);
  });

  test('a refusal is logged with its reason and without what was presented', async () => {
    await send(program.url, { headers: { authorization: 'Bearer hmcp_made-up-token-of-nobody' } });
    await expect.poll(() => program.stderr(), { timeout: 5_000 }).toContain('"refusal":"wrong_token"');
    expect(program.stderr()).not.toContain('made-up-token-of-nobody');
    expectNoToken(program.stderr());
    expect(program.stderr()).not.toContain(OTHER_TEST_KEY);
  });
});

describe('what a token is shown', () => {
  const programs: HttpProgram[] = [];
  const kept = (program: HttpProgram) => {
    programs.push(program);
    return program;
  };
  afterAll(async () => {
    for (const program of programs) await program.stop();
  });

  describe.each(MODES)('by a server in mode %s', (most) => {
    let program: HttpProgram;
    /** Servers without tokens, by their modes: what they show is what a token of that mode is to be shown. */
    const plain = new Map<string, HttpProgram>();
    beforeAll(async () => {
      program = kept(await start(['--mode', most]));
      for (const mode of MODES) {
        const env = { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY };
        plain.set(mode, kept(await startHttpProgram({ args: ['--mode', mode], env })));
      }
    });

    const own: Record<Holder, string> = { auditor: 'read-only', intern: 'draft', robot: 'full', friend: 'full' };
    const cells = ERAS.flatMap((era) => (Object.keys(own) as Holder[]).map((holder) => ({ era, holder })));
    test.each(cells)('$holder, $era', async ({ holder, era }) => {
      const mode = MODES.find((one) => one === own[holder] || one === most)!;
      const shown = await shownTo(as(program, holder, era), era);
      expect(shown).toEqual(await shownTo(speaker(plain.get(mode)!.url, era, {}), era));
      expect(shown.instructions).toContain(`Mode ${mode}: `);
      const kinds = new Set(shown.tools.map((name) => tools.find((tool) => tool.name === name)!.kind));
      if (mode === 'read-only') expect([...kinds]).toEqual(['read']);
      else expect(kinds.size).toBeGreaterThan(1);
      expect(kinds.has('outreach')).toBe(mode === 'full');
    });
  });

  test.each(ERAS)(
    'a hidden tool is unknown to it, whatever it is called with, and nothing is sent (%s)',
    async (era) => {
      const program = kept(await start());
      const { conversationId, accountId } = sandbox.workspace.fixtures.unreadReply;
      const message = { conversationId, linkedInAccountId: accountId, message: 'Never' };
      const confirmToken = tokenIn(await as(program, 'robot', era).call('send_message', message));
      expect(confirmToken).toEqual(expect.any(String));
      sandbox.requests.length = 0;
      for (const holder of ['auditor', 'intern'] as const) {
        for (const args of [message, { ...message, confirmToken }, {}]) {
          await expect(as(program, holder, era).call('send_message', args)).rejects.toThrow(
            /-32602 Unknown tool: send_message/,
          );
        }
      }
      await expect(as(program, 'auditor', era).call('create_list', { name: 'Never' })).rejects.toThrow(/Unknown tool/);
      // In a batch too, where the protocol has batches.
      if (era === '2025') {
        const batch = ['create_list', 'send_message'].map((name, id) => ({
          jsonrpc: '2.0',
          id,
          method: 'tools/call',
          params: { name, arguments: {} },
        }));
        const { text } = await send(program.url, { headers: bearing(HOLDERS.auditor), body: batch });
        expect(text.match(/Unknown tool/g)).toHaveLength(2);
      }
      expect(sandbox.requests).toEqual([]);
      expect(
        (await as(program, 'intern', era).call('create_list', { name: `Of the intern ${era}` })).isError,
      ).toBeFalsy();
    },
  );
});
