import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROWS_EACH } from '../../src/mcp/results/all-workspaces.ts';
import type { McpPeer } from '../support/clients/clients.ts';
import { startTwoWorkspaces, type TwoWorkspaces } from '../support/heyreach/two-workspaces.ts';
import { connectInProcess } from '../support/programs/in-process.ts';
import { inFastTimeByDefault } from '../support/runs/fast-time.ts';

let heyreach: TwoWorkspaces;
let folder: string;
let peer: McpPeer;
beforeAll(async () => {
  heyreach = await startTwoWorkspaces();
  folder = await mkdtemp(join(tmpdir(), 'heyreach-workspaces-'));
  const file = join(folder, 'workspaces');
  await writeFile(file, `first ${heyreach.first.key}\nsecond ${heyreach.second.key}\n`, { mode: 0o600 });
  peer = await connectInProcess(['--confirm', 'token'], {
    HEYREACH_BASE_URL: heyreach.url,
    HEYREACH_WORKSPACES: file,
    HEYREACH_AUDIT_LOG: join(folder, 'audit.jsonl'),
  });
});
afterAll(async () => {
  await peer?.close();
  await heyreach?.close();
  await rm(folder, { recursive: true, force: true });
});

const text = async (name: string, args: object) => JSON.stringify(await peer.callTool(name, args));

describe('a server with two workspaces', () => {
  test('names them in its instructions and in every tool', async () => {
    expect(peer.instructions()).toContain(
      'Workspaces: first, second. In every call, pass the workspace that the user means.',
    );
    for (const { name, inputSchema } of await peer.listTools()) {
      const { workspace } = (inputSchema as { properties: Record<string, object> }).properties;
      expect(workspace, name).toMatchObject({ type: 'string', enum: expect.arrayContaining(['first', 'second']) });
    }
    expect((await peer.listPrompts()).map(({ name }) => name)).toContain('agency_digest');
  });

  test('reads the workspace in the arguments, and the first by default', async () => {
    for (const [args, mark, other] of [
      [{ workspace: 'second' }, heyreach.second.mark, heyreach.first.mark],
      [{ workspace: 'first' }, heyreach.first.mark, heyreach.second.mark],
      [{}, heyreach.first.mark, heyreach.second.mark],
    ] as const) {
      const listing = await text('list_campaigns', args);
      expect(listing).toContain(mark);
      expect(listing).not.toContain(other);
    }
  });

  test.each<[string, object]>([
    ['list_unanswered', { lookBackDays: 365 }],
    ['get_performance', { startDate: '2026-05-16', endDate: '2026-06-14' }],
    ['get_sender_capacity', {}],
    ['find_leads', { stage: 'invite_pending' }],
  ])('%s returns the counts of all workspaces, then ten rows of each', async (name, args) => {
    // Not callTool, which compares with the definition of a server with one workspace.
    const { structuredContent } = await peer.raw('tools/call', { name, arguments: { ...args, workspace: 'all' } });
    const { outputSchema } = (await peer.listTools()).find((tool) => tool.name === name)!;
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(outputSchema!);
    expect(validate(structuredContent), JSON.stringify(validate.errors)).toBe(true);
    const { workspaces, tables } = structuredContent as {
      workspaces: { workspace: string }[];
      tables: { workspace: string; rows: unknown[] }[];
    };
    expect(workspaces.map(({ workspace }) => workspace)).toEqual(['first', 'second']);
    expect(Object.keys(workspaces[0]!).length).toBeGreaterThan(2);
    for (const [index, { mark }] of [heyreach.first, heyreach.second].entries()) {
      expect(tables[index]!.rows.length).toBeLessThanOrEqual(ROWS_EACH);
      expect(JSON.stringify(tables[index])).toContain(mark);
    }
    expect(JSON.stringify(tables[0])).not.toContain(heyreach.second.mark);
  });

  test('rejects a write without a workspace, and a write for all', async () => {
    const campaignId = [...heyreach.first.workspace.campaigns.keys()][0];
    for (const args of [{ campaignId }, { campaignId, workspace: 'all' }, { campaignId, workspace: 'third' }]) {
      const { isError, structuredContent } = await peer.callTool('pause_campaign', args);
      expect([isError, structuredContent]).toEqual([
        true,
        {
          error: expect.objectContaining({
            kind: 'invalid_input',
            outcome: 'not_sent',
            message: expect.stringContaining('first, second'),
          }),
        },
      ]);
    }
  });

  test('shows the workspace in the confirmation, and accepts the token in no other workspace', async () => {
    const campaignId = [...heyreach.second.workspace.campaigns.values()].find(({ status }) => status === 'PAUSED')!.id;
    const asked = await peer.callTool('resume_campaign', { campaignId, workspace: 'second' });
    const { confirmation } = asked.structuredContent as {
      confirmation: { confirmToken: string; preview: { text: string; workspace: string } };
    };
    expect(confirmation.preview.text).toContain('Workspace: second');
    expect(confirmation.preview.workspace).toBe('second');
    const { confirmToken } = confirmation;
    const refused = await peer.callTool('resume_campaign', { campaignId, workspace: 'first', confirmToken });
    expect(refused.structuredContent).toMatchObject({ error: { kind: 'confirmation_other_key', outcome: 'not_sent' } });
    const allowed = { campaignId, workspace: 'second', confirmToken };
    const done = await inFastTimeByDefault(() => peer.callTool('resume_campaign', allowed));
    expect(done.isError).not.toBe(true);
    expect(heyreach.second.workspace.campaigns.get(campaignId)!.status).not.toBe('PAUSED');
    expect(heyreach.first.workspace.campaigns.get(campaignId)!.status).toBe('PAUSED');
    const auditLog = (await readFile(join(folder, 'audit.jsonl'), 'utf8')).trim().split('\n');
    const intents = auditLog.map((line) => JSON.parse(line)).filter(({ phase }) => phase === 'intent');
    expect(intents).toEqual([expect.objectContaining({ tool: 'resume_campaign', workspace: 'second' })]);
    const [recent] = await peer.readResource('heyreach://audit/recent');
    expect(JSON.parse(recent!.text).calls).toEqual([expect.objectContaining({ workspace: 'second' })]);
  });

  test('sends only the two keys', () => {
    expect(heyreach.strangers).toEqual([]);
  });

  test('prompts read the workspace in their arguments, and name it', async () => {
    const listed = await peer.listPrompts();
    for (const { name, arguments: args = [] } of listed.filter(({ name }) => name !== 'agency_digest')) {
      expect(args, name).toContainEqual({
        ...{ name: 'workspace', description: 'The workspace; first if omitted', required: false },
      });
    }
    const textOf = async (name: string, args: Record<string, string>) =>
      (await peer.getPrompt(name, args)).messages
        .map(({ content }) => content.resource?.text ?? content.text)
        .join('\n');
    for (const [args, own, other] of [
      [{ workspace: 'second' }, heyreach.second, heyreach.first],
      [{}, heyreach.first, heyreach.second],
    ] as const) {
      const name = own === heyreach.second ? 'second' : 'first';
      // The names of the campaigns contain the name of their workspace.
      const campaign = [...own.workspace.campaigns.values()].find(({ status }) => status === 'DRAFT')!.name;
      const text = await textOf('campaign_review', { ...args, campaignId: campaign });
      expect(text).toContain(own.mark);
      expect(text).not.toContain(other.mark);
      expect(text).toContain(`Pass workspace ${name} in every call.`);
    }
    await expect(peer.getPrompt('triage_inbox', { workspace: 'third' })).rejects.toMatchObject({ code: -32_602 });
  });

  test('completes names of workspaces, and the ids of the named workspace', async () => {
    const prompt = { type: 'ref/prompt', name: 'campaign_review' } as const;
    const names = await peer.complete(prompt, 'workspace', 'sec');
    expect(names.completion.values).toEqual(['second']);
    for (const [workspace, { mark }] of [
      ['second', heyreach.second],
      ['first', heyreach.first],
    ] as const) {
      const completion = await peer.complete(prompt, 'campaignId', '', { workspace });
      expect(JSON.stringify(completion)).toContain(mark);
    }
  });

  test('writes a digest of all', async () => {
    const { messages } = await peer.getPrompt('agency_digest');
    const texts = messages.map(({ content }) => content.resource?.text ?? content.text).join('\n');
    expect(texts).toContain(heyreach.first.mark);
    expect(texts).toContain(heyreach.second.mark);
  });
});
