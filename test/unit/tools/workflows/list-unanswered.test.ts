import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { readAll } from '../../../support/heyreach/unanswered.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { rowsOf } from '../../../support/tools/tables.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
const day = (days: number) => ago(days * 24).slice(0, 10);

interface Said {
  sender: 'ME' | 'CORRESPONDENT';
  body: string;
  hours: number;
}

/** A conversation as HeyReach returns it, made from its messages. */
function conversation(id: string, thread: Said[], rest: Record<string, unknown> = {}) {
  const messages = thread.map(({ sender, body, hours }) => ({ sender, body, createdAt: ago(hours) }));
  const last = messages.at(-1)!;
  return {
    id,
    linkedInAccountId: 170001,
    read: true,
    lastMessageAt: last.createdAt,
    lastMessageText: last.body,
    lastMessageSender: last.sender,
    linkedInAccount: { id: 170001, firstName: 'Grace', lastName: 'Example' },
    correspondentProfile: {
      profileUrl: `https://www.linkedin.com/in/${id}`,
      firstName: 'Ada',
      lastName: 'Example',
      companyName: null,
      autoTags: [],
    },
    messages,
    ...rest,
  };
}

const ME = (hours: number, body = 'Hello Ada'): Said => ({ sender: 'ME', body, hours });
const THEY = (hours: number, body = 'Please tell me more'): Said => ({ sender: 'CORRESPONDENT', body, hours });

const page = (items: unknown[], totalCount = items.length) => ({
  body: { items, totalCount, nextCursor: null, hasNextPage: false },
});

describe('list_unanswered', () => {
  const wire = useToolHarness();
  const tagged = (campaignId: number, name = 'Interested') => ({
    correspondentProfile: { profileUrl: 'https://www.linkedin.com/in/tagged', autoTags: [{ name, campaignId }] },
  });

  test('reads the window, and the campaigns of the shown rows', async () => {
    const two = conversation('two', [ME(50), THEY(30, 'One'), THEY(20, `x${'y'.repeat(539)}`)]);
    wire.answerWith({
      '/inbox/GetConversationsV3': page([
        conversation('ours', [THEY(9), ME(1)]),
        two,
        conversation('tagged', [ME(90), THEY(80)], tagged(7)),
      ]),
      '/campaign/GetCampaignsForLead': {
        body: { items: [{ campaignId: 5, campaignName: 'Five', campaignStatus: 'PAUSED', leadStatus: 'Finished' }] },
      },
      '/campaign/GetAll': { body: { totalCount: 1, items: [{ id: 7, name: 'Seven', status: 'IN_PROGRESS' }] } },
      '/blacklist/GetLeads': { body: { totalCount: 0, items: [] } },
    });
    const result = await wire.call('list_unanswered', {
      lookBackDays: 10,
      linkedInAccountIds: [170001],
      campaignIds: [5],
    });
    const filters = {
      linkedInAccountIds: [170001],
      campaignIds: [5],
      searchString: null,
      leadLinkedInId: null,
      leadProfileUrl: null,
      tags: [],
      seen: null,
      latestAutoTagNames: [],
    };
    const byPath = wire.sent().sort((a, b) => (a.path > b.path ? -1 : 1));
    expect(byPath).toEqual([
      post('/api/public/li_account/GetAll', { offset: 0, limit: 100 }),
      post('/api/public/inbox/GetConversationsV3', { limit: 100, cursor: null, from: `${day(10)}T00:00:00Z`, filters }),
      post('/api/public/campaign/GetCampaignsForLead', {
        profileUrl: 'https://www.linkedin.com/in/two',
        offset: 0,
        limit: 100,
      }),
      // The ids of the filters are compared with the listings.
      post('/api/public/campaign/GetAll', { offset: 0, limit: 100 }),
      post('/api/public/campaign/GetAll', { offset: 0, limit: 100 }),
      post('/api/public/blacklist/GetLeads', { offset: 0, limit: 100 }),
    ]);
    expect(result.structuredContent).toMatchObject({
      scanned: 3,
      waiting: 2,
      byAge: { under1d: 0, '1to3d': 1, '3to7d': 1, over7d: 0 },
      leftOut: { blocked: 0, group: 0, theyWroteFirst: 0, underWaitingHours: 0 },
      senders: { rows: [[170001, 'Grace Example']] },
      campaigns: {
        rows: [
          [5, 'Five', 'PAUSED'],
          [7, 'Seven', 'IN_PROGRESS'],
        ],
      },
    });
    expect(result.structuredContent).not.toHaveProperty('nextCursor');
    expect(rowsOf(result)).toMatchObject([
      { conversationId: 'tagged', campaigns: [7], autoTag: 'Interested', inbound: 1, read: true },
      {
        conversationId: 'two',
        name: 'Ada Example',
        said: `x${'y'.repeat(199)}…(540)`,
        weSaid: 'Hello Ada',
        waitingSince: two.messages[1]!.createdAt.slice(0, 16),
        inbound: 2,
        campaigns: [5],
        profileUrl: 'two',
      },
    ]);
  });

  test('counts the omitted rows, shows them on request, and sorts closing replies last', async () => {
    const all = [
      conversation('short', [ME(99), THEY(98, 'Thanks!')], tagged(7)),
      conversation('no', [ME(97), THEY(96)], tagged(7, 'Not Interested')),
      conversation('blocked', [ME(95), THEY(94)], { blockedByParticipant: true, ...tagged(7) }),
      conversation('group', [ME(93), THEY(92)], { groupChat: true, ...tagged(7) }),
      conversation('theirs', [THEY(91)], tagged(7)),
      conversation('new', [ME(2), THEY(1)], tagged(7)),
      conversation('late', [ME(90), THEY(89)], tagged(7)),
    ];
    wire.answerWith({ '/inbox/GetConversationsV3': page(all) });
    const idsOf = async (args: Record<string, unknown>) =>
      rowsOf(await wire.call('list_unanswered', args)).map(({ conversationId }) => conversationId);
    expect(await idsOf({})).toEqual(['late', 'new', 'short', 'no']);
    expect(await idsOf({ waitingHours: 24 })).toEqual(['late', 'short', 'no']);
    expect(await idsOf({ include: ['closing', 'blocked', 'group', 'they_wrote_first'] })).toEqual([
      ...['short', 'no', 'blocked', 'group', 'theirs', 'late', 'new'],
    ]);
    const { structuredContent } = await wire.call('list_unanswered', { waitingHours: 24 });
    expect(structuredContent).toMatchObject({
      waiting: 7,
      closing: 2,
      leftOut: { blocked: 1, group: 1, theyWroteFirst: 1, underWaitingHours: 1 },
    });
  });

  test('says where a later page failed, and continues there with the cursor', async () => {
    const many = Array.from({ length: 3 }, (_, index) =>
      conversation(`c${index}`, [ME(9), THEY(index + 1)], tagged(7)),
    );
    let pages = 0;
    wire.stub.answer(async ({ path, body }) => {
      if (!path.includes('GetConversationsV3')) return { body: { items: [] } };
      if (body.includes('"to"')) return page([many[2]!]);
      pages += 1;
      if (pages > 1) return { status: 403, body: { errorMessage: 'no' } };
      return { body: { items: many.slice(0, 2), totalCount: 3, nextCursor: 'next', hasNextPage: true } };
    });
    const first = await wire.call('list_unanswered');
    expect(first.structuredContent).toMatchObject({
      scanned: 2,
      incomplete: [{ part: `conversations of all senders before ${ago(2).slice(0, 10)}`, reason: 'no' }],
    });
    const second = await wire.call('list_unanswered', { cursor: first.structuredContent?.nextCursor });
    expect(rowsOf(second).map(({ conversationId }) => conversationId)).toEqual(['c2']);
    expect(second.structuredContent).not.toHaveProperty('incomplete');
    expect(second.structuredContent).not.toHaveProperty('nextCursor');
  });

  interface InboxPart {
    sender: number;
    offset: number;
  }
  /** The same rule, but true only the first time. */
  const once = (rule: (page: InboxPart) => boolean) => {
    let isOver = false;
    return (page: InboxPart) => {
      const isFirst = !isOver && rule(page);
      isOver ||= isFirst;
      return isFirst;
    };
  };

  /** 510 people who wait, some time apart, with two senders in turn. `isBroken` decides which pages fail. */
  function answerInbox(isBroken: (page: InboxPart) => boolean, tied = 1) {
    const newest = Date.now() - 3_600_000;
    const all = Array.from({ length: 510 }, (_, index) => {
      const lastMessageAt = new Date(newest - Math.floor(index / tied) * 60_000).toISOString();
      const messages = [
        { sender: 'ME', body: 'Hello', createdAt: ago(1_000) },
        { sender: 'CORRESPONDENT', body: 'Please tell me more', createdAt: lastMessageAt },
      ];
      const rest = { linkedInAccountId: 1 + (index % 2), lastMessageAt, messages, ...tagged(7) };
      return conversation(`c${index}`, [ME(9), THEY(1)], rest);
    });
    wire.stub.answer(async ({ path, body }) => {
      if (path.includes('li_account/GetAll')) return { body: { totalCount: 2, items: [{ id: 1 }, { id: 2 }] } };
      if (path.includes('GetConversationsV2')) return { status: 403, body: { errorMessage: 'no' } };
      if (!path.includes('GetConversationsV3')) return { body: { totalCount: 0, items: [] } };
      const { filters, cursor, to } = JSON.parse(body) as {
        filters: { linkedInAccountIds: number[] };
        cursor: string | null;
        to?: string;
      };
      const [sender = 0] = filters.linkedInAccountIds;
      const [offset, latest] = [Number(cursor ?? 0), Date.parse(to ?? '9999-01-01')];
      if (isBroken({ sender, offset })) return { status: 403, body: { errorMessage: 'no' } };
      const inside = all.filter(
        (candidate) =>
          (sender === 0 || candidate.linkedInAccountId === sender) && Date.parse(candidate.lastMessageAt) <= latest,
      );
      const next = offset + 100 < inside.length ? String(offset + 100) : null;
      return {
        body: {
          items: inside.slice(offset, offset + 100),
          totalCount: inside.length,
          nextCursor: next,
          hasNextPage: next !== null,
        },
      };
    });
    return all.map(({ id }) => id).sort();
  }

  test('continues after the first page of a sender failed', async () => {
    const ids = answerInbox(once(({ sender }) => sender === 1));
    const read = await readAll((args) => wire.call('list_unanswered', args), { limit: 100 });
    expect(read.pages.map(({ isError }) => isError ?? false)).not.toContain(true);
    const [{ part }] = read.pages[0]!.structuredContent!.incomplete as [{ part: string }];
    expect(part).toMatch(/^conversations of \D*1\)?$/);
    expect(read.pages[1]!.structuredContent).toMatchObject({
      incomplete: [{ part, reason: 'not read in an earlier page either' }],
    });
    expect(read.pages.at(-1)!.structuredContent).not.toHaveProperty('incomplete');
    expect([...read.ids].sort()).toEqual(ids);
  });

  test('ends the pages when a sender always fails, and names the sender on the last page', async () => {
    answerInbox(({ sender }) => sender === 1);
    const { pages, ids } = await readAll((args) => wire.call('list_unanswered', args), { limit: 100 });
    expect(new Set(ids).size).toBe(255);
    // Three pages of the other sender, and a page that tries this sender again.
    expect(pages).toHaveLength(4);
    expect(pages.at(-1)!.structuredContent).toMatchObject({ scanned: 0, incomplete: [{ reason: 'no' }] });
  });

  // A cursor cannot mark all 510 if they have the same moment.
  test.each([1, 20, 510])(
    'a sender that fails at its third page repeats and loses no row, %i at the same moment',
    async (tied) => {
      const ids = answerInbox(
        once(({ sender, offset }) => sender === 1 && offset === 200),
        tied,
      );
      const read = await readAll((args) => wire.call('list_unanswered', args), { limit: 100 });
      expect(read.pages[0]!.structuredContent).toMatchObject({ scanned: 455, incomplete: [{ reason: 'no' }] });
      expect([...read.ids].sort()).toEqual(ids);
    },
  );

  test('says how many conversations HeyReach counts but does not return', async () => {
    wire.answerWith({ '/inbox/GetConversationsV3': { body: { totalCount: 3 } } });
    const { structuredContent } = await wire.call('list_unanswered');
    expect(structuredContent).toMatchObject({
      scanned: 0,
      incomplete: [{ part: '3 conversations of all senders', reason: 'HeyReach counts them but did not return them' }],
    });
  });

  test('pages over people who began to wait at the same moment', async () => {
    const createdAt = ago(5);
    const messages = [
      { sender: 'ME', body: 'Hello', createdAt: ago(9) },
      { sender: 'CORRESPONDENT', body: 'Please tell me more', createdAt },
    ];
    const all = ['c', 'a', 'b'].map((id) => conversation(id, [ME(9), THEY(5)], { messages, ...tagged(7) }));
    wire.answerWith({ '/inbox/GetConversationsV3': page(all), '/campaign/GetAll': { body: { items: [] } } });
    const { ids } = await readAll((args) => wire.call('list_unanswered', args), { limit: 1 });
    expect(ids).toEqual(['a', 'b', 'c']);
  });

  test('reads the window without GetConversationsV3 too', async () => {
    const old = conversation('old', [ME(2_000), THEY(1_999)], tagged(7));
    wire.answerWith({
      '/inbox/GetConversationsV3': { status: 404 },
      '/inbox/GetConversationsV2': {
        body: { totalCount: 900, items: [conversation('new', [ME(9), THEY(8)], tagged(7)), old] },
      },
      '/campaign/GetAll': { body: { totalCount: 0, items: [] } },
      '/blacklist/GetLeads': { body: { totalCount: 0, items: [] } },
    });
    const result = await wire.call('list_unanswered');
    expect(rowsOf(result).map(({ conversationId }) => conversationId)).toEqual(['new']);
    expect(result.structuredContent).not.toHaveProperty('incomplete');
  });

  test.each([{ hasNextPage: false }, { items: null, nextCursor: null }])(
    'an answer of %j is unreadable, not an empty inbox',
    async (body) => {
      wire.answerWith({ '/inbox/GetConversationsV3': { body } });
      const result = await wire.call('list_unanswered', {});
      expect(result.structuredContent?.error).toMatchObject({ kind: 'unreadable_answer' });
      expect(result.structuredContent).not.toHaveProperty('scanned');
      wire.answerWith({ '/inbox/GetConversationsV3': { body: { totalCount: 0 } } });
      expect((await wire.call('list_unanswered', {})).structuredContent).toMatchObject({ scanned: 0, waiting: 0 });
    },
  );

  test('names a later page without rows as missing', async () => {
    wire.answerWith({
      '/inbox/GetConversationsV3': ({ body }) =>
        body.includes('"cursor":null')
          ? { body: { items: [conversation('one', [ME(9), THEY(5)])], nextCursor: 'two', hasNextPage: true } }
          : { body: {} },
      '/campaign/GetCampaignsForLead': { body: {} },
    });
    const result = await wire.call('list_unanswered', {});
    expect(result.structuredContent).toMatchObject({ scanned: 1, waiting: 1 });
    expect(result.structuredContent?.incomplete).toEqual([
      {
        part: expect.stringMatching(/^conversations of all senders before /),
        reason: expect.stringContaining('no conversations'),
      },
      { part: 'campaigns of 1 people', reason: 'HeyReach answered without rows' },
      { part: 'blacklist', reason: expect.stringContaining('the body is empty') },
    ]);
    expect(rowsOf(result)[0]).toMatchObject({ campaigns: null });
  });

  test('fails if the inbox cannot be read, and rejects a cursor of other arguments', async () => {
    wire.stub.answer(() => ({ status: 401, body: 'Invalid API key' }));
    expect((await wire.call('list_unanswered')).isError).toBe(true);
    expectInvalid(await wire.call('list_unanswered', { cursor: 'abc' }), 'cursor was not returned by this tool');
  });
});

describe('list_unanswered marks people who opted out', () => {
  const wire = useToolHarness();

  test('reads the blacklist once for all rows', async () => {
    const tags = (...names: string[]) => ({
      correspondentProfile: { profileUrl: 'https://www.linkedin.com/in/tagged', tags: names, autoTags: [] },
    });
    const inbox = page([
      conversation('free', [ME(50), THEY(45)]),
      conversation('listed', [ME(50), THEY(40)]),
      conversation('tagged', [ME(50), THEY(30)], tags('Do-Not-Contact')),
      conversation('both', [ME(50), THEY(20)], tags('do-not-contact', 'hot')),
    ]);
    const entries = [
      { profileUrl: 'https://de.linkedin.com/in/Listed/', matchingStatus: 'Matched' },
      { profileUrl: 'https://www.linkedin.com/in/other', matchingStatus: 'Matched' },
    ];
    const other = { '/campaign/GetCampaignsForLead': { body: { totalCount: 0, items: [] } } };
    wire.answerWith({
      ...other,
      '/inbox/GetConversationsV3': inbox,
      '/blacklist/GetLeads': { body: { totalCount: 2, items: entries } },
    });
    const result = await wire.call('list_unanswered', {});
    expect(rowsOf(result).map(({ conversationId, optedOut }) => [conversationId, optedOut])).toEqual([
      ['free', null],
      ['listed', 'blacklist'],
      ['tagged', 'tag'],
      ['both', 'tag'],
    ]);
    expect(result.structuredContent).not.toHaveProperty('incomplete');
    expect(wire.sent().filter(({ path }) => path.includes('/blacklist/'))).toHaveLength(1);
  });
});
