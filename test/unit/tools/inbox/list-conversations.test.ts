import { describe, expect, test } from 'vitest';
import { exampleConversation, exampleConversationRow, exampleMessage } from '../../../support/fixtures/conversation.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const PATH = '/api/public/inbox/GetConversationsV2';
const everyFilter = {
  linkedInAccountIds: [170001, 170002],
  campaignIds: [600001],
  searchString: 'sounds good',
  leadProfileUrl: 'https://www.linkedin.com/in/ada-example',
  tags: ['hot', 'warm'],
  seen: false,
};

describe('list_conversations', () => {
  const wire = useToolHarness();

  test('sends the filters as one object, and a slug as its URL', async () => {
    wire.answerWith({ '/inbox/GetConversationsV2': { body: { totalCount: 0, items: [] } } });
    await wire.call('list_conversations', { ...everyFilter, offset: 200, limit: 100 });
    await wire.call('list_conversations', { leadLinkedInId: '580000001', seen: true });
    await wire.call('list_conversations', { leadProfileUrl: 'ada-example' });
    const none = { linkedInAccountIds: [], campaignIds: [], searchString: null, leadProfileUrl: null, tags: [] };
    expect(wire.sent()).toEqual([
      post(PATH, { filters: { ...everyFilter, leadLinkedInId: null }, offset: 200, limit: 100 }),
      post(PATH, { filters: { ...none, leadLinkedInId: '580000001', seen: true }, offset: 0, limit: 20 }),
      post(PATH, {
        filters: { ...none, leadLinkedInId: null, leadProfileUrl: everyFilter.leadProfileUrl, seen: null },
        offset: 0,
        limit: 20,
      }),
    ]);
  });

  test('sends empty filters by default, and returns compact rows without messages', async () => {
    const long = `${'Ä'.repeat(99)}😀 and more`;
    const items = [exampleConversation(), exampleConversation({ lastMessageText: long, correspondentProfile: null })];
    wire.answerWith({ '/inbox/GetConversationsV2': { body: { totalCount: 3, items } } });
    const result = await wire.call('list_conversations');
    const filters = {
      linkedInAccountIds: [],
      campaignIds: [],
      searchString: null,
      leadLinkedInId: null,
      leadProfileUrl: null,
      tags: [],
      seen: null,
    };
    expect(wire.sent()).toEqual([post(PATH, { filters, offset: 0, limit: 20 })]);
    const { name, firstName, lastName, profileUrl, company, ...nameless } = exampleConversationRow();
    expect(result.structuredContent).toEqual({
      totalCount: 3,
      returned: 2,
      items: [
        { name, firstName, lastName, profileUrl, company, ...nameless },
        { ...nameless, lastMessageText: `${'Ä'.repeat(99)}😀… [109 characters]` },
      ],
      nextOffset: 2,
    });
  });

  test('messages adds the newest messages, oldest first', async () => {
    const messages = ['one', 'two', 'three'].map((body) => exampleMessage(body));
    wire.answerWith({
      '/inbox/GetConversationsV2': { body: { totalCount: 1, items: [exampleConversation({ messages })] } },
    });
    const result = await wire.call('list_conversations', { messages: 2 });
    const { items } = result.structuredContent as { items: { messages: object[] }[] };
    const { subject: _, postLink: __, ...shown } = exampleMessage('two');
    expect(items[0]?.messages).toEqual([shown, { ...shown, body: 'three' }]);
  });

  test('full detail is everything HeyReach returned', async () => {
    const items = [
      exampleConversation({ campaignId: 600001, correspondentProfile: { id: 'x', about: 'y'.repeat(900) } }),
    ];
    wire.answerWith({ '/inbox/GetConversationsV2': { body: { totalCount: 1, items } } });
    const result = await wire.call('list_conversations', { detail: 'full', messages: 20 });
    expect(result.structuredContent).toEqual({ totalCount: 1, returned: 1, items });
  });

  test('a page of 100 rows with messages continues without a gap or a repeat', async () => {
    const messages = Array.from({ length: 20 }, (_, index) => exampleMessage(`${index} `.padEnd(300, 'é')));
    const all = Array.from({ length: 100 }, (_, index) => exampleConversation({ id: `2-${index}=`, messages }));
    wire.answerWith({
      '/inbox/GetConversationsV2': ({ body }) => {
        const { offset, limit } = JSON.parse(body) as { offset: number; limit: number };
        return { body: { totalCount: 100, items: all.slice(offset, offset + limit) } };
      },
    });
    const seen: string[] = [];
    for (let offset: unknown = 0; offset !== undefined; ) {
      const result = await wire.call('list_conversations', { offset, limit: 100, messages: 20 });
      expect(Buffer.byteLength(result.content[0]?.text ?? '')).toBeLessThanOrEqual(48_000);
      const page = result.structuredContent as { items: { id: string }[]; nextOffset?: number };
      seen.push(...page.items.map(({ id }) => id));
      offset = page.nextOffset;
    }
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  test.each([
    [{ leadLinkedInId: '1', leadProfileUrl: everyFilter.leadProfileUrl }, 'exclude each other; leave one out'],
  ])('rejects %j', async (args, message) => {
    const result = await wire.call('list_conversations', args);
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(message);
    expect(wire.sent()).toEqual([]);
  });
});
