import { describe, expect, test } from 'vitest';
import { resources } from '../../../src/resources/index.ts';
import { fillTemplate } from '../../../src/resources/shared/uri-template.ts';
import type { Workspace } from '../../../src/sandbox/index.ts';
import { useSandbox } from '../../support/programs/sandbox-harness.ts';
import { sampleResources } from '../../support/tools/resource-samples.ts';

const MOST_BYTES = 100_000;
const HIDDEN = '\u202e\u200b\u2066\u{e0041}';
const INVISIBLE = /[\u200b\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;

/** The maximum number of calls of each resource. */
const CALLS: Record<string, number> = {
  'heyreach://campaigns': 3,
  'heyreach://campaigns/{campaignId}': 1,
  'heyreach://campaigns/{campaignId}/sequence': 2,
  'heyreach://campaigns/{campaignId}/leads': 2,
  'heyreach://campaigns/{campaignId}/stats': 2,
  'heyreach://conversations': 1,
  'heyreach://conversations/{accountId}/{conversationId}': 1,
  'heyreach://linkedin-accounts': 3,
  'heyreach://lists': 3,
  'heyreach://lists/{listId}': 2,
  'heyreach://leads/{slug}': 4,
};

describe('120 campaigns and 5,000 conversations', () => {
  const at = useSandbox({ size: 'large', rateLimit: false }, 'v2-modern');

  test('each resource takes few requests and is at most 100 kB', async () => {
    expect(Object.keys(CALLS)).toEqual(resources.map(({ uri }) => uri));
    for (const [template, uri] of Object.entries(sampleResources(at.sandbox.workspace))) {
      const before = at.sandbox.requests.length;
      const contents = await at.peer.readResource(uri);
      expect(at.sandbox.requests.length - before, uri).toBeLessThanOrEqual(CALLS[template]!);
      expect(bytesOf(contents), uri).toBeLessThan(MOST_BYTES);
    }
  });

  test('the indexes have the total and the number of missing rows', async () => {
    const read = async (uri: string) => JSON.parse((await at.peer.readResource(uri))[0]!.text);
    const campaigns = await read('heyreach://campaigns');
    expect(campaigns).toMatchObject({ totalCount: 120, returned: 120 });
    expect(campaigns).not.toHaveProperty('leftOut');
    const times = campaigns.campaigns.map(({ creationTime }: { creationTime: string }) => creationTime);
    expect(times).toEqual([...times].sort().reverse());
    expect(await read('heyreach://conversations')).toMatchObject({
      totalCount: 5_000,
      returned: 100,
      leftOut: 4_900,
      rest: { tool: 'list_conversations', arguments: { offset: 100, limit: 100 } },
    });
  });

  test('a page of resources/list takes two requests, and the number of pages is below the limit of clients', async () => {
    const before = at.sandbox.requests.length;
    const { resources: first } = await at.peer.listResourcePage();
    expect(at.sandbox.requests.length - before).toBe(2);
    expect(first.filter(({ uri }) => /campaigns\/\d/.test(uri))).toHaveLength(50);
    expect(first.filter(({ uri }) => /conversations\/\d/.test(uri))).toHaveLength(50);
    const begin = at.sandbox.requests.length;
    const all = await at.peer.listResources();
    const uris = new Set(all.map(({ uri }) => uri));
    expect(uris.size).toBe(all.length);
    const { campaigns, conversations } = at.sandbox.workspace;
    for (const campaignId of campaigns.keys()) expect(uris).toContain(`heyreach://campaigns/${campaignId}`);
    for (const { id, accountId } of conversations.values()) expect(uris).toContain(threadUri(accountId, id));
    // 1 + 1 of campaigns, 1 + 50 of conversations.
    expect(at.sandbox.requests.length - begin).toBe(53);
  });
});

describe('very long texts', () => {
  const at = useSandbox({ rateLimit: false }, 'v2-modern');

  test('a sequence of 100 long steps comes as an outline, with the first steps as text', async () => {
    const { workspace } = at.sandbox;
    const campaignId = workspace.fixtures.draftReadyToStart;
    workspace.campaigns.get(campaignId)!.sequence = longSequence(100) as never;
    const contents = await at.peer.readResource(`heyreach://campaigns/${campaignId}/sequence`);
    expect(bytesOf(contents)).toBeLessThan(MOST_BYTES);
    const [text, json] = contents.map((content) => content.text);
    expect(text).not.toMatch(INVISIBLE);
    const shown = text!.match(/^## \d+\. Message$/gm)!.length;
    expect(shown).toBeGreaterThan(3);
    expect(text).toContain(`${100 - shown} more steps are left out here; get_campaign_sequence returns the tree`);
    const data = JSON.parse(json!);
    expect(data).toMatchObject({
      sequence: { nodeType: 'MESSAGE', unconditionalNode: null, conditionalNode: null },
      note: expect.stringContaining('Do not write it back'),
      leftOut: 200,
      rest: { tool: 'get_campaign_sequence', arguments: { campaignId, node: 'unconditionalNode' } },
    });
    expect(data.outline.length).toBeGreaterThan(20);
    for (const { node } of data.outline) expect(node).toMatch(/^(un)?conditionalNode(\.(un)?conditionalNode)*$/);
    const rest = await at.peer.callTool(data.rest.tool, data.rest.arguments);
    expect(rest.structuredContent).toMatchObject({ sequence: { nodeType: 'MESSAGE' } });
  });

  test('a conversation of 2,000 long messages has the newest, and the call for the others', async () => {
    const { workspace } = at.sandbox;
    const { accountId, conversationId } = workspace.fixtures.unreadReply;
    const thread = workspace.conversations.get(conversationId)!;
    const begin = Date.UTC(2026, 0, 1);
    thread.messages = Array.from({ length: 2_000 }, (_, index) => ({
      createdAt: begin + index * 60_000,
      body: `${HIDDEN}Message ${index} ${'é🙂 '.repeat(600)}`,
      subject: null,
      postLink: null,
      isInMail: false,
      sender: index % 2 === 0 ? ('ME' as const) : ('CORRESPONDENT' as const),
    }));
    const contents = await at.peer.readResource(threadUri(accountId, conversationId));
    expect(bytesOf(contents)).toBeLessThan(MOST_BYTES);
    const [text, json] = contents.map((content) => content.text);
    expect(text).not.toMatch(INVISIBLE);
    expect(json).not.toMatch(INVISIBLE);
    expect(text).toContain('> Message 1999 ');
    const inText = text!.match(/^> Message \d+/gm)!.length;
    expect(inText).toBeGreaterThan(5);
    const left = 2_000 - inText;
    expect(text).toContain(
      `${left} earlier messages are left out here; get_conversation with before ${left} returns them`,
    );
    const data = JSON.parse(json!);
    expect(data).toMatchObject({ truncated: true, totalMessages: 2_000, leftOut: 2_000 - data.returned });
    expect(data.messages.at(-1)).toMatchObject({ index: 1_999 });
    expect(data.messages[0].index).toBe(data.leftOut);
    const rest = await at.peer.callTool(data.rest.tool, data.rest.arguments);
    const { messages } = rest.structuredContent as { messages: { index: number }[] };
    expect(messages.at(-1)?.index).toBe(data.leftOut - 1);
  });

  test('a complete lead is truncated, and names the calls for the rest', async () => {
    const { workspace } = at.sandbox;
    const { profileUrl } = workspace.fixtures.unreadReply;
    const person = [...workspace.people.values()].find((candidate) => candidate.profileUrl === profileUrl)!;
    const long = `${HIDDEN}long ${'wörd '.repeat(2_000)}`;
    const jobs = Array.from({ length: 200 }, (_, index) => ({ title: `Job ${index}`, description: long }));
    Object.assign(person, {
      about: long,
      summary: long,
      headline: long,
      tags: Array.from({ length: 300 }, (_, index) => `tag ${index}`),
      emailEnrichments: Array.from({ length: 300 }, (_, index) => `mail${index}@example.com`),
      experiences: JSON.stringify(jobs),
      education: JSON.stringify(jobs.slice(0, 5)),
    });
    for (const campaign of workspace.campaigns.values()) {
      const [some] = campaign.enrolments.values();
      if (some !== undefined) campaign.enrolments.set(person.linkedinId, { ...some, personId: person.linkedinId });
    }
    const contents = await at.peer.readResource(`heyreach://leads/${profileUrl.split('/in/')[1]}`);
    expect(bytesOf(contents)).toBeLessThan(MOST_BYTES);
    expect(contents[0]!.text).not.toMatch(INVISIBLE);
    const data = JSON.parse(contents[0]!.text);
    expect(data.profile.about).toMatch(/^long .*… \[\d+ characters\]$/);
    expect(data.experiences.length).toBeGreaterThan(3);
    expect(data).toMatchObject({
      truncated: true,
      leftOut: 200 - data.experiences.length,
      rest: { tool: 'get_lead', arguments: { profileUrl, detail: 'full' } },
    });
    expect(data.tags).toHaveLength(300);
  });

  test('long lists, campaigns and leads stay below the limit', async () => {
    const { workspace } = at.sandbox;
    fatten(workspace);
    for (const uri of Object.values(sampleResources(workspace))) {
      const contents = await at.peer.readResource(uri);
      expect(bytesOf(contents), uri).toBeLessThan(MOST_BYTES);
      for (const { text } of contents) expect(text, uri).not.toMatch(INVISIBLE);
    }
  });
});

const threadUri = (accountId: number, conversationId: string) =>
  fillTemplate('heyreach://conversations/{accountId}/{conversationId}', { accountId, conversationId });

function bytesOf(contents: { text: string }[]): number {
  return contents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
}

function longSequence(steps: number): object {
  const end = { nodeType: 'END', actionDelay: 3, actionDelayUnit: 'HOUR' };
  let root: object = end;
  for (let step = steps; step > 0; step -= 1) {
    root = {
      nodeType: 'MESSAGE',
      actionDelay: 1,
      actionDelayUnit: 'DAY',
      payload: { messages: [`${HIDDEN}Step ${step} `.padEnd(6_000, 'x')], fallbackMessage: 'y'.repeat(2_000) },
      unconditionalNode: root,
      conditionalNode: { ...end, actionDelay: 0 },
    };
  }
  return root;
}

/** Replaces every text of the workspace with a long one. */
function fatten({ people, campaigns, lists }: Workspace): void {
  const long = `${HIDDEN}${'長い '.repeat(1_500)}`;
  for (const person of people.values()) {
    Object.assign(person, { headline: long, about: long, companyName: long, position: long, location: long });
    person.customFields = Array.from({ length: 2 }, (_, index) => ({ name: `field${index}`, value: long }));
  }
  for (const campaign of campaigns.values()) campaign.name = long;
  for (const list of lists.values()) list.name = long;
}
