import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import {
  ALL_CLIENTS,
  type ClientKind,
  connectHttp,
  connectStdio,
  type McpPeer,
  type Progress,
} from '../support/clients/clients.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { TEST_KEY } from '../support/runs/keys.ts';
import { cellsOf } from '../support/runs/run-scope.ts';
import { defaultTools } from '../support/tools/tool-counts.ts';

describe.each(cellsOf(ALL_CLIENTS))('$client over $transport', ({ transport, client }) => {
  let sandbox: Sandbox;
  let program: HttpProgram | undefined;
  let peer: McpPeer;
  const env = () => ({ HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_CONFIRM: 'off' });
  const connect = () =>
    program === undefined ? connectStdio(client, { env: env() }) : connectHttp(client, program.url);

  beforeAll(async () => {
    sandbox = await startSandbox({ clock: 'manual' });
    if (transport === 'http') program = await startHttpProgram({ env: env() });
    peer = await connect();
  });
  beforeEach(() => sandbox.faults.clear());
  afterAll(async () => {
    await peer?.close();
    await program?.stop();
    await sandbox?.close();
  });

  test('receives the instructions and the server title', () => {
    expect(peer.instructions()).toMatch(/^LIVE: /);
    expect(peer.serverTitle()).toBe('HeyReach');
  });

  test('lists the default tools with their annotations', async () => {
    const tools = await peer.listTools();
    expect(tools).toHaveLength(defaultTools.length);
    expect(tools[0]).toMatchObject({
      name: 'check_api_key',
      annotations: { readOnlyHint: true, openWorldHint: false },
    });
    expect(tools.find(({ name }) => name === 'send_message')?.annotations).toMatchObject({
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
    });
  });

  test('reads', async () => {
    const result = await peer.callTool('list_campaigns', { limit: 3 });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ totalCount: 12, returned: 3, nextOffset: 3 });
    expect(JSON.parse(result.content[0]!.text)).toEqual(result.structuredContent);
    expect(result._meta?.['heyreach-mcp/source']).toBe('sandbox');
  });

  test('writes', async () => {
    const [campaignId] = sandbox.workspace.fixtures.campaigns.IN_PROGRESS;
    const result = await peer.callTool('pause_campaign', { campaignId });
    expect(result.structuredContent).toMatchObject({ campaignId, status: 'PAUSED' });
    expect(sandbox.workspace.campaigns.get(campaignId!)?.status).toBe('PAUSED');
    sandbox.workspace.campaigns.get(campaignId!)!.status = 'IN_PROGRESS';
  });

  test('receives an error as text and as structured content', async () => {
    const [campaignId] = sandbox.workspace.fixtures.campaigns.DRAFT;
    const result = await peer.callTool('resume_campaign', { campaignId });
    expect(result.isError).toBe(true);
    const sentence = 'The campaign you are trying to resume is not paused, finished or failed.';
    expect(result.content[0]?.text).toContain(sentence);
    expect(result.structuredContent?.error).toMatchObject({
      kind: 'bad_request',
      status: 400,
      message: sentence,
      outcome: 'refused',
      nextStep: expect.stringContaining('start_campaign'),
    });
  });

  test('receives the argument errors, and nothing is sent', async () => {
    const before = sandbox.requests.length;
    const result = await peer.callTool('get_campaign', { campainId: 1 });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toMatch(/campainId \(did you mean campaignId\?\)/);
    expect(result.structuredContent?.error).toMatchObject({ kind: 'invalid_input', outcome: 'not_sent' });
    expect(sandbox.requests).toHaveLength(before);
  });

  test('lists and reads resources, and fills templates', async () => {
    const [campaignId] = sandbox.workspace.fixtures.campaigns.PAUSED;
    const uri = `heyreach://campaigns/${campaignId}`;
    const { resources, nextCursor } = await peer.listResourcePage();
    expect(resources.map((resource) => resource.uri)).toContain(uri);
    expect((await peer.listResourcePage(nextCursor)).resources[0]?.uri).toMatch(/^heyreach:\/\/conversations\//);
    expect((await peer.listResourceTemplates()).map(({ uriTemplate }) => uriTemplate)).toContain(
      'heyreach://campaigns/{campaignId}',
    );
    const [contents] = await peer.readResource(uri);
    expect(JSON.parse(contents!.text)).toMatchObject({ id: campaignId, status: 'PAUSED' });
    await expect(peer.readResource('heyreach://campaigns/1')).rejects.toMatchObject({ code: -32602 });
  });

  test('lists and gets prompts with their embedded results', async () => {
    const campaignId = String(sandbox.workspace.fixtures.deepSequenceCampaign);
    expect((await peer.listPrompts()).map(({ name }) => name)).toContain('campaign_review');
    const { messages } = await peer.getPrompt('campaign_review', { campaignId });
    expect(messages[0]).toMatchObject({ role: 'user' });
    expect(messages.flatMap(({ content }) => content.resource?.uri ?? [])).toContain(
      `heyreach://tools/check_campaign?campaignId=${campaignId}`,
    );
    await expect(peer.getPrompt('campaign_review', {})).rejects.toMatchObject({ code: -32602 });
  });

  test('completes ids by name, in templates and in prompts', async () => {
    const { id, name } = [...sandbox.workspace.campaigns.values()][2]!;
    const refs = [
      { type: 'ref/resource', uri: 'heyreach://campaigns/{campaignId}' },
      { type: 'ref/prompt', name: 'campaign_review' },
    ] as const;
    for (const ref of refs) {
      const { completion, _meta } = await peer.complete(ref, 'campaignId', name.slice(0, 12));
      expect(completion.values).toContain(String(id));
      expect(_meta?.['heyreach-mcp/names']).toMatchObject({ [id]: name });
    }
  });

  test('receives a protocol error for an unknown tool', async () => {
    await expect(peer.callTool('delete_everything')).rejects.toThrow(/Unknown tool: delete_everything/);
  });

  test('receives progress notifications', async () => {
    const [campaignId] = sandbox.workspace.fixtures.campaigns.IN_PROGRESS;
    const accountLeadPairs = Array.from({ length: 250 }, (_, index) => ({
      lead: { profileUrl: `https://www.linkedin.com/in/progress-${index}`, firstName: 'P', lastName: 'Example' },
    }));
    // Each call takes a moment, so that each notification is sent separately.
    sandbox.faults.add({ match: { path: '/campaign/AddLeadsToCampaignV2' }, times: 3, kind: 'delay', ms: 40 });
    const seen: Progress[] = [];
    const result = await peer.callTool(
      'add_leads_to_campaign',
      { campaignId, accountLeadPairs },
      { onprogress: (progress) => seen.push(progress) },
    );
    expect(result.structuredContent).toMatchObject({ given: 250, sent: 250, unaccounted: 0 });
    // A client that handles the result first may lose the last notification.
    const notified = seen.map(({ progress, total }) => `${progress}/${total}`);
    expect(notified.slice(0, 2)).toEqual(['1/3', '2/3']);
    expect(['3/3', undefined]).toContain(notified[2]);
  });

  test('can cancel: later requests of the call are not sent', async () => {
    const [campaignId] = sandbox.workspace.fixtures.campaigns.IN_PROGRESS;
    const accountLeadPairs = Array.from({ length: 300 }, (_, index) => ({
      lead: { profileUrl: `https://www.linkedin.com/in/cancel-${index}`, firstName: 'C', lastName: 'Example' },
    }));
    const add = '/campaign/AddLeadsToCampaignV2';
    const heldMs = 150;
    sandbox.faults.add({ match: { path: add }, after: 1, times: 1, kind: 'delay', ms: heldMs });
    sandbox.faults.add({ match: { path: '/auth/CheckApiKey' }, times: 1, kind: 'delay', ms: 2 * heldMs });
    const before = sandbox.requests.length;
    const adds = () => sandbox.requests.slice(before).filter(({ path }) => path.includes(add));
    // A cancellation is a notification over stdio, and a closed connection over HTTP, as with the abort of a host.
    const leaving = transport === 'http' ? await connect() : peer;
    const controller = new AbortController();
    const cancelled = leaving
      .callTool(
        'add_leads_to_campaign',
        { campaignId, accountLeadPairs },
        { signal: controller.signal, onprogress: ({ progress }) => progress === 1 && controller.abort('enough') },
      )
      .then(
        () => 'answered',
        () => 'cancelled',
      );
    expect(await cancelled).toBe('cancelled');
    if (transport === 'http') await leaving.close();
    // The stub holds this result longer than the second request takes. Without the cancellation, the third request
    // would come first.
    expect((await peer.callTool('check_api_key')).isError).toBeFalsy();
    expect(adds().length).toBeLessThanOrEqual(2);
  });
});

test.each(['v1', 'v2-modern'] satisfies ClientKind[])(
  '%s is connected to a server that is named as a sandbox',
  async (client) => {
    const peer = await connectStdio(client, { args: ['--sandbox'] });
    try {
      expect(peer.instructions()).toMatch(/^SANDBOX: /);
      expect(peer.serverTitle()).toBe('HeyReach (sandbox)');
      const result = await peer.callTool('check_api_key');
      expect(result.structuredContent).toEqual({ valid: true, source: 'sandbox' });
      expect(result._meta?.['heyreach-mcp/source']).toBe('sandbox');
    } finally {
      await peer.close();
    }
  },
);
