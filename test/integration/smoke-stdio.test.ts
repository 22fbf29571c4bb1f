import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { connectStdio, type McpPeer } from '../support/clients/clients.ts';
import { errorIn } from '../support/clients/stdio-lines.ts';
import { block, type Entry, shownWith, startEntry } from '../support/documents/documents.ts';
import { conversations, to } from '../support/heyreach/conversations.ts';
import { inFastTimeByDefault } from '../support/runs/fast-time.ts';
import { TEST_KEY } from '../support/runs/keys.ts';
import { useAuditFile } from '../support/tools/audit.ts';

// A case of each area whose files are in test/slow/integration.

const SEND = '/inbox/SendMessage';
const file = useAuditFile();
let sandbox: Sandbox;
const env = () => ({ HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_CONFIRM: 'off' });
beforeAll(async () => {
  sandbox = await startSandbox({ rateLimit: false });
});
afterAll(() => sandbox.close());

test('a send with an unknown outcome is in the audit log, and the same text is not sent twice', async () => {
  // On the fast clock thirty seconds leave about one real second for the requests.
  const further = { HEYREACH_AUDIT_LOG: file.path, HEYREACH_TOOL_TIMEOUT_SECONDS: '30' };
  const peer = await connectStdio('v1', { env: { ...env(), ...further } });
  const args = to(conversations({ sandbox, peer })[0]!, 'Did this arrive?');
  sandbox.faults.add({ match: { path: SEND }, kind: 'status', status: 503 });
  const sent = await inFastTimeByDefault(() => peer.callTool('send_message', args));
  expect(errorIn(sent)).toMatchObject({ outcome: 'unknown' });
  const [intent, outcome, ...more] = file.lines();
  expect(more).toEqual([]);
  expect(intent).toMatchObject({ phase: 'intent', tool: 'send_message', confirmed: 'off' });
  expect(outcome).toMatchObject({ phase: 'outcome', id: intent!.id, outcome: 'unknown' });

  const repeated = await peer.callTool('send_message', args);
  expect(errorIn(repeated)).toMatchObject({ kind: 'repeated', outcome: 'not_sent' });
  expect(sandbox.requests.filter(({ path }) => path.includes(SEND))).toHaveLength(1);
  await peer.close();
});

test('an older client over stdio is notified of a resource that it subscribed to', async () => {
  const peer: McpPeer = await connectStdio('v1.12', { env: env(), built: true });
  const [campaignId] = sandbox.workspace.fixtures.campaigns.IN_PROGRESS;
  const uri = `heyreach://campaigns/${campaignId}`;
  await peer.subscribe([uri]);
  const paused = await peer.callTool('pause_campaign', { campaignId });
  expect(paused.structuredContent).toMatchObject({ status: 'PAUSED' });
  await expect.poll(() => peer.told).toContain(uri);
  await peer.close();
});

test('the README configuration for Claude Desktop starts as written', async () => {
  const entry = JSON.parse(block('claude-desktop')).mcpServers.heyreach as Entry;
  expect(await startEntry(entry)).toEqual({ tools: shownWith(entry), title: 'HeyReach' });
});
