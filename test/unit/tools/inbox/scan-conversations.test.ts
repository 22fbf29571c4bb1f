import { describe, expect, test } from 'vitest';
import { exampleConversation, exampleConversationRow, exampleMessage } from '../../../support/fixtures/conversation.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const PATH = '/api/public/inbox/GetConversationsV3';
const noFilters = {
  linkedInAccountIds: [],
  campaignIds: [],
  searchString: null,
  leadLinkedInId: null,
  leadProfileUrl: null,
  tags: [],
  latestAutoTagNames: [],
  seen: null,
};

interface Page {
  items: { id: string }[];
  nextCursor?: string;
  truncated?: boolean;
}

describe('scan_conversations', () => {
  const wire = useToolHarness();

  /** Returns one page per HeyReach cursor. `p0` is the first. */
  function answerPages(pages: Record<string, string[]>, more: object = {}) {
    const cursors = Object.keys(pages);
    wire.answerWith({
      '/inbox/GetConversationsV3': ({ body }) => {
        const at = cursors.indexOf((JSON.parse(body) as { cursor: string | null }).cursor ?? 'p0');
        const next = cursors[at + 1] ?? null;
        const items = (pages[cursors[at] ?? ''] ?? []).map((id) => exampleConversation({ id, ...more }));
        return { body: { totalCount: 400, items, nextCursor: next, hasNextPage: next !== null } };
      },
    });
  }

  const cursorsSent = () => wire.sent().map(({ body }) => (body as { cursor: string | null }).cursor);

  test('sends every filter, and days as their first and last moment', async () => {
    const items = [exampleConversation()];
    wire.answerWith({ '/inbox/GetConversationsV3': { body: { totalCount: 1, items, nextCursor: null } } });
    const filters = {
      linkedInAccountIds: [170001],
      campaignIds: [600001, 600002],
      searchString: 'good',
      leadProfileUrl: 'https://www.linkedin.com/in/ada-example',
      tags: ['hot'],
      latestAutoTagNames: ['Interested', 'Not Interested'],
      seen: false,
    };
    await wire.call('scan_conversations', { ...filters, from: '2026-09-01', to: '2026-09-30', limit: 100 });
    expect(wire.sent()).toEqual([
      post(PATH, {
        limit: 100,
        cursor: null,
        from: '2026-09-01T00:00:00Z',
        to: '2026-09-30T23:59:59.999Z',
        filters: { ...filters, leadLinkedInId: null },
      }),
    ]);
  });

  test('sends every filter key by default, and returns compact rows', async () => {
    const items = [exampleConversation()];
    wire.answerWith({ '/inbox/GetConversationsV3': { body: { totalCount: 1, items, hasNextPage: false } } });
    const result = await wire.call('scan_conversations');
    expect(wire.sent()).toEqual([post(PATH, { limit: 20, cursor: null, filters: noFilters })]);
    expect(result.structuredContent).toEqual({ totalCount: 1, returned: 1, items: [exampleConversationRow()] });
  });

  test('full detail is everything HeyReach returned, with the requested number of messages', async () => {
    const items = [exampleConversation()];
    wire.answerWith({ '/inbox/GetConversationsV3': { body: { totalCount: 1, items, hasNextPage: false } } });
    const result = await wire.call('scan_conversations', { detail: 'full', messages: 20 });
    expect(result.structuredContent?.items).toEqual(items);
  });

  test("our cursor carries HeyReach's cursor, which is sent unchanged", async () => {
    answerPages({ p0: ['2-a=', '2-b='], 'eyJw/+==': ['2-c='] });
    const first = (await wire.call('scan_conversations', { limit: 2 })).structuredContent as unknown as Page;
    const args = { limit: 2, cursor: first.nextCursor };
    const second = (await wire.call('scan_conversations', args)).structuredContent as unknown as Page;
    expect(second.items.map(({ id }) => id)).toEqual(['2-c=']);
    expect(second).not.toHaveProperty('nextCursor');
    expect(wire.sent()[1]).toEqual(post(PATH, { limit: 2, cursor: 'eyJw/+==', filters: noFilters }));
  });

  test('pages of 100 that exceed one result continue exactly, also across page ends', async () => {
    const name = (page: number) => Array.from({ length: 100 }, (_, index) => `2-${page}-${index}=`);
    const messages = Array.from({ length: 10 }, () => exampleMessage('é'.repeat(300)));
    answerPages({ p0: name(0), p1: name(1) }, { messages });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const result = await wire.call('scan_conversations', { limit: 100, messages: 10, cursor });
      expect(Buffer.byteLength(result.content[0]?.text ?? '')).toBeLessThanOrEqual(48_000);
      const page = result.structuredContent as unknown as Page;
      expect(page.items.length).toBeGreaterThan(0);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual([...name(0), ...name(1)]);
    expect(new Set(cursorsSent())).toEqual(new Set([null, 'p1']));
  });

  test('a truncated page with new rows at its top continues after the last returned row', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `2-${index}=`);
    const messages = Array.from({ length: 20 }, () => exampleMessage('x'.repeat(300)));
    answerPages({ p0: names }, { messages });
    const args = { limit: 100, messages: 20 };
    const first = (await wire.call('scan_conversations', args)).structuredContent as unknown as Page;
    expect(first.truncated).toBe(true);
    answerPages({ p0: ['2-new=', ...names] }, { messages });
    const next = await wire.call('scan_conversations', { ...args, cursor: first.nextCursor });
    const second = next.structuredContent as unknown as Page;
    expect(second.items[0]?.id).toBe(names[first.items.length]);
  });

  test.each([
    [{ nextCursor: 'p1', hasNextPage: false }],
    [{ nextCursor: null, hasNextPage: true }],
    [{ nextCursor: '' }],
  ])('there is no nextCursor after %j', async (end) => {
    wire.answerWith({ '/inbox/GetConversationsV3': { body: { items: [exampleConversation()], ...end } } });
    const result = await wire.call('scan_conversations');
    expect(result.structuredContent).toMatchObject({ totalCount: 'unknown', returned: 1 });
    expect(result.structuredContent).not.toHaveProperty('nextCursor');
  });

  test('rejects a cursor of other filters, an edited cursor, and reversed bounds', async () => {
    answerPages({ p0: ['2-a='], p1: ['2-b='] });
    const first = (await wire.call('scan_conversations', { seen: false })).structuredContent as unknown as Page;
    wire.stub.requests.length = 0;
    const cursor = first.nextCursor;
    const other = await wire.call('scan_conversations', { seen: true, cursor });
    expect(other.content[0]?.text).toContain('cursor belongs to other arguments');
    const edited = await wire.call('scan_conversations', { seen: false, cursor: `x${cursor}` });
    expect(edited.content[0]?.text).toContain('pass nextCursor unchanged');
    const bounds = await wire.call('scan_conversations', { from: '2026-09-02', to: '2026-09-01' });
    expect(bounds.content[0]?.text).toContain('from must not be later than to');
    const both = { leadLinkedInId: '1', leadProfileUrl: 'https://www.linkedin.com/in/ada-example' };
    expect((await wire.call('scan_conversations', both)).content[0]?.text).toContain('exclude each other');
    expect(wire.sent()).toEqual([]);
  });
});
