import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { tools } from '../../../src/tools/registry.ts';
import { connectHttp, connectStdio, type McpPeer, type Person } from '../../support/clients/clients.ts';
import { acceptForm } from '../../support/clients/forms.ts';
import { loadOldSdk, OLD_CLIENTS } from '../../support/clients/old-sdks.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { TEST_KEY, TEST_ORGANIZATION_KEY } from '../../support/runs/keys.ts';
import { sampleCalls } from '../../support/tools/sample-calls.ts';

// matrix.test.ts has the cases of every client. These are cases that older clients handle differently or check more
// strictly.

let sandbox: Sandbox;
let program: HttpProgram;
const peers: McpPeer[] = [];
const env = (further: Record<string, string> = {}) => ({
  HEYREACH_BASE_URL: sandbox.url,
  HEYREACH_API_KEY: TEST_KEY,
  ...further,
});
beforeAll(async () => {
  // In office hours the campaigns of a running sandbox contact people, too.
  sandbox = await startSandbox({ rateLimit: false, clock: 'manual', quirks: { sendDelayMs: 0 } });
  program = await startHttpProgram({ env: env() });
});
afterAll(async () => {
  for (const peer of peers) await peer.close();
  await program?.stop();
  await sandbox?.close();
});

const closeLater = (peer: McpPeer): McpPeer => {
  peers.push(peer);
  return peer;
};
const message = (text: string) => {
  const { accountId, conversationId } = sandbox.workspace.fixtures.unreadReply;
  return { conversationId, linkedInAccountId: accountId, message: text };
};

describe.each(OLD_CLIENTS)('%s', (client) => {
  test.each(['stdio', 'HTTP'] as const)('over %s gets a token if the server cannot ask it', async (transport) => {
    const peer = closeLater(
      await (transport === 'stdio' ? connectStdio(client, { env: env() }) : connectHttp(client, program.url)),
    );
    const args = message(`By ${client} over ${transport}`);
    const before = sandbox.reached.total;
    const offered = (await peer.callTool('send_message', args)).structuredContent?.confirmation;
    expect(offered).toMatchObject({ required: true, confirmToken: expect.any(String) });
    expect(sandbox.reached.total).toBe(before);
    const { confirmToken } = offered as { confirmToken: string };
    const sent = await peer.callTool('send_message', { ...args, confirmToken });
    expect(sent.structuredContent).toMatchObject({ delivery: 'seen_in_thread' });
    expect(sandbox.reached.total).toBe(before + 1);
  });

  test('receives change events over stdio for its subscriptions', async () => {
    const peer = closeLater(await connectStdio(client, { env: env() }));
    const [campaignId] = sandbox.workspace.fixtures.campaigns.IN_PROGRESS;
    const uri = `heyreach://campaigns/${campaignId}`;
    await peer.subscribe([uri]);
    await peer.callTool('pause_campaign', { campaignId });
    await expect.poll(() => peer.told).toContain(uri);
    sandbox.workspace.campaigns.get(campaignId!)!.status = 'IN_PROGRESS';
  });

  test('over HTTP gets no subscriptions and no stream, and may end its session', async () => {
    const { Client, Http } = await loadOldSdk(client);
    const transport = new Http(new URL(program.url));
    const errors: Error[] = [];
    transport.onerror = (error) => void errors.push(error);
    const host = new Client({ name: 'old-host', version: '1.0.0' });
    await host.connect(transport as Parameters<typeof host.connect>[0]);
    expect(transport.sessionId).toMatch(/^[\x21-\x7e]+$/);
    expect(host.getServerCapabilities()?.resources).toEqual({});
    await host.callTool({ name: 'check_api_key' });
    await transport.terminateSession();
    expect((await host.callTool({ name: 'check_api_key' })).isError).toBeFalsy();
    await host.close();
    expect(errors).toEqual([]);
  });
});

test('v1.23 over stdio shows its person the message before it is sent', async () => {
  const questions: string[] = [];
  const person: Person = async (question, form) => {
    questions.push(question);
    return acceptForm(form);
  };
  const peer = closeLater(await connectStdio('v1.23', { env: env(), person }));
  const sent = await peer.callTool('send_message', message('Asked about first'));
  expect(sent.structuredContent).toMatchObject({ delivery: 'seen_in_thread' });
  expect(questions).toEqual([expect.stringContaining('> Asked about first')]);
});

test.concurrent.each(OLD_CLIENTS)('%s accepts the result of every tool under its published schema', async (client) => {
  const all = ['--toolsets', 'default,legacy', '--confirm', 'off'];
  const fresh = await startSandbox({ rateLimit: false });
  const further = { HEYREACH_BASE_URL: fresh.url, HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY };
  const peer = await connectStdio(client, { args: all, env: env(further) });
  // An SDK that has the list checks each result against its schema.
  expect(await peer.listTools()).toHaveLength(tools.length);
  for (const [name, args] of sampleCalls(fresh.workspace)) {
    const result = await peer.callTool(name, args);
    expect(result.isError, name).toBeFalsy();
    expect(JSON.parse(result.content[0]!.text), name).toEqual(result.structuredContent);
  }
  const refused = await peer.callTool('get_campaign', { campaignId: 1 });
  expect(refused.structuredContent?.error).toMatchObject({ kind: 'not_found', outcome: 'refused' });
  await peer.close();
  await fresh.close();
});
