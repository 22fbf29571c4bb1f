import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guides, resources } from '../../src/resources/index.ts';
import { resourcesFor } from '../../src/resources/protocol/read-resource.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { tools } from '../../src/tools/registry.ts';
import { connectStdio, type McpPeer } from '../support/clients/clients.ts';
import { TEST_KEY } from '../support/runs/keys.ts';
import { sampleResources } from '../support/tools/resource-samples.ts';

const REFUSED = { code: -32_602 };
const SOURCE = 'heyreach-mcp/source';
const isTemplate = (uri: string) => uri.includes('{');
const guideUris = guides.map(({ uri }) => uri);

test('every resource names an existing tool, and is hidden when the tool is disabled', () => {
  for (const { uri, tool } of resources) {
    expect(tools.find(({ name }) => name === tool)?.risk, uri).toBe('read');
    const left = resourcesFor((name) => name !== tool).resources.map((resource) => resource.uri);
    expect(left).toEqual(resources.filter((resource) => resource.tool !== tool).map((resource) => resource.uri));
  }
});

describe.each([
  ['--toolsets lists', ['--toolsets', 'lists'], ['heyreach://lists', 'heyreach://lists/{listId}']],
  [
    'without get_campaign and get_conversation',
    ['--exclude-tools', 'get_campaign,get_conversation'],
    resources.filter(({ tool }) => !['get_campaign', 'get_conversation'].includes(tool)).map(({ uri }) => uri),
  ],
])('%s', (_, args, shown) => {
  let sandbox: Sandbox;
  let peer: McpPeer;

  beforeAll(async () => {
    sandbox = await startSandbox({ clock: 'manual', rateLimit: false });
    peer = await connectStdio('v1', { args, env: { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY } });
  });
  afterAll(async () => {
    await peer?.close();
    await sandbox?.close();
  });

  test('lists the enabled resources and the guides, without other requests', async () => {
    sandbox.requests.length = 0;
    const { resources: listed, nextCursor } = await peer.listResourcePage();
    expect(listed.map(({ uri }) => uri)).toEqual([...shown.filter((uri) => !isTemplate(uri)), ...guideUris]);
    expect(nextCursor).toBeUndefined();
    expect(sandbox.requests).toEqual([]);
    const templates = (await peer.listResourceTemplates()).map(({ uriTemplate }) => uriTemplate);
    expect(templates).toEqual(shown.filter(isTemplate));
  });

  test('reads and subscribes to enabled resources, and rejects the others', async () => {
    for (const [template, uri] of Object.entries(sampleResources(sandbox.workspace))) {
      if (shown.includes(template)) {
        expect((await peer.readResource(uri)).length, uri).toBeGreaterThan(0);
        await peer.subscribe([uri]);
      } else {
        const message = expect.stringContaining(`No resource has the URI "${uri}".`);
        await expect(peer.readResource(uri), uri).rejects.toMatchObject({ ...REFUSED, message });
        await expect(peer.subscribe([uri]), uri).rejects.toMatchObject(REFUSED);
      }
    }
    for (const uri of guideUris) expect(await peer.readResource(uri)).toHaveLength(1);
  });

  test('completes the variables of enabled templates', async () => {
    for (const { uri } of resources.filter((resource) => isTemplate(resource.uri))) {
      const name = /\{(\w+)\}/.exec(uri)![1]!;
      const completed = peer.complete({ type: 'ref/resource', uri }, name, '');
      if (shown.includes(uri)) expect((await completed).completion.values.length).toBeGreaterThan(0);
      else await expect(completed).rejects.toMatchObject(REFUSED);
    }
  });
});

describe('a server with a disabled tool', () => {
  let peer: McpPeer;
  beforeAll(async () => {
    peer = await connectStdio('v1', {
      args: ['--sandbox', '--exclude-tools', 'get_campaign_sequence', '--log-level', 'info'],
    });
  });
  afterAll(() => peer?.close());

  const idOfCampaign = async () => {
    const [index] = await peer.readResource('heyreach://campaigns');
    return String(JSON.parse(index!.text).campaigns[0].id);
  };

  test('every result names the sandbox as its source', async () => {
    const campaignId = await idOfCampaign();
    const from = { [SOURCE]: 'sandbox' };
    const uri = 'heyreach://campaigns/{campaignId}';
    const results = await Promise.all([
      peer.listResourcePage(),
      peer.raw('resources/templates/list', {}),
      peer.raw('resources/read', { uri: `heyreach://campaigns/${campaignId}` }),
      peer.raw('prompts/get', { name: 'campaign_review', arguments: { campaignId } }),
      peer.complete({ type: 'ref/resource', uri }, 'campaignId', ''),
      peer.complete({ type: 'ref/prompt', name: 'weekly_report' }, 'endDate', ''),
    ]);
    for (const result of results) expect(result).toMatchObject({ _meta: from });
    await expect.poll(() => peer.stderr()).toMatch(/"variable":"campaignId",.*"attempts":\[.*values were completed/);
    expect(await peer.raw('resources/read', { uri: guideUris[0] })).not.toHaveProperty('_meta');
  });
});
