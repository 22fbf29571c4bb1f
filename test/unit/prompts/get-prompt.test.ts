import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MODES } from '../../../src/mcp/modes.ts';
import { TOOLSETS } from '../../../src/mcp/tool.ts';
import { prompts } from '../../../src/prompts/prompt-registry.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { tools } from '../../../src/tools/registry.ts';
import { connectInProcess } from '../../support/programs/in-process.ts';
import { useSandbox } from '../../support/programs/sandbox-harness.ts';
import { TEST_KEY, TEST_ORGANIZATION_KEY } from '../../support/runs/keys.ts';
import { onlyInFullRun } from '../../support/runs/run-scope.ts';
import { promptArguments, textsOf } from '../../support/tools/prompts.ts';

describe('the arguments of a prompt', () => {
  const at = useSandbox({ clock: 'manual' }, 'in-process');
  beforeEach(() => {
    at.sandbox.requests.length = 0;
  });

  test.each([
    ['an unknown prompt', 'sell_more', {}, /no prompt "sell_more"/],
    ['a missing argument', 'campaign_review', {}, /^.*campaignId is required by campaign_review/],
    ['an empty argument', 'launch_checklist', { campaignId: ' ' }, /campaignId is required/],
    ['a missing second argument', 'reply_to_lead', { accountId: '170001' }, /conversationId is required/],
    [
      'a name that is too long',
      'campaign_review',
      { campaignId: 'x'.repeat(201) },
      /campaignId of campaign_review cannot be/,
    ],
    ['a conversation id with ..', 'reply_to_lead', { accountId: '1', conversationId: '../2' }, /cannot be/],
    ['a future day', 'weekly_report', { endDate: '2999-01-01' }, /endDate of weekly_report cannot be "2999-01-01"/],
    ['an invalid day', 'weekly_report', { endDate: '2026-02-30' }, /endDate of weekly_report cannot be/],
    ['an unknown argument', 'weekly_report', { tone: 'x' }, /no argument "tone"; it takes endDate, campaignId/],
  ])('%s is an error that names the argument, before any request to HeyReach', async (_, name, args, message) => {
    await expect(at.peer.getPrompt(name, args as Record<string, string>)).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringMatching(message),
    });
    expect(at.sandbox.requests).toEqual([]);
  });
});

describe('a campaign or sender in an argument', () => {
  const at = useSandbox({ clock: 'manual', rateLimit: false }, 'in-process');
  afterEach(() => at.sandbox.faults.clear());

  const urisOf = async (name: string, args: Record<string, string>) =>
    (await at.peer.getPrompt(name, args)).messages.flatMap(({ content }) => content.resource?.uri ?? []);
  const refusal = (args: Record<string, string>, name = 'weekly_report') =>
    at.peer.getPrompt(name, args).then(
      () => 'no error',
      (error: { code: number; message: string }) => `${error.code} ${error.message}`,
    );

  test('may be a name, with the same result as for the id', async () => {
    const { campaigns, accounts, fixtures } = at.sandbox.workspace;
    const campaignId = String(fixtures.deepSequenceCampaign);
    const { name } = campaigns.get(fixtures.deepSequenceCampaign)!;
    const byName = await urisOf('weekly_report', { campaignId: ` ${name.toUpperCase()} ` });
    expect(byName).toEqual(await urisOf('weekly_report', { campaignId }));
    expect(byName.join()).toContain(`campaignIds=${campaignId}`);
    const { accountId, conversationId } = fixtures.unreadReply;
    const sender = accounts.get(accountId)!;
    const accountName = `${sender.firstName} ${sender.lastName}`;
    const bySender = await urisOf('reply_to_lead', { accountId: accountName, conversationId });
    expect(bySender).toEqual(await urisOf('reply_to_lead', { accountId: String(accountId), conversationId }));
    expect(bySender.join()).toContain(`accountId=${accountId}`);
  });

  test('a name that matches none or several is an error with names and ids', async () => {
    const [first, second, third] = [...at.sandbox.workspace.campaigns.values()];
    second!.name = 'Twins in spring';
    first!.name = 'Twins in "autumn"\u202e\n[x](http://example.com)';
    third!.name = 'Only once';
    expect(await refusal({ campaignId: 'twins' })).toBe(
      `-32602 MCP error -32602: campaignId of weekly_report: 2 campaigns match "twins": "Twins in spring" (${second!.id}), "Twins in 'autumn' \\[x\\](http: //example.com)" (${first!.id}). Give the id.`,
    );
    expect(await refusal({ campaignId: 'once only' })).toMatch(/^-32602 .*No campaign is named "once only"/);
    expect(await refusal({ campaignId: '999999' })).toMatch(/^-32602 .*No campaign is named "999999"/);
    expect(await refusal({ accountId: '../x' }, 'triage_inbox')).toMatch(/^-32602 .*No LinkedIn account is named/);
  });

  test('if the lookup fails, a name is an error, and an id is used unchanged', async () => {
    const { accountId } = at.sandbox.workspace.fixtures.unreadReply;
    at.sandbox.faults.add({ match: { path: '/li_account/' }, kind: 'status', status: 403, times: 99 });
    expect(await refusal({ accountId: 'Grace' }, 'triage_inbox')).toMatch(
      /^-32603 .*"accountId of triage_inbox" could not be read\. HeyReach said \(HTTP 403\)/,
    );
    expect(await urisOf('triage_inbox', { accountId: String(accountId) })).toEqual([
      `heyreach://tools/list_unanswered?linkedInAccountIds=${accountId}&limit=15`,
    ]);
  });
});

describe('a reduced selection of tools', () => {
  const flags = [
    ['--mode', 'draft', '--exclude-tools', 'list_unanswered,list_leads_in_campaign,get_overall_stats'],
    ['--toolsets', 'inbox'],
    ...onlyInFullRun([
      ['--toolsets', 'workflows', '--exclude-tools', 'get_sender_capacity'],
      ...MODES.map((mode) => ['--mode', mode, '--toolsets', 'default,legacy']),
      ...TOOLSETS.filter((toolset) => toolset !== 'inbox').map((toolset) => ['--toolsets', toolset]),
      ['--exclude-tools', 'send_message,start_campaign,get_lead'],
    ]),
  ];

  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ clock: 'manual', rateLimit: false });
  });
  afterAll(() => sandbox.close());

  test.each(flags.map((args) => ({ args, title: args.join(' ') })))('$title', async ({ args }) => {
    const env = {
      HEYREACH_BASE_URL: sandbox.url,
      HEYREACH_API_KEY: TEST_KEY,
      HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY,
    };
    const peer = await connectInProcess(args, env);
    const shown = new Set((await peer.listTools()).map(({ name }) => name));
    const hidden = tools.map(({ name }) => name).filter((name) => !shown.has(name));
    const listed = (await peer.listPrompts()).map(({ name }) => name);
    for (const { name, requiredTools } of prompts)
      expect(listed.includes(name)).toBe(requiredTools.every((tool) => shown.has(tool)));
    for (const [name, input] of Object.entries(promptArguments(sandbox))) {
      if (!listed.includes(name)) {
        await expect(peer.getPrompt(name, input)).rejects.toMatchObject({ code: -32_602 });
        await expect(peer.complete({ type: 'ref/prompt', name }, 'campaignId', '')).rejects.toMatchObject({
          code: -32_602,
        });
        continue;
      }
      // A result may name a hidden tool as the next step, because it is what the tool returned.
      const text = textsOf(await peer.getPrompt(name, input)).at(-1)!;
      expect(hidden.filter((tool) => new RegExp(`\\b${tool}\\b`).test(text))).toEqual([]);
    }
    await peer.close();
  });
});
