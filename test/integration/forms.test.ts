import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { tools } from '../../src/tools/registry.ts';
import type { ToolResult } from '../support/clients/clients.ts';
import { FORM_TRANSPORTS, type FormClient, NO_HANDLER, openFormClient } from '../support/clients/form-clients.ts';
import { choiceIn, type Form } from '../support/clients/forms.ts';
import { inFastTimeByDefault } from '../support/runs/fast-time.ts';
import { TEST_KEY, TEST_ORGANIZATION_KEY } from '../support/runs/keys.ts';
import { isFullRun, onlyInFullRun } from '../support/runs/run-scope.ts';
import { sampleCalls } from '../support/tools/sample-calls.ts';

const READS = /^(GET |POST \S+\/Get\w+)/;

/** Contents of an accepted form without the expected choice, with a label each. */
const WRONG: [string, (form: Form) => object][] = [
  ['an empty form', () => ({ content: {} })],
  ['no content', () => ({})],
  ['null for the content', () => ({ content: null })],
  ['null for the choice', (form) => ({ content: { [choiceIn(form).name]: null } })],
  ['an empty choice', (form) => ({ content: { [choiceIn(form).name]: '' } })],
  ['true', (form) => ({ content: { [choiceIn(form).name]: true } })],
  ['the place of the choice', (form) => ({ content: { [choiceIn(form).name]: 1 } })],
  ['a list', (form) => ({ content: { [choiceIn(form).name]: [choiceIn(form).yes] } })],
  ['an object', (form) => ({ content: { [choiceIn(form).name]: { value: choiceIn(form).yes } } })],
  ['the word of another call', (form) => ({ content: { [choiceIn(form).name]: 'Resume' } })],
  ['yes', (form) => ({ content: { [choiceIn(form).name]: 'yes' } })],
  ['lower case', (form) => ({ content: { [choiceIn(form).name]: choiceIn(form).yes.toLowerCase() } })],
  ['upper case', (form) => ({ content: { [choiceIn(form).name]: choiceIn(form).yes.toUpperCase() } })],
  ['a space behind', (form) => ({ content: { [choiceIn(form).name]: `${choiceIn(form).yes} ` } })],
  ['a hidden character', (form) => ({ content: { [choiceIn(form).name]: `${choiceIn(form).yes}\u200b` } })],
  ['another field', (form) => ({ content: { confirm: choiceIn(form).yes } })],
  ['a further field', (form) => ({ content: { [choiceIn(form).name]: choiceIn(form).yes, confirm: false } })],
  ['a text for the content', (form) => ({ content: choiceIn(form).yes })],
  ['a list for the content', (form) => ({ content: [choiceIn(form).yes] })],
  [
    'a prototype with the choice',
    (form) => ({ content: JSON.parse(`{"__proto__":{"${choiceIn(form).name}":"${choiceIn(form).yes}"}}`) }),
  ],
];

/** Answers of clients that declare forms but cannot show them, with a label each. */
const UNABLE: [string, unknown][] = [
  ['the error of a missing handler', NO_HANDLER],
  ['nothing', {}],
  ['an unknown action', { action: 'skip' }],
  ['an unknown action with the positive choice', { action: 'approve', content: { decision: 'Send' } }],
  ['a number for the action', { action: 1 }],
  ['null for the action', { action: null }],
];

/** Every era and every transport once in the default run. */
const WAYS = FORM_TRANSPORTS.filter((way) => isFullRun || way !== '2026-07-28 over stdio');

describe.each(WAYS)('%s', (way) => {
  let sandbox: Sandbox;
  let client: FormClient;
  beforeAll(async () => {
    sandbox = await startSandbox({ rateLimit: false });
    client = await openFormClient(way, {
      HEYREACH_BASE_URL: sandbox.url,
      HEYREACH_API_KEY: TEST_KEY,
      // The preview of a start compares its leads with the workspace, which a window of a minute would delay.
      HEYREACH_TEST_WINDOW_MS: '200',
    });
  });
  afterAll(async () => {
    await client?.close();
    await sandbox?.close();
  });

  /** Arguments of tools of four kinds, with the labels of their forms and the request that each tool makes. */
  const CALLS: [tool: string, no: string, yes: string, args: () => object, request: string][] = [
    [
      'send_message',
      'Do not send',
      'Send',
      () => {
        const { accountId, conversationId } = sandbox.workspace.fixtures.unreadReply;
        return { conversationId, linkedInAccountId: accountId, message: 'Only if it was chosen' };
      },
      '/inbox/SendMessage',
    ],
    [
      'start_campaign',
      'Do not start',
      'Start',
      () => ({ campaignId: sandbox.workspace.fixtures.draftReadyToStart }),
      '/campaign/StartCampaign',
    ],
    [
      'delete_webhook',
      'Do not delete',
      'Delete',
      () => ({ webhookId: [...sandbox.workspace.webhooks.keys()][0] }),
      '/webhooks/DeleteWebhook',
    ],
    [
      'create_webhook',
      'Do not create',
      'Create',
      () => ({
        webhookName: 'Chosen hook',
        webhookUrl: 'https://example.com/hook',
        eventType: 'MESSAGE_REPLY_RECEIVED',
      }),
      '/webhooks/CreateWebhook',
    ],
    [
      'update_campaign_settings',
      'Do not change',
      'Change',
      () => ({ campaignId: sandbox.workspace.fixtures.campaigns.PAUSED[0], clearExcludeList: true }),
      '/campaign/UpdateSettings',
    ],
  ];
  const writesSince = (count: number) =>
    sandbox.requests
      .slice(count)
      .map(({ method, path }) => `${method} ${path}`)
      .filter((request) => !READS.test(request));

  const message = (text: string) => {
    const { accountId, conversationId } = sandbox.workspace.fixtures.unreadReply;
    return { conversationId, linkedInAccountId: accountId, message: text };
  };
  const tokenIn = ({ structuredContent }: ToolResult) =>
    (structuredContent as { confirmation: { confirmToken: string } }).confirmation.confirmToken;

  // The first preview of a start compares its leads with the workspace, so by default only one of two clients makes it.
  const unable = isFullRun || way === WAYS[0] ? CALLS : CALLS.slice(0, 1);
  test.each(UNABLE.map(([what, answer], index) => [what, unable[index % unable.length]!, answer] as const))(
    'a form answered with %s: the result is the preview and a token',
    async (_, [tool, , , args], answer) => {
      const before = sandbox.requests.length;
      const { result } = await client.call(tool, args(), () => answer);
      expect(result.isError, result.content[0]?.text).toBeFalsy();
      expect(result.structuredContent).not.toHaveProperty('declined');
      expect(result.structuredContent).toMatchObject({
        confirmation: { required: true, preview: { text: expect.any(String) }, confirmToken: expect.any(String) },
        nextStep: expect.stringMatching(/^The client could not show a confirmation form. Nothing was done yet./),
      });
      expect(writesSince(before)).toEqual([]);
    },
  );

  // In every run the first way covers all tools. The others cover the tool whose message must not be sent twice.
  describe.each(isFullRun || way === WAYS[0] ? CALLS : CALLS.slice(0, 1))('%s', (tool, no, yes, args, request) => {
    // In every run send_message covers all of them once. The check is the same code for each tool, era and transport.
    const takesAll = isFullRun || (tool === 'send_message' && way === WAYS[0]);
    const wrong = WRONG.filter((_, index) => takesAll || index % 10 === 0);
    test.each(wrong)('accepted with %s is declined, and nothing is written', async (_, wrong) => {
      const before = sandbox.requests.length;
      const { result } = await client.call(tool, args(), (form) => ({ action: 'accept', ...wrong(form) }));
      expect(result.isError).toBeFalsy();
      expect(result.structuredContent).toEqual({
        declined: true,
        reason: 'declined',
        message: expect.stringMatching(
          `^The client accepted the form without the choice "${yes}", .*: nothing was done`,
        ),
        nextStep: expect.stringContaining('--confirm token'),
      });
      expect(writesSince(before)).toEqual([]);
    });

    test.each([
      ['accepted with the negative choice', 'accept', 'declined'],
      ['declined with the positive choice', 'decline', 'declined'],
      ['dismissed with the positive choice', 'cancel', 'dismissed'],
    ] as const)('%s is a decline, and nothing is written', async (_, action, reason) => {
      const before = sandbox.requests.length;
      const choice = action === 'accept' ? no : yes;
      const { result, form } = await client.call(tool, args(), ({ properties }) => ({
        action,
        content: { [Object.keys(properties)[0]!]: choice },
      }));
      expect(Object.values(form.properties)).toEqual([{ type: 'string', title: 'Decision', enum: [no, yes] }]);
      expect(form.required).toEqual(Object.keys(form.properties));
      expect(result.structuredContent).toMatchObject({ declined: true, reason });
      expect(JSON.stringify(result)).not.toMatch(/person (said|declined)|user said/);
      expect(writesSince(before)).toEqual([]);
    });

    test('accepted with its positive choice is executed once', async () => {
      const before = sandbox.requests.length;
      const { result } = await inFastTimeByDefault(() =>
        client.call(tool, args(), (form) => ({ action: 'accept', content: { [choiceIn(form).name]: yes } })),
      );
      expect(result.isError, result.content[0]?.text).toBeFalsy();
      expect(result.structuredContent).not.toHaveProperty('declined');
      expect(writesSince(before)).toEqual([expect.stringContaining(request)]);
    });
  });

  test('the token in place of a form allows the call once, without a form', async () => {
    const args = message(`Allowed by a token, ${way}`);
    const { result } = await client.call('send_message', args, () => NO_HANDLER);
    const confirmToken = tokenIn(result);
    const before = sandbox.requests.length;
    const sent = await inFastTimeByDefault(() => client.callOnce('send_message', { ...args, confirmToken }));
    expect(sent.structuredContent).toMatchObject({ delivery: 'seen_in_thread' });
    expect(writesSince(before)).toEqual([expect.stringContaining('/inbox/SendMessage')]);
  });

  test.each([
    ['made up', () => 'yes'],
    ['of other arguments', (token: string) => token],
  ])('a token that is %s does not replace the form', async (_, tokenOf) => {
    const { result } = await client.call('send_message', message('Shown'), () => ({}));
    const confirmToken = tokenIn(result);
    const before = sandbox.requests.length;
    const args = { ...message('Not shown'), confirmToken: tokenOf(confirmToken) };
    const asked = await client.call('send_message', args, () => ({ action: 'decline' }));
    expect(asked.result.structuredContent).toMatchObject({ declined: true });
    expect(writesSince(before)).toEqual([]);
  });
});

test.each([FORM_TRANSPORTS[0]!, ...onlyInFullRun(FORM_TRANSPORTS.slice(1))])(
  '%s: no tool that asks treats an automatic answer as a yes',
  async (way) => {
    const sandbox = await startSandbox({ rateLimit: false });
    const client = await openFormClient(way, {
      HEYREACH_BASE_URL: sandbox.url,
      HEYREACH_API_KEY: TEST_KEY,
      HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY,
      HEYREACH_TEST_WINDOW_MS: '200',
    });
    const asking = new Set(tools.filter(({ confirmation }) => confirmation === 'always').map(({ name }) => name));
    const calls = sampleCalls(sandbox.workspace).filter(([name]) => asking.has(name));
    expect(calls.length).toBe(asking.size);
    const problems: string[] = [];
    // The samples work only in their order, so a call whose preview fails has no form.
    const before = sandbox.requests.length;
    let declined = 0;
    for (const [name, args] of calls) {
      if (['resume_campaign', 'delete_webhook', 'remove_campaign_accounts'].includes(name)) continue;
      const empty = await client.call(name, args, () => ({ action: 'accept', content: {} }));
      if (empty.result.structuredContent?.declined !== true) problems.push(`${name}: ${empty.result.content[0]?.text}`);
      else declined += 1;
      const unable = await client.call(name, args, () => ({}));
      if (unable.result.structuredContent?.confirmation === undefined) problems.push(`${name} gives no token`);
    }
    expect(problems).toEqual([]);
    expect(declined).toBeGreaterThan(10);
    expect(
      sandbox.requests
        .slice(before)
        .map(({ method, path }) => `${method} ${path}`)
        .filter((request) => !READS.test(request)),
    ).toEqual([]);
    await client.close();
    await sandbox.close();
  },
);

describe.each([WAYS[0]!, ...onlyInFullRun(WAYS.slice(1))])('%s with --confirm token', (way) => {
  test('shows no form: the preview comes with a token, which allows the call', async () => {
    const sandbox = await startSandbox({ rateLimit: false });
    const env = { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_TEST_WINDOW_MS: '200' };
    const client = await openFormClient(way, env, 'token');
    const { webhooks } = sandbox.workspace;
    const [webhookId = 0] = webhooks.keys();
    const { structuredContent } = await client.callOnce('delete_webhook', { webhookId });
    const { confirmation } = structuredContent as { confirmation: { confirmToken: string } };
    const { confirmToken } = confirmation;
    expect(webhooks.has(webhookId)).toBe(true);
    const deleted = await client.callOnce('delete_webhook', { webhookId, confirmToken });
    expect(deleted.isError).toBeFalsy();
    expect(webhooks.has(webhookId)).toBe(false);
    await client.close();
    await sandbox.close();
  });
});
