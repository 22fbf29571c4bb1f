import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { guides, resources } from '../../src/resources/index.ts';
import { fillTemplate } from '../../src/resources/shared/uri-template.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { CLIENTS, connectHttp, connectStdio, type McpPeer } from '../support/clients/clients.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { TEST_KEY } from '../support/runs/keys.ts';
import { cellsOf } from '../support/runs/run-scope.ts';
import { MALFORMED_RESOURCES, sampleResources, UNKNOWN_RESOURCES } from '../support/tools/resource-samples.ts';

const CONVERSATION = 'heyreach://conversations/{accountId}/{conversationId}';
const AWKWARD_ID = '2-YWRh/ZXhh//bXBs+ZQ==';

describe.each(cellsOf(CLIENTS))('$client over $transport', ({ transport, client }) => {
  let sandbox: Sandbox;
  let program: HttpProgram | undefined;
  let peer: McpPeer;

  beforeAll(async () => {
    sandbox = await startSandbox({ clock: 'manual', rateLimit: false });
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

  test('reads every resource with few requests', async () => {
    const samples = sampleResources(sandbox.workspace);
    expect(Object.keys(samples).sort()).toEqual(resources.map(({ uri }) => uri).sort());
    for (const { uri: template, mimeType } of resources) {
      const uri = samples[template]!;
      const before = sandbox.requests.length;
      const contents = await peer.readResource(uri);
      const types = mimeType === undefined ? ['application/json'] : [mimeType, 'application/json'];
      expect(
        contents.map((content) => [content.uri, content.mimeType]),
        uri,
      ).toEqual(types.map((type) => [uri, type]));
      const data = JSON.parse(contents.at(-1)!.text);
      expect(Object.keys(data).length, uri).toBeGreaterThan(2);
      expect(data, uri).not.toHaveProperty('error');
      expect(sandbox.requests.length - before, uri).toBeLessThanOrEqual(4);
    }
  });

  test('reads the guides without a request to HeyReach', async () => {
    const before = sandbox.requests.length;
    for (const { uri, text } of guides) {
      expect(await peer.readResource(uri)).toEqual([{ uri, mimeType: 'text/markdown', text }]);
    }
    expect(sandbox.requests).toHaveLength(before);
  });

  test('lists indexes, guides, campaigns and conversations, and can read them', async () => {
    const { resources: listed } = await peer.listResourcePage();
    const { campaigns, conversations } = sandbox.workspace;
    const fixed = [...resources.filter(({ uri }) => !uri.includes('{')), ...guides].map(({ uri }) => uri);
    expect(listed.slice(0, fixed.length).map(({ uri }) => uri)).toEqual(fixed);
    const entries = listed.slice(fixed.length);
    expect(entries).toHaveLength(campaigns.size + 50);
    expect(entries[0]).toEqual({
      uri: expect.stringMatching(/^heyreach:\/\/campaigns\/\d+$/),
      name: [...campaigns.values()].sort((a, b) => b.creationTime - a.creationTime)[0]!.name,
      description: expect.stringMatching(/^Campaign \d+, [A-Z_]+: (\d+ of \d+ leads? finished|no leads)\.$/),
      mimeType: 'application/json',
    });
    const { accountId, conversationId } = sandbox.workspace.fixtures.unreadReply;
    const known = fillTemplate(CONVERSATION, { accountId, conversationId });
    expect(entries.find(({ uri }) => uri === known)).toEqual({
      uri: known,
      name: 'Ada Example (Example Ltd)',
      description: expect.stringMatching(
        /^LinkedIn conversation of Grace Sender \(LinkedIn account 170001\); they wrote last, \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/,
      ),
      mimeType: 'text/markdown',
    });
    expect(conversations.size).toBeGreaterThan(50);
    for (const entry of [entries[0]!, entries.at(-1)!]) {
      const [first] = await peer.readResource(entry.uri);
      expect(first?.mimeType).toBe(entry.mimeType);
    }
  });

  test('pages to the end of both listings, each row once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page === 0 || cursor !== undefined; page += 1) {
      const before = sandbox.requests.length;
      const listed = await peer.listResourcePage(cursor);
      expect(sandbox.requests.length - before).toBeLessThanOrEqual(3);
      seen.push(...listed.resources.map(({ uri }) => uri));
      cursor = listed.nextCursor;
      expect(page).toBeLessThan(5);
    }
    const { campaigns, conversations } = sandbox.workspace;
    const rows = [
      ...[...campaigns.keys()].map((campaignId) => fillTemplate('heyreach://campaigns/{campaignId}', { campaignId })),
      ...[...conversations.values()].map(({ id, accountId }) =>
        fillTemplate(CONVERSATION, { accountId, conversationId: id }),
      ),
    ];
    const fixed = [...resources.filter(({ uri }) => !uri.includes('{')), ...guides].map(({ uri }) => uri);
    expect([...seen].sort()).toEqual([...fixed, ...rows].sort());
  });

  test('receives an error for an altered cursor', async () => {
    const { nextCursor } = await peer.listResourcePage();
    const altered = Buffer.from(Buffer.from(nextCursor!, 'base64url').toString().replace('1,', '2,')).toString(
      'base64url',
    );
    expect(altered).not.toBe(nextCursor);
    for (const cursor of [altered, `${nextCursor}=`, nextCursor!.slice(1), `${nextCursor}A`, 'null', '', '!']) {
      await expect(peer.listResourcePage(cursor), cursor).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining('cursor'),
      });
    }
  });

  test('lists every template', async () => {
    const listed = await peer.listResourceTemplates();
    expect(listed).toEqual(
      resources
        .filter(({ uri }) => uri.includes('{'))
        .map(({ uri, name, title, description, mimeType = 'application/json' }) => ({
          uriTemplate: uri,
          name,
          title,
          description,
          mimeType,
        })),
    );
  });

  test('receives an error for an unknown id, with the URI and the message of HeyReach', async () => {
    expect(Object.keys(UNKNOWN_RESOURCES)).toEqual(resources.map(({ uri }) => uri).filter((uri) => uri.includes('{')));
    for (const uri of Object.values(UNKNOWN_RESOURCES)) {
      const error = await peer.readResource(uri).catch((thrown) => thrown);
      expect(error, uri).toMatchObject({ code: -32602, data: { uri } });
      expect(error.message).toContain(JSON.stringify(uri));
      expect(error.message).toMatch(/HeyReach said \(HTTP 404\): .*not found/);
    }
    const nothing = await peer.readResource('heyreach://campaign').catch((thrown) => thrown);
    expect(nothing).toMatchObject({ code: -32602, data: { uri: 'heyreach://campaign' } });
  });

  test('receives an error for a malformed URI, and nothing is sent', async () => {
    const before = sandbox.requests.length;
    for (const uri of MALFORMED_RESOURCES) {
      await expect(peer.readResource(uri), uri).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining('Malformed resource URI'),
      });
    }
    expect(sandbox.requests).toHaveLength(before);
  });

  test('reads a conversation whose id contains slashes, pluses and equals signs', async () => {
    const { conversations, fixtures } = sandbox.workspace;
    const { accountId, conversationId } = fixtures.unreadReply;
    const thread = conversations.get(conversationId)!;
    conversations.set(AWKWARD_ID, { ...thread, id: AWKWARD_ID });
    try {
      const encoded = fillTemplate(CONVERSATION, { accountId, conversationId: AWKWARD_ID });
      for (const uri of [encoded, `heyreach://conversations/${accountId}/${AWKWARD_ID}`]) {
        const [transcript, json] = await peer.readResource(uri);
        expect(transcript?.text).toContain('# Conversation with "Ada Example"');
        expect(JSON.parse(json!.text)).toMatchObject({ id: AWKWARD_ID, linkedInAccountId: accountId });
        expect(sandbox.requests.at(-1)?.path).toContain(`/${accountId}/${encodeURIComponent(AWKWARD_ID)}`);
      }
      const { resources: listed } = await peer.listResourcePage();
      expect(listed.map(({ uri }) => uri)).toContain(encoded);
    } finally {
      conversations.delete(AWKWARD_ID);
    }
  });

  test('receives a protocol error for a failed read, and a listing without the failed parts', async () => {
    sandbox.faults.add({
      match: {},
      times: 9,
      kind: 'status',
      status: 401,
      body: 'Invalid API key',
      contentType: 'text/plain',
    });
    await expect(peer.readResource('heyreach://campaigns')).rejects.toMatchObject({
      code: -32603,
      message: expect.stringContaining('HeyReach said (HTTP 401): Invalid API key'),
    });
    const { resources: listed, _meta } = await peer.listResourcePage();
    expect(listed.map(({ uri }) => uri)).toContain('heyreach://guide/sequences');
    expect(_meta?.['heyreach-mcp/notReadable']).toEqual({
      campaigns: 'HTTP 401: Invalid API key',
      conversations: 'HTTP 401: Invalid API key',
    });
  });
});
