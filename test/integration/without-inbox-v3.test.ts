import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { prompts } from '../../src/prompts/prompt-registry.ts';
import { guides, resources } from '../../src/resources/index.ts';
import { variablesOf } from '../../src/resources/shared/uri-template.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { connectHttp, connectStdio, type McpPeer } from '../support/clients/clients.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { inFastTimeByDefault } from '../support/runs/fast-time.ts';
import { TEST_KEY } from '../support/runs/keys.ts';
import { onlyInFullRun } from '../support/runs/run-scope.ts';
import { promptArguments } from '../support/tools/prompts.ts';
import { sampleResources } from '../support/tools/resource-samples.ts';

const FIXED = resources.filter(({ uri }) => !uri.includes('{')).length + guides.length;
const V3 = '/inbox/GetConversationsV3';

// Without the operation, a listing works in the same way for every transport and era.
const cells = [
  { transport: 'http', client: 'v2-modern' },
  ...onlyInFullRun([{ transport: 'stdio', client: 'v1' }] as const),
] as const;

describe.each(cells)('a HeyReach without GetConversationsV3, $client over $transport', ({ transport, client }) => {
  let sandbox: Sandbox;
  let program: HttpProgram | undefined;
  let peer: McpPeer;

  beforeAll(async () => {
    sandbox = await startSandbox({ clock: 'manual', rateLimit: false, quirks: { hasInboxV3: false } });
    const env = { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY };
    if (transport === 'http') program = await startHttpProgram({ env });
    peer = await (program === undefined ? connectStdio(client, { env }) : connectHttp(client, program.url));
  });
  beforeEach(() => sandbox.faults.clear());
  afterAll(async () => {
    await peer?.close();
    await program?.stop();
    await sandbox?.close();
  });

  /** All pages of resources/list. */
  async function listAll() {
    const uris: string[] = [];
    const metas: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await peer.raw('resources/list', cursor === undefined ? {} : { cursor });
      uris.push(...(page.resources as { uri: string }[]).map(({ uri }) => uri));
      metas.push((page._meta as Record<string, unknown> | undefined)?.['heyreach-mcp/notReadable']);
      cursor = page.nextCursor as string | undefined;
    } while (cursor !== undefined);
    return { uris, notReadable: metas.filter((meta) => meta !== undefined) };
  }

  test('every resource can be read', async () => {
    const samples = sampleResources(sandbox.workspace);
    for (const { uri: template } of resources) {
      const contents = await peer.readResource(samples[template]!);
      expect(JSON.parse(contents.at(-1)!.text), template).not.toHaveProperty('notReadable');
    }
    const [inbox] = await peer.readResource('heyreach://conversations');
    const { totalCount, conversations } = JSON.parse(inbox!.text);
    expect(totalCount).toBe(sandbox.workspace.conversations.size);
    expect(conversations.length).toBeGreaterThan(30);
  });

  test('resources/list has every campaign and conversation', async () => {
    const { uris, notReadable } = await listAll();
    const { campaigns, conversations } = sandbox.workspace;
    expect(notReadable).toEqual([]);
    expect(new Set(uris).size).toBe(FIXED + campaigns.size + conversations.size);
    expect(uris).toHaveLength(FIXED + campaigns.size + conversations.size);
  });

  test('tries the rejected operation once per listing, not once per page', async () => {
    sandbox.requests.length = 0;
    await listAll();
    const paths = sandbox.requests.map(({ path }) => path);
    expect(paths.filter((path) => path.includes(V3))).toHaveLength(1);
    expect(paths.filter((path) => path.includes('GetConversationsV2')).length).toBeGreaterThan(1);
  });

  test('every variable is completed', async () => {
    for (const { uri } of resources) {
      for (const variable of variablesOf(uri)) {
        const { completion } = await peer.complete({ type: 'ref/resource', uri }, variable, '');
        expect(completion.values.length, `${variable} of ${uri}`).toBeGreaterThan(0);
      }
    }
    const { conversationId } = sandbox.workspace.fixtures.unreadReply;
    const template = 'heyreach://conversations/{accountId}/{conversationId}';
    const { completion } = await peer.complete(
      { type: 'ref/resource', uri: template },
      'conversationId',
      'Ada Example',
    );
    expect(completion.values).toContain(conversationId);
  });

  test('every prompt embeds its results', async () => {
    for (const { name } of prompts) {
      const got = await peer.getPrompt(name, promptArguments(sandbox)[name]);
      expect(got.messages.length, name).toBeGreaterThan(1);
      expect(got.messages.at(-1)!.content.text).not.toMatch(/failed, so its result|could not read everything/);
    }
  });

  test.each([400, 403, 404, 405])(
    'an inbox that answers %i in both versions removes only the conversations from the list',
    async (status) => {
      const body = '{"errorMessage":"Not\\u202e here"}';
      sandbox.faults.add({ match: { path: '/inbox/GetConversationsV' }, times: 9, kind: 'status', status, body });
      const { uris, notReadable } = await listAll();
      expect(uris).toHaveLength(FIXED + sandbox.workspace.campaigns.size);
      expect(notReadable).toEqual([{ conversations: `HTTP ${status}: Not here` }]);
    },
  );

  test.each([401, 500])(
    'a HeyReach that answers %i to everything removes no fixed entry from the list',
    async (status) => {
      sandbox.faults.add({ times: 50, kind: 'status', status, body: '{"errorMessage":"Not now"}' });
      const { uris, notReadable } = await inFastTimeByDefault(listAll);
      expect(uris).toHaveLength(FIXED);
      expect(notReadable).toEqual([{ campaigns: `HTTP ${status}: Not now`, conversations: `HTTP ${status}: Not now` }]);
    },
  );
});
