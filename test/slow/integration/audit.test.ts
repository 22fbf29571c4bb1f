import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fingerprintKey } from '../../../src/client/index.ts';
import { startSandbox } from '../../../src/sandbox/index.ts';
import { tools } from '../../../src/tools/registry.ts';
import {
  type ClientKind,
  connectHttp,
  connectStdio,
  type McpPeer,
  type StdioOptions,
} from '../../support/clients/clients.ts';
import { acceptForm } from '../../support/clients/forms.ts';
import { type InboxStub, SAID, sending, startInboxStub } from '../../support/heyreach/inbox-stub.ts';
import { startHttpProgram } from '../../support/programs/program.ts';
import { TEST_KEY, TEST_ORGANIZATION_KEY } from '../../support/runs/keys.ts';
import { type AuditLine, useAuditFile } from '../../support/tools/audit.ts';
import { sampleCalls } from '../../support/tools/sample-calls.ts';

const file = useAuditFile();
let stub: InboxStub;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  stub = await startInboxStub();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  stub.onSend(() => ({}));
  stub.requests.length = 0;
});
afterAll(() => stub.close());

const env = (further: Record<string, string> = {}) => ({
  HEYREACH_BASE_URL: stub.url,
  HEYREACH_API_KEY: TEST_KEY,
  HEYREACH_AUDIT_LOG: file.path,
  ...further,
});
async function connect({
  client = 'v1',
  env: further = {},
  ...options
}: StdioOptions & { client?: ClientKind } = {}): Promise<McpPeer> {
  const peer = await connectStdio(client, { ...options, env: env(further) });
  ends.push(() => peer.close());
  return peer;
}
const off = ['--confirm', 'off'];
/** With a deadline this short, the verification of an unclear outcome is short. */
const SOON = { HEYREACH_TOOL_TIMEOUT_SECONDS: '12' };

/** The only call in the audit log: its two lines, which have the same id. */
function onlyCall(): { intent: AuditLine; outcome: AuditLine } {
  const [intent, outcome, ...more] = file.lines();
  expect(more).toEqual([]);
  expect([intent?.phase, outcome?.phase]).toEqual(['intent', 'outcome']);
  expect(outcome?.id).toBe(intent?.id);
  return { intent: intent!, outcome: outcome! };
}

test('when a request arrives, its intent is on the disk and its outcome is not', async () => {
  const program = await startHttpProgram({ args: off, env: env() });
  ends.push(() => program.stop());
  const peer = await connectHttp('v2-modern', program.url);
  ends.push(() => peer.close());
  const atArrival: string[] = [];
  stub.onSend(() => {
    atArrival.push(readFileSync(file.path, 'utf8'));
    return {};
  });
  const args = sending('  Hi Ada 👩‍💻,\n"quotes"\u2028and so on '.padEnd(7_000, 'x'));
  const before = Date.now();
  await peer.callTool('send_message', args);
  expect(atArrival).toHaveLength(1);
  const { intent, outcome } = onlyCall();
  expect(atArrival[0]).toBe(`${file.text().split('\n')[0]}\n`);
  expect(intent).toEqual({
    time: expect.any(String),
    phase: 'intent',
    id: expect.any(String),
    pid: program.process.pid,
    boot: expect.any(String),
    replica: hostname(),
    tool: 'send_message',
    kind: 'outreach',
    key: fingerprintKey(TEST_KEY),
    request: expect.stringMatching(/^[0-9a-f]{16}$/),
    arguments: { ...args, allowRepeat: false },
    confirmed: 'off',
  });
  expect(outcome).toMatchObject({ outcome: 'done', pid: program.process.pid, boot: intent.boot, tool: 'send_message' });
  expect(outcome.http).toContain('/inbox/SendMessage 200');
  expect(outcome).not.toHaveProperty('error');
  const times = [before, Date.parse(intent.time), Date.parse(outcome.time), Date.now()];
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

describe('the confirmation of a call is recorded', () => {
  test('as a token; the preview alone is not recorded', async () => {
    const peer = await connect();
    const args = sending('Confirmed with a token');
    const offered = await peer.callTool('send_message', args);
    expect(existsSync(file.path)).toBe(false);
    const { confirmToken } = offered.structuredContent!.confirmation as { confirmToken: string };
    await peer.callTool('send_message', { ...args, confirmToken });
    const { intent, outcome } = onlyCall();
    expect(intent).toMatchObject({ confirmed: 'token', arguments: { ...args, allowRepeat: false } });
    expect(outcome.outcome).toBe('done');
    expect(file.text()).not.toContain(confirmToken);
    // The token is used, so the call is rejected before it begins.
    await peer.callTool('send_message', { ...args, confirmToken });
    onlyCall();
  });

  test.each(['v1', 'v2-legacy', 'v2-modern'] as const)('as asked, for a person with %s', async (client) => {
    let reply: 'accept' | 'decline' = 'decline';
    const peer = await connect({
      client,
      person: async (_, form) => (reply === 'accept' ? acceptForm(form) : { action: reply }),
    });
    await peer.callTool('send_message', sending('Asked first'));
    expect(existsSync(file.path)).toBe(false);
    reply = 'accept';
    await peer.callTool('send_message', sending('Asked first'));
    const { intent, outcome } = onlyCall();
    expect(intent.confirmed).toBe('asked');
    expect(outcome.outcome).toBe('done');
  });

  test.each([
    ['pause_campaign', 'stop', { campaignId: 600001 }],
    ['set_conversation_seen', 'write', { conversationId: 'a', linkedInAccountId: 170001, seen: true }],
  ])('as not needed for %s', async (tool, kind, args) => {
    const peer = await connect();
    await peer.callTool(tool, args);
    const { intent } = onlyCall();
    expect(intent).toMatchObject({ tool, kind, confirmed: 'not_needed', arguments: args });
  });
});

describe('the outcome of a call', () => {
  const cases: [string, object, string, () => object, string, object][] = [
    ['done', {}, 'Goes through', () => ({}), '/inbox/SendMessage 200', {}],
    [
      'refused',
      {},
      'Refused',
      () => ({ status: 404, body: { errorMessage: 'No such conversation.' } }),
      '/inbox/SendMessage 404',
      { error: 'No such conversation.' },
    ],
    [
      'unknown',
      SOON,
      'Left open',
      () => ({ status: 500, body: { errorMessage: 'Something went wrong.' } }),
      '/inbox/SendMessage 500',
      { error: 'Something went wrong.' },
    ],
  ];
  test.each(cases)('%s', async (ended, further, text, answer, request, rest) => {
    stub.onSend(answer);
    const peer = await connect({ args: off, env: { ...further } });
    await peer.callTool('send_message', sending(text));
    const { outcome } = onlyCall();
    expect(outcome).toMatchObject({ outcome: ended, ...rest });
    expect((outcome.http as string[]).filter((line) => line.includes('SendMessage'))).toEqual([request]);
    expect((outcome.http as string[])[0]).toMatch(/^\/inbox\/GetChatroom\/.* 200$/);
  });

  test('is not_sent if the text was sent before', async () => {
    const peer = await connect({ args: off });
    await peer.callTool('send_message', sending(SAID));
    const { outcome } = onlyCall();
    expect(outcome).toMatchObject({ outcome: 'not_sent', error: expect.stringContaining('last five messages') });
    expect((outcome.http as string[]).filter((line) => line.includes('SendMessage'))).toEqual([]);
    expect(stub.sent()).toEqual([]);
  });

  test('is not_sent if no server listens there', async () => {
    const peer = await connect({ args: off, env: { HEYREACH_BASE_URL: 'http://127.0.0.1:1' } });
    await peer.callTool('create_list', { name: 'Made by a test' });
    const { outcome } = onlyCall();
    expect(outcome).toMatchObject({ outcome: 'not_sent', error: expect.stringContaining('refused') });
    expect(new Set(outcome.http as string[])).toEqual(new Set(['/list/CreateEmptyList refused']));
  });
});

test('every write leaves two lines of its kind, and a read leaves none', async () => {
  const sandbox = await startSandbox({ seed: 7 });
  ends.push(() => sandbox.close());
  const peer = await connect({
    args: [...off, '--toolsets', 'default,legacy'],
    env: { HEYREACH_BASE_URL: sandbox.url, HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY },
  });
  const kinds = new Map(tools.map(({ name, risk }) => [name, risk]));
  for (const [name, args] of sampleCalls(sandbox.workspace)) {
    const before = file.lines().length;
    const result = await peer.callTool(name, args);
    const left = file.lines().slice(before);
    const shown = left.map(({ phase, tool, kind, outcome }) => [phase, tool, kind, outcome]);
    const kind = kinds.get(name);
    const lines = [
      ['intent', name, kind, undefined],
      ['outcome', name, kind, result.isError ? expect.any(String) : 'done'],
    ];
    expect(shown, name).toEqual(kind === 'read' ? [] : lines);
    expect(new Set(left.map(({ id }) => id)).size, name).toBeLessThanOrEqual(1);
  }
});

test.each([
  ['a folder in its place', () => file.path],
  ['a missing folder', () => `${file.path}/audit.jsonl`],
])('with %s nothing is changed, reads continue, and so does everything after the repair', async (_, place) => {
  const isFolder = place() === file.path;
  if (!isFolder) await mkdir(file.path);
  const peer = await connect({ args: off, env: { HEYREACH_AUDIT_LOG: place() } });
  // At the start, the file was writable.
  await (isFolder ? mkdir : rmdir)(file.path);
  const writes: [string, object][] = [
    ['send_message', sending('Not written down')],
    ['pause_campaign', { campaignId: 600001 }],
    ['create_list', { name: 'Made by a test' }],
  ];
  for (const [name, args] of writes) {
    const result = await peer.callTool(name, args);
    expect(result.isError, name).toBe(true);
    expect(result.structuredContent?.error, name).toMatchObject({
      kind: 'audit_unwritable',
      message: 'The audit log cannot be written, so nothing was changed.',
      nextStep: expect.stringContaining('HEYREACH_AUDIT_LOG'),
      outcome: 'not_sent',
    });
  }
  expect(stub.requests).toEqual([]);
  await expect.poll(() => peer.stderr()).toMatch(/EISDIR|ENOENT/);
  expect((await peer.callTool('list_campaigns')).structuredContent?.error).not.toMatchObject({
    kind: 'audit_unwritable',
  });
  expect(stub.requests).toHaveLength(1);
  if (isFolder) {
    await rmdir(file.path);
    await peer.callTool('send_message', sending('Written down'));
    expect(stub.sent()).toEqual(['Written down']);
    onlyCall();
  }
});

test('a call that could not be recorded does not use its confirmation', async () => {
  const peer = await connect();
  const args = sending('Allowed before the disk was full');
  const shown = await peer.callTool('send_message', args);
  const { confirmToken } = shown.structuredContent!.confirmation as { confirmToken: string };
  await mkdir(file.path);
  const refused = await peer.callTool('send_message', { ...args, confirmToken });
  expect(refused.structuredContent?.error).toMatchObject({ kind: 'audit_unwritable', outcome: 'not_sent' });
  expect(stub.sent()).toEqual([]);
  await rmdir(file.path);
  const sent = await peer.callTool('send_message', { ...args, confirmToken });
  expect(sent.isError).toBeFalsy();
  expect(stub.sent()).toEqual([args.message]);
});

test('an add that failed in part is recorded as done, with the error', async () => {
  let calls = 0;
  stub.answer(() => {
    calls += 1;
    return calls === 1
      ? { body: { addedLeadsCount: 100, updatedLeadsCount: 0, failedLeadsCount: 0 } }
      : { status: 400, body: { errorMessage: 'No more today.' } };
  });
  const peer = await connect({ args: off });
  const leads = Array.from({ length: 150 }, (_, index) => ({
    profileUrl: `https://www.linkedin.com/in/part-${index}-example`,
    firstName: 'Part',
    lastName: 'Example',
  }));
  const result = await peer.callTool('add_leads_to_list', { listId: 1, leads });
  expect(result.structuredContent).toMatchObject({ sent: 100 });
  expect(onlyCall().outcome).toMatchObject({ outcome: 'done', error: 'No more today.' });
});
