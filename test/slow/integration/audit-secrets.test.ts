import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { fingerprintKey } from '../../../src/client/index.ts';
import { connectHttp, connectStdio, type McpPeer } from '../../support/clients/clients.ts';
import { startStub } from '../../support/heyreach/heyreach-stub.ts';
import { type InboxStub, sending, startInboxStub } from '../../support/heyreach/inbox-stub.ts';
import { startHttpProgram } from '../../support/programs/program.ts';
import { ALL_TEST_KEYS, OTHER_TEST_KEY, TEST_KEY, TEST_ORGANIZATION_KEY } from '../../support/runs/keys.ts';
import { useAuditFile } from '../../support/tools/audit.ts';

const file = useAuditFile();
let stub: InboxStub;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  stub = await startInboxStub();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(() => stub.close());

const env = (further: Record<string, string> = {}) => ({
  HEYREACH_BASE_URL: stub.url,
  HEYREACH_API_KEY: TEST_KEY,
  HEYREACH_AUDIT_LOG: file.path,
  ...further,
});
const off = ['--confirm', 'off'];
async function connect(further: Record<string, string>): Promise<McpPeer> {
  const peer = await connectStdio('v1', { args: off, env: env(further) });
  ends.push(() => peer.close());
  return peer;
}

test('the file contains no key, no value of a header, and no path of a webhook', async () => {
  const peer = await connect({ HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY });
  const webhook = {
    webhookName: 'Test hook',
    webhookUrl: 'https://hooks.example.com/made-up-path?token=made-up-token',
    eventType: 'MESSAGE_REPLY_RECEIVED',
    customHeaders: { 'X-Signature': 'made-up-header-value' },
  };
  await peer.callTool('create_webhook', webhook);
  await peer.callTool('update_webhook', { webhookId: 7, ...webhook });
  await peer.callTool('send_message', sending(`My key is ${TEST_KEY}, mind.`));
  await peer.callTool('create_list', { name: `List of ${TEST_KEY}` });
  await peer.callTool('create_workspace', { workspaceName: TEST_ORGANIZATION_KEY });
  const text = file.text();
  for (const secret of [...ALL_TEST_KEYS, 'made-up-path', 'made-up-token', 'made-up-header-value']) {
    expect(text).not.toContain(secret);
  }
  const intents = file.lines().filter(({ phase }) => phase === 'intent');
  expect(intents.map((line) => line.tool)).toEqual([
    'create_webhook',
    'update_webhook',
    'send_message',
    'create_list',
    'create_workspace',
  ]);
  expect(intents[0]?.arguments).toEqual({
    ...webhook,
    webhookUrl: expect.stringMatching(/^https:\/\/hooks\.example\.com\/… \(.{8}\)$/),
    customHeaders: { 'X-Signature': '********' },
  });
  expect(intents[2]?.arguments).toMatchObject({ message: 'My key is [key], mind.' });
  // HeyReach still gets the values that the audit log hides.
  expect(stub.sent()).toEqual([`My key is ${TEST_KEY}, mind.`]);
});

test('the file contains none of them when HeyReach repeats them, and no key in a call with the other key', async () => {
  const echo = await startStub();
  ends.push(() => echo.close());
  echo.answer(({ path, body }) =>
    path.includes('Webhook') ? { status: 400, body: { errorMessage: `Cannot take ${body}` } } : {},
  );
  const peer = await connect({ HEYREACH_BASE_URL: echo.url, HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY });
  await peer.callTool('create_webhook', {
    webhookName: 'Test hook',
    webhookUrl: 'https://hooks.example.com/made-up-path',
    eventType: 'MESSAGE_REPLY_RECEIVED',
    customHeaders: { 'X-Signature': 'made-up-header-value' },
  });
  await peer.callTool('create_list', { name: `List of ${TEST_ORGANIZATION_KEY}` });
  await peer.callTool('create_workspace', { workspaceName: TEST_KEY });
  expect(file.phases()).toEqual(['intent', 'outcome', 'intent', 'outcome', 'intent', 'outcome']);
  const text = file.text();
  expect(text).toContain('Cannot take ');
  for (const secret of [...ALL_TEST_KEYS, 'made-up-path', 'made-up-header-value']) expect(text).not.toContain(secret);
});

test('the file does not contain the key of a request over HTTP', async () => {
  const program = await startHttpProgram({ args: off, env: env() });
  ends.push(() => program.stop());
  const peer = await connectHttp('v1', program.url, { authorization: `Bearer ${OTHER_TEST_KEY}` });
  ends.push(() => peer.close());
  stub.onSend(() => ({ status: 401, body: `The key ${OTHER_TEST_KEY} is not known` }));
  await peer.callTool('send_message', sending(`Mine is ${OTHER_TEST_KEY}`));
  const [intent, outcome] = file.lines();
  expect(intent?.key).toBe(fingerprintKey(OTHER_TEST_KEY));
  expect(outcome?.error).toBe('The key [key] is not known');
  expect(file.text()).not.toContain(OTHER_TEST_KEY);
});
