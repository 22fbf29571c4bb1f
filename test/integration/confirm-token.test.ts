import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { connectHttp, connectStdio, type McpPeer, type ToolResult } from '../support/clients/clients.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { inFastTimeByDefault } from '../support/runs/fast-time.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../support/runs/keys.ts';

const SECRET = 'made-up-state-secret-of-the-tests-0123456789';
const tokenIn = (result: ToolResult) =>
  (result.structuredContent?.confirmation as { confirmToken: string } | undefined)?.confirmToken ?? '';
const errorIn = (result: ToolResult) => result.structuredContent?.error as { kind: string; message: string };

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ rateLimit: false, clock: 'manual', quirks: { sendDelayMs: 0 } });
});
afterAll(() => sandbox.close());

const env = (further: Record<string, string> = {}) => ({
  HEYREACH_BASE_URL: sandbox.url,
  HEYREACH_API_KEY: TEST_KEY,
  ...further,
});
const message = (text: string) => {
  const { accountId, conversationId } = sandbox.workspace.fixtures.unreadReply;
  return { conversationId, linkedInAccountId: accountId, message: text };
};
const thread = () => {
  const { conversationId } = sandbox.workspace.fixtures.unreadReply;
  return [...sandbox.workspace.conversations.values()].find(({ id }) => id === conversationId)!;
};
/** The number of requests that change something at HeyReach. */
const changes = () =>
  sandbox.requests.filter(
    ({ method, path }) => method !== 'GET' && !/\/(GetAll|Get[A-Z]\w*)$/.test(path.split('?')[0]!),
  ).length;

/** Expects a rejection with the given kind and sentence, no contact and no change. */
async function expectRefused(call: () => Promise<ToolResult>, kind: string, sentence: RegExp): Promise<ToolResult> {
  const before = [sandbox.reached.total, changes()];
  const result = await call();
  expect(result.isError).toBe(true);
  expect(errorIn(result)).toMatchObject({ kind, message: expect.stringMatching(sentence), outcome: 'not_sent' });
  expect([sandbox.reached.total, changes()]).toEqual(before);
  return result;
}

/** The token that another process of the program returns for the same call. */
async function offerOfAnother(args: object): Promise<string> {
  const other = await connectStdio('v1', { env: env() });
  const foreign = tokenIn(await other.callTool('send_message', args));
  await other.close();
  return foreign;
}

describe('a confirmToken is rejected', () => {
  let peer: McpPeer;
  beforeAll(async () => {
    peer = await connectStdio('v1', { env: env() });
  });
  afterAll(() => peer.close());

  test.each([
    ['another text', { message: 'Another text' }],
    ['a repeat that the preview did not include', { allowRepeat: true }],
    ['a subject', { subject: 'Added later' }],
  ])('with other arguments (%s), and the error has the preview for these', async (_, changed) => {
    const args = message('Shown as it is');
    const confirmToken = tokenIn(await peer.callTool('send_message', args));
    const result = await expectRefused(
      () => peer.callTool('send_message', { ...args, ...changed, confirmToken }),
      'confirmation_other_arguments',
      /other arguments/,
    );
    expect(tokenIn(result)).not.toBe('');
    expect(tokenIn(result)).not.toBe(confirmToken);
  });

  test('if one row of many was replaced', async () => {
    const [campaignId] = sandbox.workspace.fixtures.campaigns.IN_PROGRESS;
    const row = (name: string) => ({
      lead: { profileUrl: `https://www.linkedin.com/in/${name}-example`, firstName: name, lastName: 'Example' },
    });
    const rows = Array.from({ length: 150 }, (_, index) => row(`r${index}`));
    const confirmToken = tokenIn(await peer.callTool('add_leads_to_campaign', { campaignId, accountLeadPairs: rows }));
    expect(confirmToken.length).toBeLessThanOrEqual(16);
    const exchanged = rows.with ? rows.with(149, row('somebody-else')) : [...rows.slice(0, 149), row('somebody-else')];
    await expectRefused(
      () => peer.callTool('add_leads_to_campaign', { campaignId, accountLeadPairs: exchanged, confirmToken }),
      'confirmation_other_arguments',
      /other arguments/,
    );
  });

  test('if another tool uses it', async () => {
    const campaignId = sandbox.workspace.fixtures.draftReadyToStart;
    const confirmToken = tokenIn(await peer.callTool('start_campaign', { campaignId }));
    await expectRefused(
      () => peer.callTool('resume_campaign', { campaignId, confirmToken }),
      'confirmation_other_tool',
      /another tool/,
    );
  });

  test.each([
    ['altered', async (token: string) => token.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))],
    ['made up', async () => 'yes'],
    ['a token of another process', () => offerOfAnother(message('Forged'))],
  ])('when it is %s', async (_, forge) => {
    const args = message('Forged');
    const own = tokenIn(await peer.callTool('send_message', args));
    const confirmToken = await forge(own);
    expect(confirmToken).not.toBe('');
    await expectRefused(
      () => peer.callTool('send_message', { ...args, confirmToken }),
      'confirmation_forged',
      /altered, or the server was restarted/,
    );
  });

  test('if the thread changed, and the error shows the change', async () => {
    const args = message('Overtaken by an answer');
    const confirmToken = tokenIn(await peer.callTool('send_message', args));
    thread().messages.push({ ...thread().messages.at(-1)!, sender: 'CORRESPONDENT', body: 'Never mind, thank you.' });
    const result = await expectRefused(
      () => peer.callTool('send_message', { ...args, confirmToken }),
      'confirmation_changed',
      /has changed/,
    );
    expect(JSON.stringify(result.structuredContent)).toContain('Never mind, thank you.');
    const again = await inFastTimeByDefault(() =>
      peer.callTool('send_message', { ...args, confirmToken: tokenIn(result) }),
    );
    expect(again.structuredContent).toMatchObject({ delivery: 'seen_in_thread' });
  });

  test('if it was used before, also by two calls at once', async () => {
    const before = sandbox.reached.total;
    const args = message('Only once');
    const confirmToken = tokenIn(await peer.callTool('send_message', args));
    const both = await inFastTimeByDefault(() =>
      Promise.all([1, 2].map(() => peer.callTool('send_message', { ...args, confirmToken }))),
    );
    expect(both.filter(({ isError }) => !isError)).toHaveLength(1);
    expect(errorIn(both.find(({ isError }) => isError)!).kind).toMatch(/^(busy|confirmation_used)$/);
    await expectRefused(
      () => peer.callTool('send_message', { ...args, confirmToken }),
      'confirmation_used',
      /used already/,
    );
    expect(sandbox.reached.total).toBe(before + 1);
  });
});

describe('keys and processes', () => {
  const programs: HttpProgram[] = [];
  afterAll(async () => {
    for (const program of programs) await program.stop();
  });
  const start = async (further: Record<string, string> = {}) => {
    const program = await startHttpProgram({ env: env(further) });
    programs.push(program);
    return program;
  };

  test('a token of another key is rejected', async () => {
    const { url } = await start();
    const mine = await connectHttp('v1', url, { 'x-api-key': TEST_KEY });
    const theirs = await connectHttp('v1', url, { 'x-api-key': OTHER_TEST_KEY });
    const args = message('For one key only');
    const confirmToken = tokenIn(await mine.callTool('send_message', args));
    await expectRefused(
      () => theirs.callTool('send_message', { ...args, confirmToken }),
      'confirmation_other_key',
      /another API key/,
    );
    await mine.close();
    await theirs.close();
  });

  test('with a secret, the token and the record of its use stay valid after a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-tokens-'));
    const secret = { HEYREACH_STATE_SECRET: SECRET, TMPDIR: folder };
    const args = message('Across a restart');
    const first = await start(secret);
    const firstPeer = await connectHttp('v2-legacy', first.url);
    const confirmToken = tokenIn(await firstPeer.callTool('send_message', args));
    first.process.kill('SIGKILL');

    const second = await start(secret);
    const secondPeer = await connectHttp('v2-legacy', second.url);
    const before = sandbox.reached.total;
    const sent = await inFastTimeByDefault(() => secondPeer.callTool('send_message', { ...args, confirmToken }));
    expect(sent.structuredContent).toMatchObject({ delivery: expect.any(String) });
    second.process.kill('SIGKILL');

    const third = await start(secret);
    const thirdPeer = await connectHttp('v2-legacy', third.url);
    await expectRefusedUsed(() => thirdPeer.callTool('send_message', { ...args, confirmToken }));
    expect(sandbox.reached.total).toBe(before + 1);
    await thirdPeer.close();
    rmSync(folder, { recursive: true });
  });
  const expectRefusedUsed = (call: () => Promise<ToolResult>) =>
    expectRefused(call, 'confirmation_used', /used already/);
});

test('with defaults, no tool that asks for confirmation changes anything on its first call', async () => {
  // The sample calls compare people with the whole workspace, which a window of a minute would delay.
  const peer = await connectStdio('v1', {
    env: env({ HEYREACH_TEST_WINDOW_MS: '200' }),
    args: ['--toolsets', 'default,legacy'],
  });
  const { sampleCalls } = await import('../support/tools/sample-calls.ts');
  const { tools } = await import('../../src/tools/registry.ts');
  const asking = new Set(tools.filter(({ confirmation }) => confirmation === 'always').map(({ name }) => name));
  let called = 0;
  for (const [name, args] of sampleCalls(sandbox.workspace)) {
    if (!asking.has(name) || tools.find((tool) => tool.name === name)?.toolset === 'organization') continue;
    called += 1;
    const before = [sandbox.reached.total, changes()];
    // The sample resumes a campaign that an earlier sample pauses.
    const [campaignId] = sandbox.workspace.fixtures.campaigns.FINISHED;
    const result = await peer.callTool(name, name === 'resume_campaign' ? { campaignId } : args);
    expect([sandbox.reached.total, changes()], name).toEqual(before);
    expect(result.isError, `${name}: ${result.content[0]?.text}`).toBeFalsy();
    expect(tokenIn(result), name).not.toBe('');
  }
  expect(called).toBe(12);
  await peer.close();
});
