import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { CLIENTS, connectHttp, connectStdio, type McpPeer } from '../../support/clients/clients.ts';
import { startHttpProgram } from '../../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_KEY, TEST_ORGANIZATION_KEY } from '../../support/runs/keys.ts';
import { useAuditFile } from '../../support/tools/audit.ts';

const URI = 'heyreach://audit/recent';
const file = useAuditFile();
let sandbox: Sandbox;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => sandbox.close());

const env = (further: Record<string, string> = {}) => ({
  HEYREACH_BASE_URL: sandbox.url,
  HEYREACH_API_KEY: TEST_KEY,
  HEYREACH_AUDIT_LOG: file.path,
  ...further,
});
const closeLater = (peer: McpPeer): McpPeer => {
  ends.push(() => peer.close());
  return peer;
};
const seen = (seen: boolean) => {
  const { accountId, conversationId } = sandbox.workspace.fixtures.unreadReply;
  return { conversationId, linkedInAccountId: accountId, seen };
};

interface Recent {
  calls: ({ outcome: string; tool: string; arguments: Record<string, unknown> } & Record<string, unknown>)[];
  returned: number;
  untrustedFields?: string[];
  truncated?: boolean;
}
async function trailsIn(peer: McpPeer) {
  const { resources } = await peer.listResourcePage();
  return resources.filter(({ uri }) => uri.startsWith('heyreach://audit'));
}
async function recent(peer: McpPeer): Promise<Recent> {
  const [contents, ...others] = await peer.readResource(URI);
  expect(others).toEqual([]);
  expect(contents).toMatchObject({ uri: URI, mimeType: 'application/json' });
  return JSON.parse(contents!.text);
}

describe.each(CLIENTS)('%s', (client) => {
  test('over stdio lists the audit log and reads it, newest first, without the fingerprint of the key', async () => {
    const peer = closeLater(await connectStdio(client, { env: env() }));
    expect(await trailsIn(peer)).toEqual([expect.objectContaining({ uri: URI, mimeType: 'application/json' })]);
    expect(await recent(peer)).toEqual({ calls: [], returned: 0 });
    expect(file.text()).toBe('');
    await peer.callTool('set_conversation_seen', seen(true));
    await peer.callTool('pause_campaign', { campaignId: 1 });
    const [intent] = file.lines();
    expect(await recent(peer)).toEqual({
      calls: [
        {
          time: expect.any(String),
          tool: 'pause_campaign',
          kind: 'stop',
          arguments: { campaignId: 1 },
          confirmed: 'not_needed',
          outcome: 'refused',
          http: expect.arrayContaining([expect.stringMatching(/^\/campaign\/Pause 4\d\d$/)]),
          error: expect.any(String),
          endedAt: expect.any(String),
        },
        {
          time: intent?.time,
          tool: 'set_conversation_seen',
          kind: 'write',
          arguments: seen(true),
          confirmed: 'not_needed',
          outcome: 'done',
          http: ['/inbox/SetSeenStatus 200'],
          endedAt: expect.any(String),
        },
      ],
      returned: 2,
      untrustedFields: ['calls[].arguments.*', 'calls[].error'],
    });
  });

  test('over HTTP shows each key its own calls', async () => {
    const program = await startHttpProgram({ env: env() });
    ends.push(() => program.stop());
    const mine = closeLater(await connectHttp(client, program.url));
    const theirs = closeLater(await connectHttp(client, program.url, { 'x-api-key': OTHER_TEST_KEY }));
    expect(await trailsIn(theirs)).toEqual([expect.objectContaining({ uri: URI })]);
    await mine.callTool('set_conversation_seen', seen(true));
    await theirs.callTool('set_conversation_seen', seen(false));
    const shown = async (peer: McpPeer) => (await recent(peer)).calls.map((call) => call.arguments.seen);
    expect(await shown(mine)).toEqual([true]);
    expect(await shown(theirs)).toEqual([false]);
    expect(new Set(file.lines().map(({ key }) => key)).size).toBe(2);
  });

  test('over HTTP shows nothing to a caller without a key', async () => {
    const { HEYREACH_API_KEY: _, ...keyless } = env();
    const program = await startHttpProgram({ env: keyless });
    ends.push(() => program.stop());
    const theirs = closeLater(await connectHttp(client, program.url, { authorization: `Bearer ${OTHER_TEST_KEY}` }));
    await theirs.callTool('set_conversation_seen', seen(true));
    const nobody = closeLater(await connectHttp(client, program.url));
    expect(await recent(nobody)).toEqual({ calls: [], returned: 0 });
    expect((await recent(theirs)).calls).toHaveLength(1);
  });

  test('has no other URI', async () => {
    const peer = closeLater(await connectStdio(client, { env: env() }));
    for (const uri of ['heyreach://audit', `${URI}/1`, `file://${file.path}`]) {
      await expect(peer.readResource(uri)).rejects.toMatchObject({ message: expect.stringContaining(uri) });
    }
  });

  test('is absent without an audit log', async () => {
    const { HEYREACH_AUDIT_LOG: _, ...without } = env();
    const peer = closeLater(await connectStdio(client, { env: without }));
    expect(await trailsIn(peer)).toEqual([]);
    await expect(peer.readResource(URI)).rejects.toThrow();
  });
});

test('the calls with the organization key are listed with those of the workspace', async () => {
  const peer = closeLater(
    await connectStdio('v1', { args: ['--confirm', 'off'], env: env({ HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY }) }),
  );
  await peer.callTool('create_workspace', { workspaceName: 'Made by a test' });
  await peer.callTool('set_conversation_seen', seen(true));
  expect((await recent(peer)).calls.map(({ tool }) => tool)).toEqual(['set_conversation_seen', 'create_workspace']);
  expect(new Set(file.lines().map(({ key }) => key)).size).toBe(2);
});

const leads = (count: number, summary: string) =>
  Array.from({ length: count }, (_, at) => ({
    profileUrl: `https://www.linkedin.com/in/row-${at}-example`,
    firstName: `Row ${at}`,
    lastName: 'Example',
    summary,
  }));

test('shows the last 50 calls, and only the first rows of long lists', async () => {
  const peer = closeLater(await connectStdio('v1', { args: ['--confirm', 'off'], env: env() }));
  const args = { listId: sandbox.workspace.fixtures.emptyList, leads: leads(60, 'Analyst') };
  for (let at = 0; at < 51; at += 1) await peer.callTool('set_conversation_seen', seen(at % 2 === 0));
  await peer.callTool('add_leads_to_list', args);
  const { calls, returned } = await recent(peer);
  expect(returned).toBe(50);
  expect(calls).toHaveLength(50);
  expect(calls[0]).toMatchObject({ tool: 'add_leads_to_list', outcome: 'done' });
  expect(calls[0]!.arguments.leads).toEqual([...args.leads.slice(0, 20), '… 40 more']);
  // The first two of the 52 calls are not shown.
  expect(calls.at(-1)?.time).toBe(file.lines()[4]?.time);
  expect(file.lines().at(-2)?.arguments).toEqual(args);
});

test('cuts a log larger than a context at its old end, and says so', async () => {
  const peer = closeLater(await connectStdio('v1', { args: ['--confirm', 'off'], env: env() }));
  const args = { listId: sandbox.workspace.fixtures.emptyList, leads: leads(20, 'é'.repeat(390)) };
  for (let at = 0; at < 4; at += 1) await peer.callTool('add_leads_to_list', args);
  const [contents] = await peer.readResource(URI);
  expect(Buffer.byteLength(contents!.text)).toBeLessThanOrEqual(48_000);
  const { calls, returned, truncated } = JSON.parse(contents!.text) as Recent;
  expect(truncated).toBe(true);
  expect(returned).toBe(calls.length);
  expect(calls.map(({ time }) => time)).toEqual([file.lines()[6]?.time, file.lines()[4]?.time]);
});
