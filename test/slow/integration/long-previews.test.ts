import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { connectStdio, type McpPeer, type Person, type ToolResult } from '../../support/clients/clients.ts';
import { jobIn, waitForJob } from '../../support/programs/job-programs.ts';
import { TEST_KEY } from '../../support/runs/keys.ts';

/** A call works for 7.2 of its 9 s. The comparison with the inbox takes longer. */
const TIMEOUT_SECONDS = '10';
const SLOW_MS = 9_000;

let sandbox: Sandbox;
let peer: McpPeer | undefined;
beforeEach(async () => {
  sandbox = await startSandbox({ rateLimit: false });
  sandbox.faults.add({ match: { path: '/inbox/GetConversationsV3' }, times: 1, kind: 'delay', ms: SLOW_MS });
});
afterEach(async () => {
  await peer?.close();
  peer = undefined;
  await sandbox.close();
});

async function start(person?: Person, args: string[] = []): Promise<McpPeer> {
  const env = {
    ...{ HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_LOG_LEVEL: 'silent' },
    HEYREACH_TOOL_TIMEOUT_SECONDS: TIMEOUT_SECONDS,
  };
  peer = await connectStdio('v1', { args, env, built: false, ...(person === undefined ? {} : { person }) });
  // A client that knows the output schemas rejects a result that matches none of them.
  await peer.listTools();
  return peer;
}

const text = 'profileUrl,firstName,lastName\nhttps://www.linkedin.com/in/long-preview-example,Ada,Example\n';
const listOf = (status: 'DRAFT' | 'IN_PROGRESS') => {
  const { campaigns, fixtures, lists } = sandbox.workspace;
  return lists.get(campaigns.get(fixtures.campaigns[status][0]!)!.listId!)!;
};
interface JobResult {
  preview?: { text: string; toSend: number };
  confirmToken?: string;
  nextStep?: string;
}
const resultIn = ({ structuredContent }: ToolResult) => structuredContent?.result as JobResult;

test('a preview that takes longer than a call continues as a job, which returns it with its token', async () => {
  const client = await start();
  const list = listOf('IN_PROGRESS');
  const before = list.members.size;
  const first = await client.callTool('import_leads', { text, toListId: list.id });
  const { id, state } = jobIn(first);
  expect([state, first.structuredContent?.nextStep]).toEqual([
    'running',
    expect.stringContaining(`get_job jobId=${id}`),
  ]);
  const done = resultIn(await waitForJob(client, id));
  expect(done).toMatchObject({ preview: { toSend: 1 }, nextStep: expect.stringContaining('Show the preview to') });
  expect(done.preview?.text).toContain('whose campaigns will contact them?');
  expect(list.members.size).toBe(before);
  const imported = await client.callTool('import_leads', { toListId: list.id, confirmToken: done.confirmToken });
  expect(imported.structuredContent).toMatchObject({ sent: 1, added: 1 });
  expect(list.members.size).toBe(before + 1);
}, 180_000);

test('a client with forms gets no token if a person must confirm, and the same call then asks', async () => {
  const questions: string[] = [];
  const client = await start(async (question) => {
    questions.push(question);
    return { action: 'accept', content: { decision: 'Import' } };
  });
  const list = listOf('IN_PROGRESS');
  const { id } = jobIn(await client.callTool('import_leads', { text, toListId: list.id }));
  const done = resultIn(await waitForJob(client, id));
  expect(done).toMatchObject({
    preview: { toSend: 1 },
    nextStep: expect.stringContaining('that call asks the person'),
  });
  expect(done).not.toHaveProperty('confirmToken');
  expect(questions).toEqual([]);
  const imported = await client.callTool('import_leads', { text, toListId: list.id });
  expect(imported.structuredContent).toMatchObject({ sent: 1, added: 1 });
  expect(questions).toHaveLength(1);
}, 180_000);

test('without confirmation the comparison continues as a job, and the same call then imports', async () => {
  const client = await start(undefined, ['--confirm', 'off']);
  const list = listOf('IN_PROGRESS');
  const before = list.members.size;
  const { id } = jobIn(await client.callTool('import_leads', { text, toListId: list.id }));
  const done = resultIn(await waitForJob(client, id));
  expect(done).toMatchObject({ preview: { toSend: 1 }, nextStep: expect.stringContaining('nothing was sent yet') });
  expect(done).not.toHaveProperty('confirmToken');
  expect(list.members.size).toBe(before);
  const imported = await client.callTool('import_leads', { text, toListId: list.id });
  expect(imported.structuredContent).toMatchObject({ sent: 1, added: 1 });
}, 180_000);

test('the preview of a start also continues as a job', async () => {
  const client = await start();
  const campaignId = sandbox.workspace.fixtures.draftReadyToStart;
  const { id } = jobIn(await client.callTool('start_campaign', { campaignId }));
  const ended = await waitForJob(client, id);
  const { preview, confirmToken } = resultIn(ended);
  expect(ended.structuredContent?.untrustedFields).toContain('result.preview.text');
  expect(ended.structuredContent?.untrustedFields).not.toContain('result.confirmToken');
  expect(preview?.text).toContain('Leads are in other campaigns');
  const started = await client.callTool('start_campaign', { campaignId, confirmToken });
  expect(started.structuredContent).toMatchObject({ campaignId, status: 'IN_PROGRESS' });
}, 180_000);
