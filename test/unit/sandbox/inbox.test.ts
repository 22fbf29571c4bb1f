import { describe, expect, it } from 'vitest';
import { type Client, DAY, type Page, sandbox } from './support.ts';

interface Row {
  id: string;
  read: boolean;
  lastMessageAt: string;
  lastMessageText: string;
  lastMessageSender: string;
  totalMessages: number;
  linkedInAccountId: number;
  campaignId?: number;
  correspondentProfile: Record<string, unknown>;
  messages: { createdAt: string; body: string; sender: string }[];
}

interface CursorPage extends Page<Row> {
  nextCursor: string | null;
  hasNextPage: boolean;
}

const v2 = (api: Client, filters: object = {}, limit = 100, offset = 0) =>
  api.post<Page<Row>>('/inbox/GetConversationsV2', { filters, limit, offset });
const v3 = (api: Client, body: object = {}) =>
  api.post<CursorPage>('/inbox/GetConversationsV3', { limit: 100, ...body });

describe('version two', () => {
  it('returns rows by last message, with all messages in order', async () => {
    const api = await sandbox();
    const { body, text } = await v2(api);
    expect(body).toMatchObject({ totalCount: 150 });
    expect(text.length).toBeGreaterThan(200_000);
    const times = body.items.map(({ lastMessageAt }) => lastMessageAt);
    expect(times).toEqual([...times].sort().reverse());
    for (const row of body.items) {
      expect(row.messages).toHaveLength(row.totalMessages);
      const written = row.messages.map(({ createdAt }) => createdAt);
      expect(written).toEqual([...written].sort());
      expect(row.messages.at(-1)).toMatchObject({ body: row.lastMessageText, sender: row.lastMessageSender });
      expect(row).not.toHaveProperty('campaignId');
      expect(row.correspondentProfile).not.toHaveProperty('id');
      expect(row.correspondentProfile.emailAddress).toBeNull();
      expect(row.lastMessageAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
  });

  it('has the documented keys with the quirk documentedIds', async () => {
    const api = await sandbox({ quirks: { documentedIds: true } });
    const [row] = (await v2(api, {}, 1)).body.items;
    expect(row?.campaignId).toEqual(expect.any(Number));
    expect(row?.correspondentProfile.id).toEqual(expect.any(String));
  });

  it('is the only version with the quirk hasInboxV3 off', async () => {
    const api = await sandbox({ quirks: { hasInboxV3: false } });
    expect((await v3(api)).status).toBe(404);
    expect((await v2(api)).status).toBe(200);
  });

  it('filters, and returns the whole inbox for a misspelled filter', async () => {
    const api = await sandbox();
    const { unreadReply } = api.workspace.fixtures;
    const total = async (filters: object) => (await v2(api, filters)).body.totalCount;
    const unread = await v2(api, { seen: false });
    expect(unread.body.items.every(({ read }) => !read)).toBe(true);
    expect((await total({ seen: true })) + unread.body.totalCount).toBe(150);
    expect(await total({ unread: true, linkedInAccountId: [1] })).toBe(150);
    expect(await total({ linkedInAccountIds: [1] })).toBe(0);
    expect(await total({ leadProfileUrl: `${unreadReply.profileUrl}/` })).toBe(1);
    expect(await total({ campaignIds: [unreadReply.campaignIds[0]] })).toBeGreaterThan(1);
    expect(await total({ searchString: 'PRICING BEFORE that' })).toBe(1);
    expect((await v2(api, { leadProfileUrl: 'https://www.linkedin.com/in/nobody-here' })).status).toBe(400);
    expect((await v2(api, { leadProfileUrl: 'https://www.linkedin.com/company/x' })).status).toBe(400);
    expect((await v2(api, { leadProfileUrl: unreadReply.profileUrl, leadLinkedInId: '1' })).status).toBe(400);
    expect((await v2(api, { tags: ['no such tag'] })).status).toBe(400);
    expect((await v2(api, { tags: ['HOT', 'customer'] })).status).toBe(200);
  });

  it('rejects large offsets', async () => {
    const api = await sandbox();
    expect((await v2(api, {}, 10, 1_000)).body.items).toEqual([]);
    expect((await v2(api, {}, 10, 1_001)).status).toBe(400);
  });

  it('ignores the tag filter in version one', async () => {
    const api = await sandbox();
    const response = await api.post<Page<Row>>('/inbox/GetConversations', { filters: { tags: ['no such tag'] } });
    expect(response.body.totalCount).toBe(150);
  });
});

describe('version three', () => {
  it('pages by cursor to the end without a gap or a repeat', async () => {
    const api = await sandbox();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body }: { body: CursorPage } = await v3(api, { limit: 40, cursor, filters: {} });
      expect(body.totalCount).toBe(150);
      seen.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
      expect(body.hasNextPage).toBe(cursor !== null);
    } while (cursor);
    expect(new Set(seen).size).toBe(150);
    const all = [...(await v2(api)).body.items, ...(await v2(api, {}, 100, 100)).body.items];
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  it('rejects an edited cursor', async () => {
    const api = await sandbox();
    const { nextCursor } = (await v3(api, { limit: 5 })).body;
    const edited = [`${nextCursor}x`, nextCursor?.slice(1), Buffer.from('1 2 3').toString('base64'), 'abc'];
    for (const cursor of edited) expect((await v3(api, { cursor })).status).toBe(400);
  });

  it('has neither e-mail nor custom fields', async () => {
    const api = await sandbox();
    const [row] = (await v3(api)).body.items;
    expect(Object.keys(row?.correspondentProfile ?? {})).not.toContain('emailAddress');
    expect(Object.keys(row?.correspondentProfile ?? {})).not.toContain('customFields');
  });

  it('reads from and to as whole days', async () => {
    const api = await sandbox();
    // The newest message is from 11:53. A later bound on the same day still includes it.
    const today = await v3(api, { from: '2026-11-18T11:59:00Z' });
    expect(today.body.items[0]?.id).toBe(api.workspace.fixtures.unreadReply.conversationId);
    expect((await v3(api, { to: '2026-11-18T00:00:01Z' })).body.totalCount).toBe(150);
    expect((await v3(api, { to: '2026-11-17T23:59:59Z' })).body.totalCount).toBeLessThan(150);
    expect((await v3(api, { from: '2026-11-18T10:00:00Z', to: '2026-11-18T09:00:00Z' })).status).toBe(400);
    expect((await v3(api, { from: '2026-11-18T02:00:00+02:00' })).body.totalCount).toBe(today.body.totalCount);
  });

  it('filters by the latest auto tag', async () => {
    const api = await sandbox();
    const { body } = await v3(api, { filters: { latestAutoTagNames: ['Interested'] } });
    expect(body.totalCount).toBeGreaterThan(1);
    expect(body.totalCount).toBeLessThan(150);
  });
});

describe('one conversation', () => {
  it('is found by an encoded id and its own sender only', async () => {
    const api = await sandbox();
    const awkward = [...api.workspace.conversations.values()].find(({ id }) => id.includes('/') && id.endsWith('='))!;
    const read = (accountId: number, id: string) =>
      api.get<Row>(`/inbox/GetChatroom/${accountId}/${encodeURIComponent(id)}`);
    expect((await read(awkward.accountId, awkward.id)).body.id).toBe(awkward.id);
    expect((await read(awkward.accountId + 1, awkward.id)).status).toBe(404);
    expect((await read(awkward.accountId, `${awkward.id}x`)).status).toBe(404);
    expect((await api.get(`/inbox/GetChatroom/${awkward.accountId}/${awkward.id}`)).status).toBe(404);
    const [long] = api.workspace.fixtures.longThreads;
    expect((await read(long!.accountId, long!.conversationId)).body.totalMessages).toBeGreaterThanOrEqual(300);
  });

  it('is marked seen and unseen', async () => {
    const api = await sandbox();
    const { accountId: linkedInAccountId, conversationId } = api.workspace.fixtures.unreadReply;
    const mark = (seen: boolean) => api.post('/inbox/SetSeenStatus', { conversationId, linkedInAccountId, seen });
    expect(await mark(true)).toMatchObject({ status: 200, text: '' });
    expect(api.workspace.conversations.get(conversationId)?.read).toBe(true);
    await mark(false);
    expect(api.workspace.conversations.get(conversationId)?.read).toBe(false);
  });

  it('shows a sent message after a delay, and counts it at once', async () => {
    const api = await sandbox();
    const { accountId: linkedInAccountId, conversationId } = api.workspace.fixtures.unreadReply;
    const thread = api.workspace.conversations.get(conversationId)!;
    const send = (body: object) =>
      api.post('/inbox/SendMessage', { conversationId, linkedInAccountId, message: 'Hi', ...body });
    const before = thread.messages.length;
    expect(await send({ subject: '' })).toMatchObject({ status: 200, text: '' });
    expect(api.reached.messages).toMatchObject([{ text: 'Hi', campaignId: null, accountId: linkedInAccountId }]);
    expect(api.reached.total).toBe(1);
    expect(thread.messages).toHaveLength(before);
    api.advance(300);
    expect(thread.messages.at(-1)).toMatchObject({ body: 'Hi', sender: 'ME', subject: null });
    await send({});
    await send({});
    api.advance(300);
    expect(thread.messages).toHaveLength(before + 3);
    expect((await send({ linkedInAccountId: 1 })).status).toBe(404);
    expect((await send({ conversationId: '2-nothing' })).status).toBe(404);
    expect((await send({ message: undefined })).status).toBe(400);
    expect(api.reached.total).toBe(3);
  });

  it('becomes unread when the lead replies', async () => {
    const api = await sandbox();
    for (const thread of api.workspace.conversations.values()) thread.read = true;
    api.advance(10 * DAY);
    const unread = [...api.workspace.conversations.values()].filter(({ read }) => !read);
    expect(unread.length).toBeGreaterThan(0);
    for (const thread of unread) expect(thread.messages.at(-1)?.createdAt).toBeGreaterThan(api.now() - 11 * DAY);
  });
});
