import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { prompts } from '../../src/prompts/catalog.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { TOOLSETS } from '../../src/tools/define.ts';
import { MODES } from '../../src/tools/modes.ts';
import { tools } from '../../src/tools/registry.ts';
import { CLIENTS, connectHttp, connectStdio, type GotPrompt, type McpPeer } from '../kit/clients.ts';
import { TEST_KEY, TEST_ORGANIZATION_KEY } from '../kit/keys.ts';
import { type HttpProgram, startHttpProgram } from '../kit/program.ts';

const TRANSPORTS = ['stdio', 'http'] as const;
const cells = TRANSPORTS.flatMap((transport) => CLIENTS.map((client) => ({ transport, client })));
const NAMES = prompts.map(({ name }) => name);

/** Arguments that every prompt can be got with, in a sandbox. */
function argumentsIn({ workspace }: Sandbox): Record<string, Record<string, string>> {
  const { fixtures } = workspace;
  const { accountId, conversationId } = fixtures.unreadReply;
  const campaignId = String(fixtures.deepSequenceCampaign);
  return {
    triage_inbox: {},
    reply_to_lead: { accountId: String(accountId), conversationId },
    campaign_review: { campaignId },
    launch_checklist: { campaignId: String(fixtures.draftReadyToStart) },
    weekly_report: {},
  };
}

const textsOf = ({ messages }: GotPrompt) => messages.map(({ content }) => content.text ?? content.resource!.text);
const urisOf = ({ messages }: GotPrompt) => messages.flatMap(({ content }) => content.resource?.uri ?? []);
const bytesOf = (got: GotPrompt) => Buffer.byteLength(textsOf(got).join(''));
const tokensOf = (got: GotPrompt) => textsOf(got).reduce((sum, text) => sum + encode(text).length, 0);

describe.each(cells)('$client over $transport', ({ transport, client }) => {
  let sandbox: Sandbox;
  let program: HttpProgram | undefined;
  let peer: McpPeer;
  const env = () => ({ HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY });

  beforeAll(async () => {
    sandbox = await startSandbox({ clock: 'manual' });
    if (transport === 'http') program = await startHttpProgram({ env: env() });
    peer = program === undefined ? await connectStdio(client, { env: env() }) : await connectHttp(client, program.url);
  });
  beforeEach(() => {
    sandbox.faults.clear();
    sandbox.requests.length = 0;
  });
  afterAll(async () => {
    await peer?.close();
    await program?.stop();
    await sandbox?.close();
  });

  test('lists the prompts with their arguments, and asks HeyReach nothing', async () => {
    const listed = await peer.listPrompts();
    expect(listed.map(({ name }) => name)).toEqual(NAMES);
    for (const { title, description } of listed) expect(title && description).toBeTruthy();
    expect(listed.find(({ name }) => name === 'reply_to_lead')?.arguments).toEqual([
      expect.objectContaining({ name: 'accountId', required: true }),
      expect.objectContaining({ name: 'conversationId', required: true }),
      expect.objectContaining({ name: 'intent', required: false }),
    ]);
    expect(sandbox.requests).toEqual([]);
  });

  test.each(NAMES)('%s: resources as they read, then the instructions', async (name) => {
    const got = await peer.getPrompt(name, argumentsIn(sandbox)[name]);
    expect(got.messages.every(({ role }) => role === 'user')).toBe(true);
    expect(got.messages.map(({ content }) => content.type)).toEqual([...urisOf(got).map(() => 'resource'), 'text']);
    expect(urisOf(got).length).toBeGreaterThan(0);
    for (const { content } of got.messages) {
      if (content.resource === undefined) continue;
      const read = await peer.readResource(content.resource.uri);
      const same = read.find(({ mimeType }) => mimeType === content.resource!.mimeType)!;
      // A prompt has less room than a resource by itself.
      if (Buffer.byteLength(same.text) < 8_000) expect(content.resource.text).toBe(same.text);
      if (content.resource.mimeType === 'application/json') JSON.parse(content.resource.text);
    }
    expect(bytesOf(got)).toBeLessThan(60_000);
  });

  test('reply_to_lead shows the thread and takes an intent', async () => {
    const { accountId, conversationId } = sandbox.workspace.fixtures.unreadReply;
    const got = await peer.getPrompt('reply_to_lead', {
      accountId: String(accountId),
      conversationId,
      intent: 'propose a call',
    });
    const [thread, instructions] = textsOf(got);
    expect(urisOf(got)).toEqual([`heyreach://conversations/${accountId}/${encodeURIComponent(conversationId)}`]);
    expect(thread).toContain(sandbox.workspace.conversations.get(conversationId)!.messages.at(-1)!.body);
    expect(instructions).toContain('It is to: propose a call');
    expect(instructions).toContain('send_message');
  });

  test.each([
    ['a prompt that there is not', 'sell_more', {}, /no prompt "sell_more"/],
    ['an argument left out', 'campaign_review', {}, /^.*campaignId is required by campaign_review/],
    ['an argument that is empty', 'launch_checklist', { campaignId: ' ' }, /campaignId is required/],
    ['the second argument left out', 'reply_to_lead', { accountId: '170001' }, /conversationId is required/],
    [
      'an id that is none',
      'campaign_review',
      { campaignId: 'Founders' },
      /campaignId of campaign_review cannot be "Founders"/,
    ],
    ['an id that climbs', 'campaign_review', { campaignId: '../lists' }, /cannot be/],
    ['a conversation that climbs', 'reply_to_lead', { accountId: '1', conversationId: '../2' }, /cannot be/],
    ['a day to come', 'weekly_report', { endDate: '2999-01-01' }, /endDate of weekly_report cannot be "2999-01-01"/],
    ['a day that is none', 'weekly_report', { endDate: '2026-02-30' }, /endDate of weekly_report cannot be/],
    [
      'an argument that there is not',
      'weekly_report',
      { tone: 'x' },
      /no argument "tone"; it takes endDate, campaignId/,
    ],
  ])('%s is refused by name, before anything is asked', async (_, name, args, message) => {
    await expect(peer.getPrompt(name, args as Record<string, string>)).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringMatching(message),
    });
    expect(sandbox.requests).toEqual([]);
  });

  test('an id that HeyReach does not know is said in its words', async () => {
    await expect(peer.getPrompt('campaign_review', { campaignId: '999999' })).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringContaining('Campaign with id 999999 was not found.'),
    });
  });

  test('a failure is an error, and never a message', async () => {
    sandbox.faults.add({ kind: 'status', status: 401, body: 'Invalid API key', times: 1_000 });
    for (const [name, args] of Object.entries(argumentsIn(sandbox))) {
      await expect(peer.getPrompt(name, args)).rejects.toMatchObject({
        code: -32_603,
        message: expect.stringContaining('Invalid API key'),
      });
    }
  });
});

describe('a large workspace', () => {
  test('no prompt takes more than 6,000 tokens, nor costs more than nine calls', { timeout: 60_000 }, async () => {
    const sandbox = await startSandbox({ clock: 'manual', size: 'large' });
    const env = { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY };
    const peer = await connectStdio('v2-modern', { env });
    const { fixtures } = sandbox.workspace;
    const args = argumentsIn(sandbox);
    const calls: [string, Record<string, string>][] = [
      ...Object.entries(args),
      ['weekly_report', { campaignId: String(fixtures.deepSequenceCampaign) }],
      ...fixtures.longThreads.map(({ accountId, conversationId }): [string, Record<string, string>] => [
        'reply_to_lead',
        { accountId: String(accountId), conversationId },
      ]),
    ];
    for (const [name, given] of calls) {
      sandbox.requests.length = 0;
      const got = await peer.getPrompt(name, given);
      expect(tokensOf(got), name).toBeLessThanOrEqual(6_000);
      expect(sandbox.requests.length).toBeLessThanOrEqual(9);
    }
    await peer.close();
    await sandbox.close();
  });
});

describe('what a configuration shows', () => {
  const flags = [
    ...MODES.map((mode) => ['--mode', mode, '--toolsets', 'default,legacy']),
    ...TOOLSETS.map((toolset) => ['--toolsets', toolset]),
    ['--exclude-tools', 'send_message,start_campaign,get_lead'],
    ['--mode', 'draft', '--exclude-tools', 'list_conversations,list_leads_in_campaign,get_overall_stats'],
  ];

  test.each(flags.map((args) => ({ args, title: args.join(' ') })))('$title', async ({ args }) => {
    const sandbox = await startSandbox({ clock: 'manual' });
    const env = {
      HEYREACH_BASE_URL: sandbox.url,
      HEYREACH_API_KEY: TEST_KEY,
      HEYREACH_ORG_API_KEY: TEST_ORGANIZATION_KEY,
    };
    const peer = await connectStdio('v2-legacy', { args, env });
    const shown = new Set((await peer.listTools()).map(({ name }) => name));
    const hidden = tools.map(({ name }) => name).filter((name) => !shown.has(name));
    const listed = (await peer.listPrompts()).map(({ name }) => name);
    for (const { name, needs } of prompts) expect(listed.includes(name)).toBe(needs.every((tool) => shown.has(tool)));
    for (const [name, given] of Object.entries(argumentsIn(sandbox))) {
      if (!listed.includes(name)) {
        await expect(peer.getPrompt(name, given)).rejects.toMatchObject({ code: -32_602 });
        await expect(peer.complete({ type: 'ref/prompt', name }, 'campaignId', '')).rejects.toMatchObject({
          code: -32_602,
        });
        continue;
      }
      const text = JSON.stringify(await peer.getPrompt(name, given));
      expect(hidden.filter((tool) => new RegExp(`\\b${tool}\\b`).test(text))).toEqual([]);
    }
    await peer.close();
    await sandbox.close();
  });
});
