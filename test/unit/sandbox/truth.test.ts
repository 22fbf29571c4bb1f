import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SandboxOptions, TruthKey } from '../../../src/sandbox/index.ts';
import { onlyInFullRun } from '../../support/runs/run-scope.ts';
import {
  type ApiCampaign,
  type ApiConversation,
  type ApiLead,
  readAll,
  readInbox,
  readLeads,
  slugIn,
} from './public-api.ts';
import { type Client, connect, DAY, HOUR, lead, NOON, sandbox } from './support.ts';

const WORLDS: [string, SandboxOptions][] = [
  ['default', {}],
  ['rich', { rich: true }],
  ...onlyInFullRun<[string, SandboxOptions]>([
    ['large', { size: 'large' }],
    ['large and rich', { size: 'large', rich: true, senders: 41 }],
  ]),
];

/** The person's messages after the last message of the sender. */
const inboundIn = ({ messages }: ApiConversation) =>
  messages.slice(messages.findLastIndex(({ sender }) => sender === 'ME') + 1);
const slugOf = ({ correspondentProfile }: ApiConversation) => slugIn(correspondentProfile.profileUrl);
const unique = <Item>(items: Item[]) => [...new Set(items)];

describe.each(WORLDS)('the truth of the %s workspace agrees with the public API', (_name, options) => {
  let api: Client;
  let inbox: ApiConversation[];
  let campaigns: ApiCampaign[];
  let leads: (ApiLead & { campaignId: number })[];
  beforeAll(async () => {
    api = await connect(options);
    inbox = await readInbox(api);
    campaigns = await readAll<ApiCampaign>(api, '/campaign/GetAll');
    leads = await readLeads(api, campaigns);
  });
  afterAll(() => api.close());

  it('about the conversations that wait', () => {
    const { waiting, inboxTotals } = api.truth({ only: ['waiting', 'inboxTotals'] });
    const ending = inbox.filter((conversation) => inboundIn(conversation).length > 0);
    const expected = ending.map((conversation) => ({
      conversationId: conversation.id,
      linkedInAccountId: conversation.linkedInAccountId,
      slug: slugOf(conversation),
      waitingSince: inboundIn(conversation)[0]!.createdAt,
      inbound: inboundIn(conversation).length,
      lastMessageAt: conversation.lastMessageAt,
      read: conversation.read,
      blocked: conversation.blockedByMe || conversation.blockedByParticipant,
      group: conversation.groupChat,
      theyWroteFirst: inboundIn(conversation).length === conversation.messages.length,
    }));
    const byId = (a: { conversationId: string }, b: { conversationId: string }) =>
      a.conversationId < b.conversationId ? -1 : 1;
    expect(waiting.toSorted(byId)).toEqual(expected.sort(byId));
    expect(waiting.map(({ waitingSince }) => waitingSince)).toEqual(
      waiting.map(({ waitingSince }) => waitingSince).toSorted(),
    );
    const people = ending.map(slugOf);
    expect(inboxTotals).toMatchObject({
      conversations: inbox.length,
      unread: inbox.filter(({ read }) => !read).length,
      waiting: ending.length,
      answerable: waiting.filter(({ blocked, group }) => !blocked && !group).length,
      autoTagged: inbox.filter(({ correspondentProfile }) => correspondentProfile.autoTags.length > 0).length,
      waitingWithSeveralSenders: unique(people).filter((slug) => people.filter((other) => other === slug).length > 1)
        .length,
    });
    for (const [id, totals] of Object.entries(inboxTotals.bySender)) {
      const own = inbox.filter(({ linkedInAccountId }) => linkedInAccountId === Number(id));
      expect(totals.conversations).toBe(own.length);
      expect(totals.unread).toBe(own.filter(({ read }) => !read).length);
      expect(totals.waiting).toBe(own.filter((conversation) => inboundIn(conversation).length > 0).length);
    }
  });

  it('about the lists, campaigns, conversations and blacklist of each person', async () => {
    const { people } = api.truth({ only: ['people'] });
    const blacklist = await readAll<{ matchingStatus: string; linkedInMemberId: string | null; fullName: string }>(
      api,
      '/blacklist/GetLeads',
    );
    const inLists = new Map<string, number[]>();
    for (const { id } of await readAll<{ id: number }>(api, '/list/GetAll')) {
      const rows = await readAll<{ profileUrl: string }>(api, '/list/GetLeadsFromList', { listId: id }, 1_000);
      for (const { profileUrl } of rows) {
        inLists.set(slugIn(profileUrl), [...(inLists.get(slugIn(profileUrl)) ?? []), id]);
      }
    }
    const threads = new Map<string, ApiConversation[]>();
    for (const conversation of inbox) {
      threads.set(slugOf(conversation), [...(threads.get(slugOf(conversation)) ?? []), conversation]);
    }
    expect(Object.keys(people).length).toBe(api.workspace.people.size);
    for (const [slug, person] of Object.entries(people)) {
      expect(person.lists, slug).toEqual((inLists.get(slug) ?? []).toSorted((a, b) => a - b));
      const own = threads.get(slug) ?? [];
      expect(person.conversations.map(({ conversationId }) => conversationId).sort()).toEqual(
        own.map(({ id }) => id).sort(),
      );
      for (const conversation of person.conversations) {
        const { messages, lastMessageAt } = own.find(({ id }) => id === conversation.conversationId)!;
        const senders = messages.map(({ sender }) => sender);
        expect(conversation).toMatchObject({
          lastMessageAt,
          lastMessageBy: senders.at(-1),
          theyAnswered: senders.includes('CORRESPONDENT'),
          weWrote: senders.includes('ME'),
        });
      }
      const isMatched = blacklist.some(
        (row) => row.matchingStatus === 'Matched' && row.linkedInMemberId === person.linkedInId,
      );
      expect(person.blacklist === 'Matched').toBe(isMatched);
    }
    // Every ninth person, and three with each state of a lead: some states are rare.
    const states = unique(Object.values(people).flatMap((person) => person.campaigns.map((own) => own.leadStatus)));
    const ofStates = states.flatMap((state) =>
      Object.keys(people)
        .filter((slug) => people[slug]!.campaigns.some(({ leadStatus }) => leadStatus === state))
        .slice(-3),
    );
    expect(states.length).toBeGreaterThan(5);
    const ninths = Object.keys(people).filter((_, i) => i % 9 === 0);
    for (const slug of unique([...ninths, ...ofStates])) {
      const rows = await readAll<{ campaignId: number; campaignStatus: string; leadStatus: string }>(
        api,
        '/campaign/GetCampaignsForLead',
        { profileUrl: `https://www.linkedin.com/in/${encodeURIComponent(slug)}` },
      );
      expect(people[slug]!.campaigns.map(({ id, status, leadStatus }) => ({ id, status, leadStatus }))).toEqual(
        rows.reverse().map((row) => ({ id: row.campaignId, status: row.campaignStatus, leadStatus: row.leadStatus })),
      );
    }
  });

  it('about the most severe verdict', () => {
    const { people } = api.truth({ only: ['people'] });
    for (const [slug, { verdict, blacklist, conversations, campaigns: own }] of Object.entries(people)) {
      const answered = conversations.some(({ theyAnswered }) => theyAnswered);
      const running = own.some(
        ({ status, leadStatus }) =>
          ['IN_PROGRESS', 'STARTING', 'SCHEDULED'].includes(status) &&
          ['PendingOrExcludedToBeCalculated', 'Pending', 'InSequence'].includes(leadStatus),
      );
      const contacted = own.some(({ leadStatus }) => leadStatus !== 'Excluded') || conversations.length > 0;
      const expected = [
        blacklist === 'Matched' && 'blacklisted',
        answered && 'answered',
        running && 'in_progress',
        contacted && 'contacted',
        'clear',
      ].find((word) => word !== false);
      expect(verdict, slug).toBe(expected);
    }
    expect(new Set(Object.values(people).map(({ verdict }) => verdict)).size).toBe(5);
  });

  it('about leads that accepted and got no message', () => {
    const { acceptedNotMessaged, acceptances } = api.truth({ only: ['acceptedNotMessaged', 'acceptances'] });
    const name = (slug: string, campaignId: number) => `${campaignId} ${slug}`;
    const accepted = leads.filter(({ leadConnectionStatus }) => leadConnectionStatus === 'ConnectionAccepted');
    const quiet = accepted.filter(({ leadMessageStatus }) => leadMessageStatus === 'None');
    const nameOf = (row: ApiLead & { campaignId: number }) =>
      name(slugIn(row.linkedInUserProfile.profileUrl), row.campaignId);
    expect(acceptedNotMessaged.map((row) => name(row.slug, row.campaignId)).sort()).toEqual(quiet.map(nameOf).sort());
    expect(unique(acceptances.map((row) => name(row.slug, row.campaignId))).sort()).toEqual(
      accepted.map(nameOf).sort(),
    );
    for (const row of acceptedNotMessaged) {
      const event = acceptances.find(({ slug, campaignId }) => slug === row.slug && campaignId === row.campaignId);
      expect(event).toMatchObject({ at: row.acceptedAt, linkedInAccountId: row.linkedInAccountId });
      const isPaused = row.campaignStatus === 'PAUSED' && row.leadStatus === 'Paused';
      if (isPaused) expect(row.outcome).toBe('held');
      else expect(row.outcome).not.toBe('held');
      const wrote = inbox.some(
        (conversation) =>
          slugOf(conversation) === row.slug && conversation.messages.some(({ sender }) => sender === 'ME'),
      );
      expect(row.wroteOtherwise).toBe(wrote);
    }
  });

  it('about the statistics of a period', async () => {
    const [from, to] = [NOON - 20 * DAY, NOON - 3 * DAY].map((ms) => new Date(ms).toISOString().slice(0, 10));
    const { stats } = api.truth({ only: ['stats'], from, to });
    expect(stats).toMatchObject({ from, to });
    const pairs = campaigns.flatMap((campaign) => campaign.campaignAccountIds.map((id) => [campaign.id, id] as const));
    for (const [campaignId, accountId] of pairs) {
      const { body } = await api.post<{ overallStats: Record<string, number> }>('/stats/GetOverallStats', {
        accountIds: [accountId],
        campaignIds: [campaignId],
        startDate: from,
        endDate: to,
      });
      const { connectionsSent, connectionsAccepted, totalMessageStarted, totalMessageReplies } = body.overallStats;
      const { totalInmailStarted, totalInmailReplies } = body.overallStats;
      const sums = [connectionsSent, connectionsAccepted, totalMessageStarted, totalMessageReplies];
      const row = stats.rows.find(
        (candidate) => candidate.campaignId === campaignId && candidate.linkedInAccountId === accountId,
      );
      expect(
        [
          ...[row?.invitationsSent, row?.invitationsAccepted, row?.messagesStarted, row?.messageReplies],
          ...[row?.inmailsStarted, row?.inmailReplies],
        ].map((count) => count ?? 0),
      ).toEqual([...sums, totalInmailStarted, totalInmailReplies]);
    }
    const all = api.truth({ only: ['stats'] }).stats;
    const sent = all.rows.reduce((sum, row) => sum + row.invitationsSent, 0);
    const { body } = await api.post<{ overallStats: Record<string, number> }>('/stats/GetOverallStats', {
      accountIds: [],
      campaignIds: [],
      startDate: all.from,
      endDate: all.to,
    });
    expect(sent).toBe(body.overallStats.connectionsSent);
    expect(all.to).toBe('2026-11-18');
  });

  it('about the queues of the campaigns', () => {
    const { queues } = api.truth({ only: ['queues'] });
    expect(queues.length).toBe(campaigns.length);
    for (const queue of queues) {
      const { status, campaignAccountIds, progressStats } = campaigns.find(({ id }) => id === queue.campaignId)!;
      expect(queue).toMatchObject({
        status,
        linkedInAccountIds: campaignAccountIds,
        total: progressStats.totalUsers,
        waiting: progressStats.totalUsersPending,
      });
      const shown = leads.filter(({ campaignId }) => campaignId === queue.campaignId);
      const count = (...words: string[]) => shown.filter((row) => words.includes(row.leadCampaignStatus)).length;
      expect(queue.pending).toBe(count('Pending'));
      expect(queue.inSequence).toBe(count('InSequence', 'Paused'));
      const shared = Object.values(queue.waitingBySender).reduce((sum, number) => sum + number, 0);
      expect(shared).toBe(queue.waiting);
    }
  });

  it('about the messages and failures since a moment', () => {
    const since = NOON - 5 * DAY;
    const { changesSince } = api.truth({ only: ['changesSince'], since });
    expect(changesSince.since).toBe(new Date(since).toISOString());
    const messages = inbox.flatMap((conversation) =>
      conversation.messages
        .filter(({ sender, createdAt }) => sender === 'CORRESPONDENT' && Date.parse(createdAt) > since)
        .map(({ createdAt, body }) => `${createdAt} ${conversation.id} ${slugOf(conversation)} ${body}`),
    );
    expect(changesSince.inbound.map((row) => `${row.at} ${row.conversationId} ${row.slug} ${row.text}`).sort()).toEqual(
      messages.sort(),
    );
    const everything = api.truth({ only: ['changesSince'], since: 0 }).changesSince;
    const failed = leads.filter(({ failedTime }) => failedTime !== null);
    expect(everything.failures.map((row) => `${row.campaignId} ${row.slug} ${row.errorCode}`).sort()).toEqual(
      failed.map((row) => `${row.campaignId} ${slugIn(row.linkedInUserProfile.profileUrl)} ${row.errorCode}`).sort(),
    );
    expect(everything.failures.length).toBeGreaterThan(0);
    expect(everything.campaignStatuses.length).toBeGreaterThan(0);
  });

  it('about the senders that contacted a person', () => {
    const { contactedBy, people } = api.truth({ only: ['contactedBy', 'people'] });
    for (const [slug, { conversations, campaigns: own }] of Object.entries(people)) {
      const senders = unique([
        ...conversations.filter(({ weWrote }) => weWrote).map(({ linkedInAccountId }) => linkedInAccountId),
        ...own.filter(({ contacted }) => contacted).map(({ linkedInAccountId }) => linkedInAccountId),
      ]);
      expect((contactedBy[slug] ?? []).map(({ linkedInAccountId }) => linkedInAccountId).sort()).toEqual(
        senders.sort(),
      );
    }
    const sent = inbox.flatMap(({ messages }) => messages).filter(({ sender }) => sender === 'ME').length;
    const contacts = Object.values(contactedBy).flat();
    expect(contacts.reduce((sum, { messages }) => sum + messages, 0)).toBe(sent);
    const invited = api.truth({ only: ['changesSince'], since: 0 }).changesSince.invitations.length;
    expect(contacts.reduce((sum, { invitations }) => sum + invitations, 0)).toBe(invited);
    for (const { firstAt, lastAt } of contacts) expect(firstAt <= lastAt).toBe(true);
  });
});

describe('the truth', () => {
  it('is byte for byte the same for the same seed and moment', async () => {
    const [first, second, other] = [await sandbox(), await sandbox(), await sandbox({ seed: 2 })];
    for (const api of [first, second, other]) api.advance(2 * DAY);
    expect(JSON.stringify(second.truth())).toBe(JSON.stringify(first.truth()));
    expect(JSON.stringify(other.truth())).not.toBe(JSON.stringify(first.truth()));
  });

  it('follows changes over the API and the passage of time', async () => {
    const api = await sandbox();
    const { fixtures } = api.workspace;
    const { conversationId, accountId, profileUrl } = fixtures.unreadReply;
    const since = new Date(NOON).toISOString();
    const listId = [...api.workspace.lists.keys()][1]!;
    await api.post(`/campaign/Pause?campaignId=${fixtures.deepSequenceCampaign}`);
    await api.post('/list/AddLeadsToListV2', { listId: fixtures.emptyList, leads: [lead('nova-newcomer')] });
    const [removed] = [...api.workspace.lists.get(listId)!.members.keys()];
    await api.call('DELETE', '/list/DeleteLeadsFromList', { listId, leadMemberIds: [removed] });
    await api.post('/inbox/SendMessage', { message: 'Gladly.', conversationId, linkedInAccountId: accountId });
    const waits = () => api.truth({ only: ['waiting'] }).waiting.some((row) => row.conversationId === conversationId);
    expect(waits()).toBe(true);
    api.advance(HOUR);
    expect(waits()).toBe(false);
    const slug = slugIn(profileUrl);
    const { contactedBy, people } = api.truth({ only: ['contactedBy', 'people'], slugs: [slug, 'no-such-person'] });
    expect(Object.keys(people)).toEqual([slug]);
    expect(contactedBy[slug]!.find((row) => row.linkedInAccountId === accountId)).toMatchObject({
      messages: 2,
      lastAt: new Date(api.workspace.conversations.get(conversationId)!.messages.at(-1)!.createdAt).toISOString(),
    });
    // A change at exactly that moment is not after it.
    expect(api.truth({ only: ['changesSince'], since }).changesSince.listAdditions).toEqual([]);
    const { changesSince } = api.truth({ only: ['changesSince'], since: NOON - 1 });
    expect(changesSince.campaignStatuses[0]).toEqual({
      campaignId: fixtures.deepSequenceCampaign,
      at: since,
      from: 'IN_PROGRESS',
      to: 'PAUSED',
    });
    expect(changesSince.listRemovals).toMatchObject([{ listId, at: since }]);
    expect(changesSince.listAdditions).toEqual([{ listId: fixtures.emptyList, slug: 'nova-newcomer', at: since }]);
  });

  it('is served over the control API, by key', async () => {
    const api = await sandbox();
    const read = async (query: string) => {
      const response = await fetch(`${api.url}/_sandbox/truth${query}`);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const whole = await read('');
    expect(whole).toEqual({ status: 200, body: JSON.parse(JSON.stringify(api.truth())) as unknown });
    const keys: TruthKey[] = ['queues', 'inboxTotals'];
    expect(Object.keys((await read(`?only=${keys.join(',')}`)).body)).toEqual(keys);
    const day = await read('?only=stats&from=2026-11-10&to=2026-11-12');
    expect(day.body).toEqual(api.truth({ only: ['stats'], from: '2026-11-10', to: '2026-11-12' }));
    const since = '2026-11-17T09:00:00Z';
    expect((await read(`?only=changesSince&since=${since}`)).body).toEqual(
      api.truth({ only: ['changesSince'], since }),
    );
    for (const query of ['?only=secrets', '?since=yesterday', '?from=2026-13-01', '?from=2026-11-12&to=2026-11-10']) {
      const { status, body } = await read(query);
      expect([status, typeof body.error], query).toEqual([400, 'string']);
    }
    expect((await read('?onyl=queues')).body.error).toContain('no parameter onyl');
  });
});
