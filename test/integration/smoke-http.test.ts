import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeToken } from '../../src/auth/tokens.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { connectHttp } from '../support/clients/clients.ts';
import { addedByN8n, execute } from '../support/clients/n8n.ts';
import { CHECK, send } from '../support/clients/raw-http.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import {
  ALL_LINES,
  bearing,
  HOLDERS,
  reload,
  type TokenFileOfTest,
  tokenFile,
} from '../support/programs/token-files.ts';
import { TEST_KEY } from '../support/runs/keys.ts';

// A case of each area whose files are in test/slow/integration, with the built program.

const { robot, friend } = HOLDERS;
let sandbox: Sandbox;
let file: TokenFileOfTest;
let program: HttpProgram;
beforeAll(async () => {
  sandbox = await startSandbox({ rateLimit: false, clock: 'manual', quirks: { sendDelayMs: 0 } });
  file = tokenFile(...ALL_LINES);
  program = await startHttpProgram({
    env: { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_MCP_TOKENS: file.path },
    built: true,
  });
});
beforeEach(() => {
  sandbox.requests.length = 0;
});
afterAll(async () => {
  await program?.stop();
  await sandbox?.close();
  file?.remove();
});

test('n8n gets a preview, and sends with its token in another execution', async () => {
  const { accountId, conversationId } = sandbox.workspace.fixtures.unreadReply;
  const message = 'Sent through n8n';
  const args = { conversationId, linkedInAccountId: accountId, message, confirmToken: null, subject: '' };
  const node = { url: program.url, headers: bearing(robot) };
  const call = (more: object) =>
    execute(node, async (client) => {
      const { content } = await client.call('send_message', { ...args, ...addedByN8n(), ...more });
      return content[0]!.text;
    });
  const before = sandbox.reached.total;
  const { confirmation } = JSON.parse(await call({}));
  expect(confirmation.preview.text).toContain(`> ${message}`);
  expect(sandbox.reached.total).toBe(before);
  const { confirmToken } = confirmation;
  expect(JSON.parse(await call({ confirmToken }))).toMatchObject({
    delivery: 'seen_in_thread',
  });
  expect(await call({ confirmToken })).toMatch(/used already[\s\S]*Outcome: not_sent/);
  expect(sandbox.reached.total).toBe(before + 1);
});

test('a 2026-07-28 subscriber is notified of a change by another caller', async () => {
  const [campaignId] = sandbox.workspace.fixtures.campaigns.IN_PROGRESS;
  const uri = `heyreach://campaigns/${campaignId}`;
  const peer = await connectHttp('v2-modern', program.url, bearing(friend));
  const other = await connectHttp('v2-modern', program.url, bearing(robot));
  expect((await peer.subscribe([uri])).honored).toEqual({ resourceSubscriptions: [uri] });
  await other.callTool('pause_campaign', { campaignId });
  await expect.poll(() => peer.told).toContain(uri);
  await peer.close();
  await other.close();
});

test('SIGHUP accepts the added token, rejects the removed token and ends its stream', async () => {
  const newcomer = makeToken('newcomer', 'draft');
  const statusFor = async (holder: { token: string }) =>
    (await send(program.url, { headers: bearing(holder), body: CHECK })).status;
  const removed = await connectHttp('v2-modern', program.url, bearing(robot));
  const { closed } = await removed.subscribe(['heyreach://campaigns']);
  file.write(friend.line, newcomer.line);
  expect([await statusFor(newcomer), await statusFor(robot)]).toEqual([401, 200]);
  expect(await reload(program)).toMatchObject([{ level: 30, tokens: 2, msg: 'token file reloaded' }]);
  await closed;
  expect([await statusFor(newcomer), await statusFor(robot), await statusFor(friend)]).toEqual([200, 401, 200]);
  await removed.close().catch(() => {});
});
