import { describe, expect, test } from 'vitest';
import { guides, resources } from '../../../../src/resources/index.ts';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import { CONVERSATION_ID, exampleConversation } from '../../../support/fixtures/conversation.ts';
import type { RecordedRequest } from '../../../support/heyreach/heyreach-stub.ts';
import { OTHER_TEST_KEY } from '../../../support/runs/keys.ts';
import { useReader } from '../../../support/tools/resources.ts';

const V2_FILTERS = [
  'campaignIds',
  'leadLinkedInId',
  'leadProfileUrl',
  'linkedInAccountIds',
  'searchString',
  'seen',
  'tags',
];
const FIXED = resources.filter(({ uri }) => !uri.includes('{')).length + guides.length;

/** A workspace with campaigns and conversations, the newest first. A test can add rows at the top. */
function workspaceOf(campaigns: number, conversations: number) {
  const ids = Array.from({ length: campaigns }, (_, at) => campaigns - at);
  const threads = Array.from({ length: conversations }, (_, at) => `2-thread${at}`);
  return {
    ids,
    answers: {
      '/campaign/GetAll': ({ body }: RecordedRequest) => {
        const { offset, limit } = JSON.parse(body);
        const items = ids.slice(offset, offset + limit).map((id) => exampleCampaign({ id, name: `Campaign ${id}` }));
        return { body: { totalCount: ids.length, items } };
      },
      '/inbox/GetConversationsV3': ({ body }: RecordedRequest) => {
        const { limit, cursor } = JSON.parse(body);
        const from = Number(cursor ?? 0);
        const items = threads.slice(from, from + limit).map((id) => exampleConversation({ id, messages: [] }));
        const after = from + items.length;
        const hasNextPage = after < threads.length;
        return {
          body: { totalCount: threads.length, items, hasNextPage, nextCursor: hasNextPage ? String(after) : null },
        };
      },
    },
  };
}

describe('resources/list', () => {
  const reader = useReader();

  /** Fetches all pages. */
  async function walk(between: (page: number) => void = () => {}) {
    const pages: string[][] = [];
    let last: Awaited<ReturnType<typeof reader.list>>;
    let cursor: string | undefined;
    do {
      last = await reader.list(cursor);
      pages.push(last.resources.map(({ uri }) => uri));
      cursor = last.nextCursor;
      between(pages.length);
    } while (cursor !== undefined);
    return { pages, rows: pages.flat().slice(FIXED), last };
  }

  test.each([
    [0, 0, 1],
    [50, 50, 1],
    [51, 50, 2],
    [50, 51, 2],
    [150, 3, 2],
    [3, 150, 2],
    [151, 3, 3],
    [0, 351, 5],
    [351, 0, 5],
  ])('lists %i campaigns and %i conversations, each once', async (campaigns, conversations, most) => {
    const { answers, ids } = workspaceOf(campaigns, conversations);
    reader.answerWith(answers);
    const { pages, rows } = await walk();
    expect(pages).toHaveLength(most);
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows.filter((uri) => uri.includes('/campaigns/'))).toEqual(ids.map((id) => `heyreach://campaigns/${id}`));
    expect(rows.filter((uri) => uri.includes('/conversations/'))).toHaveLength(conversations);
    const asked = reader.asked().map(([path]) => path);
    expect(asked.length).toBeLessThanOrEqual(2 * pages.length);
    // A listing is not read again after its last page.
    const pagesOf = (rows: number) => (rows <= 50 ? 1 : 1 + Math.ceil((rows - 50) / 100));
    expect(asked.filter((path) => path === '/campaign/GetAll')).toHaveLength(pagesOf(campaigns));
    expect(asked.filter((path) => path !== '/campaign/GetAll')).toHaveLength(pagesOf(conversations));
  });

  test('no row is repeated when campaigns are added meanwhile', async () => {
    const { answers, ids } = workspaceOf(180, 0);
    reader.answerWith(answers);
    const { rows } = await walk((page) => {
      if (page < 3) ids.unshift(ids[0]! + 1, ids[0]! + 2);
    });
    expect(rows).toEqual(Array.from({ length: 180 }, (_, at) => `heyreach://campaigns/${180 - at}`));
  });

  test('ends before the page limit of clients, and says that rows are missing', async () => {
    const { answers } = workspaceOf(10, 7_000);
    reader.answerWith(answers);
    const { pages, rows, last } = await walk();
    expect(pages).toHaveLength(60);
    expect(rows).toHaveLength(10 + 50 + 59 * 100);
    expect(last._meta).toEqual({ 'heyreach-mcp/unlisted': { campaigns: false, conversations: true } });
  });

  test('a cursor is valid only for its own key and without changes', async () => {
    reader.answerWith(workspaceOf(60, 0).answers);
    const { nextCursor } = await reader.list();
    await expect(reader.list(nextCursor, { key: OTHER_TEST_KEY })).rejects.toMatchObject({ code: -32602 });
    const parts = JSON.parse(Buffer.from(nextCursor!, 'base64url').toString());
    for (const at of parts.keys()) {
      const altered = parts.map((part: unknown, index: number) => (index === at ? 7 : part));
      const cursor = Buffer.from(JSON.stringify(altered)).toString('base64url');
      await expect(reader.list(cursor)).rejects.toMatchObject({
        code: -32602,
        message: expect.stringContaining('cursor'),
      });
    }
    const more = Buffer.from(JSON.stringify([...parts, 1])).toString('base64url');
    for (const cursor of [more, `${nextCursor} `, '', 'e30', 'bnVsbA']) {
      await expect(reader.list(cursor)).rejects.toMatchObject({ code: -32602 });
    }
    expect((await reader.list(nextCursor)).resources).toHaveLength(10);
  });

  test('a cursor that HeyReach rejects ends the conversations and leaves the campaigns', async () => {
    const { answers } = workspaceOf(60, 60);
    reader.answerWith(answers);
    const { nextCursor } = await reader.list();
    const errorMessage = 'The cursor is not valid.';
    reader.answerWith({ ...answers, '/inbox/GetConversationsV3': { status: 400, body: { errorMessage } } });
    const { resources: listed, _meta, nextCursor: last } = await reader.list(nextCursor);
    expect(listed).toHaveLength(10);
    expect(_meta).toEqual({ 'heyreach-mcp/notReadable': { conversations: `HTTP 400: ${errorMessage}` } });
    expect(last).toBeUndefined();
    expect(reader.asked().map(([path]) => path)).not.toContain('/inbox/GetConversationsV2');
  });

  test.each([400, 403, 404, 405])(
    'a workspace whose GetConversationsV3 answers %i is listed by offset',
    async (status) => {
      const { answers } = workspaceOf(3, 351);
      const threads = Array.from({ length: 351 }, (_, at) => `2-older${at}`);
      reader.answerWith({
        ...answers,
        '/inbox/GetConversationsV3': { status },
        '/inbox/GetConversationsV2': ({ body }: RecordedRequest) => {
          const { offset, limit, filters } = JSON.parse(body);
          // With an unknown filter HeyReach would return the whole inbox.
          expect(Object.keys(filters).sort()).toEqual(V2_FILTERS);
          const items = threads.slice(offset, offset + limit).map((id) => exampleConversation({ id, messages: [] }));
          return { body: { totalCount: threads.length, items } };
        },
      });
      const { pages, rows } = await walk();
      expect(pages).toHaveLength(5);
      expect(rows.filter((uri) => uri.includes('2-older'))).toHaveLength(351);
      expect(reader.asked().filter(([path]) => path === '/inbox/GetConversationsV3')).toHaveLength(1);
    },
  );

  test('names and descriptions are short lines without hidden characters, and rows without ids are left out', async () => {
    const hidden = 'Q3\u202e\u200b\nfounders \u{e0041}'.padEnd(500, '!');
    const person = { firstName: 'Ada\n\u202eEvil', lastName: 'x'.repeat(500), companyName: 'Ltd' };
    reader.answerWith({
      '/campaign/GetAll': {
        body: {
          totalCount: 4,
          items: [
            exampleCampaign({ name: hidden, status: 'IN\u200b_PROGRESS' }),
            exampleCampaign({ id: 2, name: null, status: null, progressStats: { totalUsers: null } }),
            exampleCampaign({ id: 3, progressStats: { totalUsers: 1, totalUsersFinished: 1 } }),
            exampleCampaign({ id: null }),
          ],
        },
      },
      '/inbox/GetConversationsV3': {
        body: {
          items: [
            exampleConversation({ correspondentProfile: person }),
            exampleConversation({ correspondentProfile: null, linkedInAccount: null, lastMessageAt: null }),
            exampleConversation({ id: '' }),
            exampleConversation({ linkedInAccountId: null }),
          ],
          hasNextPage: false,
        },
      },
    });
    const { resources: listed, nextCursor } = await reader.list();
    expect(nextCursor).toBeUndefined();
    const rows = listed.slice(FIXED);
    const thread = `heyreach://conversations/170001/${encodeURIComponent(CONVERSATION_ID)}`;
    expect(rows.map(({ uri, description }) => [uri, description])).toEqual([
      ['heyreach://campaigns/600001', 'Campaign 600001, IN_PROGRESS: 3 of 10 leads finished.'],
      ['heyreach://campaigns/2', 'Campaign 2, of unknown status.'],
      ['heyreach://campaigns/3', 'Campaign 3, DRAFT: 1 of 1 lead finished.'],
      [
        thread,
        'LinkedIn conversation of Grace Example (LinkedIn account 170001); they wrote last, 2026-09-20 12:00 UTC.',
      ],
      [thread, 'LinkedIn conversation of LinkedIn account 170001.'],
    ]);
    for (const { name } of rows) {
      expect(name.length).toBeLessThan(160);
      expect(name).not.toMatch(/[\n\u202e\u200b\u{e0041}]/u);
    }
    expect(rows[0]!.name).toMatch(/^Q3 founders !/);
    expect(rows[3]!.name).toMatch(/^Ada Evil x/);
    expect(rows[4]!.name).toBe('Unknown person');
  });
});
