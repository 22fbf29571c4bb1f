import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { CLIENTS, connectHttp, connectStdio, type McpPeer, type ToolResult } from '../support/clients/clients.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { TEST_KEY } from '../support/runs/keys.ts';
import { cellsOf } from '../support/runs/run-scope.ts';
import { sampleCalls } from '../support/tools/sample-calls.ts';

interface ErrorText {
  error: { kind: string; message: string; meaning: string; nextStep: string; outcome: string };
}

/** One cell per transport and per protocol era by default, and every cell in a full run. */
const CELLS = cellsOf(CLIENTS);

describe.each(CELLS)('--results text, $client over $transport', ({ transport, client }) => {
  let sandbox: Sandbox;
  const programs: HttpProgram[] = [];
  const peers: McpPeer[] = [];
  let peer: McpPeer;
  let structured: McpPeer;

  beforeAll(async () => {
    sandbox = await startSandbox({ clock: 'manual' });
    peer = await connect('text');
    structured = await connect('structured');
  });
  afterAll(async () => {
    for (const each of peers) await each.close();
    for (const program of programs) await program.stop();
    await sandbox?.close();
  });

  async function connect(results: 'text' | 'structured'): Promise<McpPeer> {
    const env = { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_RESULTS: results };
    if (transport === 'stdio') peers.push(await connectStdio(client, { env }));
    else {
      programs.push(await startHttpProgram({ env }));
      peers.push(await connectHttp(client, programs.at(-1)!.url));
    }
    return peers.at(-1)!;
  }

  /** Expects a result with one JSON text and no structure. @returns that text as a value. */
  function textOf(result: ToolResult): unknown {
    expect(result).not.toHaveProperty('structuredContent');
    expect(result.content).toHaveLength(1);
    return JSON.parse(result.content[0]!.text);
  }

  test('no tool has an output schema, and its other definition is complete', async () => {
    const all = await structured.listTools();
    expect(await peer.listTools()).toEqual(all.map(({ outputSchema: _, ...definition }) => definition));
    expect(all.every(({ outputSchema }) => outputSchema !== undefined)).toBe(true);
  });

  test('a result is the structure as text, with its source', async () => {
    const result = await peer.callTool('list_campaigns', {});
    const structuredResult = await structured.callTool('list_campaigns', {});
    expect(textOf(result)).toEqual(structuredResult.structuredContent);
    expect(result._meta).toEqual(structuredResult._meta);
  });

  test.each([
    ['of its arguments', 'list_campaigns', { limit: 0 }, 'invalid_input'],
    ['of HeyReach', 'get_campaign', { campaignId: 1 }, 'not_found'],
    ['of a confirmation', 'start_campaign', { campaignId: 1, confirmToken: 'made up' }, 'confirmation_forged'],
    [
      'with a report of the rows',
      'add_leads_to_list',
      { listId: 1, leads: [{ profileUrl: 'https://www.linkedin.com/in/ada-example' }] },
      'invalid_input',
    ],
  ] as const)('an error %s is JSON that a workflow can evaluate', async (_, tool, input, kind) => {
    const args = tool === 'add_leads_to_list' ? argumentsOf('add_leads_to_list', input) : input;
    const result = await peer.callTool(tool, args);
    expect(result.isError).toBe(true);
    const { error } = textOf(result) as ErrorText;
    expect(error).toMatchObject({
      kind,
      message: expect.any(String),
      meaning: expect.any(String),
      nextStep: expect.any(String),
      outcome: expect.stringMatching(/^(not_sent|refused)$/),
    });
    const structuredError = (await structured.callTool(tool, args)).structuredContent as unknown as ErrorText;
    const { requestId: _id, ...rest } = error as typeof error & { requestId?: string };
    expect(structuredError.error).toMatchObject(rest);
  });

  test('the preview of a confirmation and its token are in the text, and the token is valid', async () => {
    const [webhookId] = sandbox.workspace.webhooks.keys();
    const { confirmation } = textOf(await peer.callTool('delete_webhook', { webhookId })) as {
      confirmation: { required: boolean; preview: { text: string }; confirmToken: string };
    };
    expect(confirmation).toMatchObject({ required: true, preview: { text: expect.any(String) } });
    const { confirmToken } = confirmation;
    const deleted = await peer.callTool('delete_webhook', { webhookId, confirmToken });
    expect(deleted.isError).toBeFalsy();
    expect(textOf(deleted)).toMatchObject({ webhookId, deleted: true });
  });

  /** The arguments of a sample call, some of them replaced. */
  function argumentsOf(tool: string, changes: { leads: readonly object[] }): object {
    const [, args] = sampleCalls(sandbox.workspace).find(([name]) => name === tool)!;
    return { ...args, leads: changes.leads };
  }
});
