import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { onlyInFullRun } from '../../support/runs/run-scope.ts';
import { readAll, readInbox } from './public-api.ts';
import { type Client, DAY, NOON, type Page, sandbox } from './support.ts';

async function dump(api: Client): Promise<string> {
  const texts = [
    await api.post('/campaign/GetAll', { limit: 100 }),
    await api.post('/inbox/GetConversationsV2', { limit: 100 }),
    await api.post('/inbox/GetConversationsV2', { limit: 100, offset: 100 }),
    await api.post('/list/GetAll', { limit: 100 }),
    await api.post('/stats/GetOverallStats', { accountIds: [], campaignIds: [] }),
    await api.post('/webhooks/GetAllWebhooks', { limit: 100, includeCustomHeaders: true }),
  ].map(({ text }) => text);
  for (const campaignId of api.workspace.campaigns.keys()) {
    texts.push((await api.post('/campaign/GetLeadsFromCampaign', { campaignId, limit: 100 })).text);
  }
  return texts.join('\n');
}

/** Every row of the collections of a plain sandbox, through the API. */
async function digest(api: Client): Promise<string> {
  const { campaigns, lists, accounts } = api.workspace;
  const [startDate, endDate] = [NOON - 90 * DAY, NOON].map((ms) => new Date(ms).toISOString());
  const stats = { accountIds: [], campaignIds: [], startDate, endDate };
  const parts: unknown[] = [
    await readAll(api, '/campaign/GetAll'),
    await readAll(api, '/list/GetAll'),
    await readAll(api, '/li_account/GetAll'),
    await readAll(api, '/blacklist/GetLeads'),
    await readInbox(api),
    (await api.post('/webhooks/GetAllWebhooks', { limit: 100, includeCustomHeaders: true })).body,
    (await api.post('/stats/GetOverallStatsByCampaign', stats)).body,
    (await api.get('/management/organizations/workspaces')).body,
  ];
  for (const campaignId of campaigns.keys()) {
    parts.push(await readAll(api, '/campaign/GetLeadsFromCampaign', { campaignId }));
  }
  for (const listId of lists.keys()) parts.push(await readAll(api, '/list/GetLeadsFromList', { listId }, 1_000));
  for (const senderId of accounts.keys()) {
    parts.push((await api.post('/MyNetwork/GetMyNetworkForSender', { senderId, pageSize: 100 })).body);
  }
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

describe('the data', () => {
  // Tests and documents contain figures of the plain data, so a switch that adds data must not change it.
  it.each<['default' | 'large', string]>([
    ['default', 'ee7be641dfc036a6'],
    ...onlyInFullRun<['large', string]>([['large', '26cc68834d42cf71']]),
  ])('stays unchanged in the %s size', async (size, expected) => {
    expect(await digest(await sandbox({ size }))).toBe(expected);
  });

  it('is the same for the same seed and moment, and differs for another seed', async () => {
    const first = await dump(await sandbox({ seed: 5 }));
    expect(await dump(await sandbox({ seed: 5 }))).toBe(first);
    expect(await dump(await sandbox({ seed: 6 }))).not.toBe(first);
  });

  it.each([1, 2, 3, 42])('has all kinds of data for seed %i', async (seed) => {
    const api = await sandbox({ seed, startAt: NOON + seed * 86_400_000 });
    const { fixtures, campaigns, lists, conversations, accounts, webhooks } = api.workspace;
    expect(Object.values(fixtures.campaigns).map(({ length }) => length > 0)).toEqual(Array(8).fill(true));
    expect([campaigns.size, accounts.size, lists.size, webhooks.size, conversations.size]).toEqual([12, 6, 8, 3, 150]);
    const leads = new Set([...lists.values()].flatMap(({ members }) => [...members.keys()]));
    expect(leads.size).toBe(600);
    const unread = [...conversations.values()].filter(({ read }) => !read);
    const unreadReplies = unread.filter(({ messages }) => messages.at(-1)?.sender === 'CORRESPONDENT');
    expect(unreadReplies.length).toBeGreaterThanOrEqual(12);
    expect(campaigns.get(fixtures.campaignWithoutSequence)?.status).toBe('DRAFT');
    expect(campaigns.get(fixtures.emptyListCampaign)).toMatchObject({ status: 'PAUSED', listId: fixtures.emptyList });
    expect(lists.get(fixtures.emptyList)?.members.size).toBe(0);
    for (const { conversationId } of fixtures.longThreads) {
      expect(conversations.get(conversationId)?.messages.length).toBeGreaterThanOrEqual(300);
    }
    const newest = await api.post<Page<{ id: string; read: boolean; lastMessageSender: string }>>(
      '/inbox/GetConversationsV2',
      { limit: 3 },
    );
    expect(newest.body.items.map(({ id }) => id)).toContain(fixtures.unreadReply.conversationId);
    for (const id of fixtures.unreadReply.campaignIds) expect(campaigns.get(id)?.status).toBe('IN_PROGRESS');
  });

  it('contains the irregularities of live data', async () => {
    const api = await sandbox();
    const { conversations, people } = api.workspace;
    const ids = [...conversations.keys()];
    expect(ids.every((id) => id.length === 58)).toBe(true);
    for (const sign of ['=', '/', '+'])
      expect(
        ids.some((id) => id.includes(sign)),
        sign,
      ).toBe(true);
    expect(ids.some((id) => !id.includes('='))).toBe(true);
    const texts = [...conversations.values()].flatMap(({ messages }) => messages.map(({ body }) => body));
    const lengths = texts.map(({ length }) => length).sort((a, b) => a - b);
    expect(lengths[lengths.length >> 1]).toBeGreaterThan(90);
    expect(lengths[lengths.length >> 1]).toBeLessThan(150);
    expect(lengths.filter((length) => length > 4_000).length).toBeGreaterThan(2);
    expect(texts.some((text) => /\p{Emoji_Presentation}/u.test(text))).toBe(true);
    const all = [...people.values()];
    for (const script of [/\p{Script=Cyrillic}/u, /\p{Script=Han}/u, /\p{Script=Arabic}/u, /[é-ş]/u]) {
      expect(
        all.some(({ firstName, lastName }) => script.test(firstName + lastName)),
        String(script),
      ).toBe(true);
    }
    expect(all.some(({ headline }) => headline === null)).toBe(true);
    expect(all.some(({ headline }) => headline === '')).toBe(true);
    expect(all.some(({ imageUrl }) => (imageUrl?.length ?? 0) > 130)).toBe(true);
    for (const { profileUrl, imageUrl, emailAddress } of all) {
      expect(profileUrl).toMatch(/^https:\/\/www\.linkedin\.com\/in\/[^/]+$/);
      if (imageUrl) expect(imageUrl).toMatch(/^https:\/\/www\.example\.com\//);
      if (emailAddress) expect(emailAddress).toMatch(/@example\.com$/);
    }
    const { text } = await api.post('/campaign/GetAll', { limit: 100 });
    const times = [...text.matchAll(/"creationTime":"([^"]+)"/g)].map(([, time]) => time!);
    expect(times.every((time) => /^[\d-]+T[\d:]+(?:\.\d{0,6}[1-9])?Z$/.test(time))).toBe(true);
  });

  it('has a large size', async () => {
    const api = await sandbox({ size: 'large' });
    expect(api.workspace.campaigns.size).toBe(120);
    expect(api.workspace.conversations.size).toBe(5_000);
  });

  it('is not shared between sandboxes', async () => {
    const [a, b] = await Promise.all([sandbox(), sandbox()]);
    expect(a.url).not.toBe(b.url);
    const id = a.workspace.fixtures.deepSequenceCampaign;
    await a.post(`/campaign/Pause?campaignId=${id}`);
    expect(b.workspace.campaigns.get(id)?.status).toBe('IN_PROGRESS');
  });
});
