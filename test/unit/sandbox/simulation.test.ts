import { describe, expect, it } from 'vitest';
import { DAY, HOUR, lead, NOON, sandbox } from './support.ts';

describe('the simulation', () => {
  it('stands still on a manual clock, and follows real time on a running clock', async () => {
    const manual = await sandbox();
    expect(manual.now()).toBe(NOON);
    const running = await sandbox({ clock: 'running' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(running.now()).toBeGreaterThan(NOON);
    const before = running.now();
    running.advance(DAY);
    expect(running.now() - before).toBeGreaterThanOrEqual(DAY);
    expect(() => manual.advance(-1)).toThrow(RangeError);
  });

  it('has the same result in one step as in many steps', async () => {
    const [once, often] = [await sandbox(), await sandbox()];
    once.advance(10 * DAY);
    for (let i = 0; i < 240; i++) often.advance(HOUR);
    const read = async (api: typeof once) => (await api.post('/inbox/GetConversationsV2', { limit: 100 })).text;
    expect(await read(often)).toBe(await read(once));
    expect(often.reached).toEqual(once.reached);
  });

  it('moves leads through the sequence and finishes the campaign', async () => {
    const api = await sandbox();
    const campaign = [...api.workspace.campaigns.values()].find(
      (candidate) => candidate.name === 'Partners, second try',
    )!;
    expect((await api.post(`/campaign/StartCampaign?campaignId=${campaign.id}`)).status).toBe(200);
    const inserted = () => [...campaign.enrolments.values()].filter(({ insertedAt }) => insertedAt !== null).length;
    expect(campaign.enrolments.size).toBe(100);
    api.advance(HOUR);
    const soon = inserted();
    expect(soon).toBeGreaterThan(0);
    api.advance(5 * DAY);
    expect(inserted()).toBeGreaterThan(soon);
    expect(inserted()).toBeLessThan(100);
    api.advance(90 * DAY);
    expect(campaign.status).toBe('FINISHED');
    const leads = [...api.workspace.campaigns.values()].flatMap((campaign) => [...campaign.enrolments.values()]);
    for (const status of ['Finished', 'Failed', 'Excluded']) expect(leads.map((lead) => lead.status)).toContain(status);
    for (const message of ['MessageSent', 'MessageReply']) expect(leads.map((lead) => lead.message)).toContain(message);
    const failed = leads.find(({ status }) => status === 'Failed')!;
    expect(failed.errorCode).not.toBeNull();
    expect(failed.failedTime).not.toBeNull();
    expect(leads.find(({ status }) => status === 'Finished')?.errorCode).toBeNull();
  });

  it('applies the daily allowance of a sender across all of its campaigns', async () => {
    const api = await sandbox();
    for (const { accountLimits } of api.workspace.accounts.values()) accountLimits.connectioRequestLimit = 1;
    api.advance(14 * DAY);
    const perDay = new Map<string, number>();
    for (const { at, accountId } of api.reached.invitations) {
      if (at < NOON + DAY) continue;
      const key = `${accountId}:${Math.floor(at / DAY)}`;
      perDay.set(key, (perDay.get(key) ?? 0) + 1);
    }
    expect(perDay.size).toBeGreaterThan(5);
    expect(Math.max(...perDay.values())).toBe(1);
  });

  it('acts only within the schedule', async () => {
    const api = await sandbox();
    api.advance(14 * DAY);
    const { campaigns } = api.workspace;
    // Messages are hours or days after the previous step. The delay must not move them out of the schedule.
    const zoned = [...api.reached.invitations, ...api.reached.messages].filter(
      ({ campaignId }) => campaigns.get(campaignId ?? 0)?.schedule.timeZoneId === 'Etc/GMT',
    );
    expect(zoned.length).toBeGreaterThan(10);
    for (const { at } of zoned) {
      const date = new Date(at);
      expect(date.getUTCHours()).toBeGreaterThanOrEqual(9);
      expect(date.getUTCHours()).toBeLessThan(17);
      expect(date.getUTCDay() % 6).not.toBe(0);
    }
  });

  it('does nothing for paused campaigns and broken senders', async () => {
    const api = await sandbox();
    for (const campaign of api.workspace.campaigns.values()) {
      if (campaign.status !== 'IN_PROGRESS') continue;
      expect((await api.post(`/campaign/Pause?campaignId=${campaign.id}`)).status).toBe(200);
    }
    const [starting] = api.workspace.fixtures.campaigns.STARTING;
    const [scheduled] = api.workspace.fixtures.campaigns.SCHEDULED;
    await api.post(`/campaign/Pause?campaignId=${starting}`);
    await api.post('/campaign/UpdateSettings', { campaignId: scheduled });
    api.advance(30 * DAY);
    expect(api.reached.total).toBe(0);

    const other = await sandbox();
    other.advance(20 * DAY);
    const { brokenAccount } = other.workspace.fixtures;
    const senders = [...other.reached.messages, ...other.reached.invitations].map(({ accountId }) => accountId);
    expect(senders.length).toBeGreaterThan(0);
    expect(senders).not.toContain(brokenAccount);
  });

  it('continues after pause and resume, and sends nothing twice', async () => {
    const api = await sandbox();
    const id = api.workspace.fixtures.deepSequenceCampaign;
    for (let i = 0; i < 4; i++) {
      await api.post(`/campaign/Pause?campaignId=${id}`);
      api.advance(DAY);
      await api.post(`/campaign/Resume?campaignId=${id}`);
      api.advance(2 * DAY);
    }
    api.advance(60 * DAY);
    expect(api.workspace.campaigns.get(id)?.status).toBe('FINISHED');
    const invited = api.reached.invitations.map(({ campaignId, profileUrl }) => `${campaignId} ${profileUrl}`);
    expect(new Set(invited).size).toBe(invited.length);
    const letters = api.reached.messages.map(
      ({ campaignId, profileUrl, text }) => `${campaignId} ${profileUrl} ${text}`,
    );
    expect(new Set(letters).size).toBe(letters.length);
    expect(letters.length).toBeGreaterThan(5);
    const last = new Map<string, number>();
    for (const { at, campaignId, profileUrl } of [...api.reached.invitations, ...api.reached.messages]) {
      const key = `${campaignId} ${profileUrl}`;
      expect(at - (last.get(key) ?? 0), key).toBeGreaterThanOrEqual(3 * HOUR);
      last.set(key, at);
    }
  });

  it('fills in variables, and sends the fallback if a value is missing', async () => {
    const api = await sandbox();
    const id = api.workspace.fixtures.deepSequenceCampaign;
    const campaign = api.workspace.campaigns.get(id)!;
    const [accountId = 0] = campaign.accountIds;
    campaign.enrolments.clear();
    campaign.insertAt = null;
    campaign.sequence = {
      nodeType: 'CONNECTION_REQUEST',
      actionDelay: 0,
      actionDelayUnit: 'HOUR',
      payload: { messages: ['Hi {FIRST_NAME} of {{companyName}}, {MY_FIRST_NAME} here'], fallbackMessage: 'Plain' },
      conditionalNode: { nodeType: 'END', actionDelay: 3, actionDelayUnit: 'HOUR' },
      unconditionalNode: { nodeType: 'END', actionDelay: 3, actionDelayUnit: 'HOUR' },
    };
    api.workspace.lists.get(campaign.listId!)!.members.clear();
    const leads = ['f-1', 'f-2', 'f-3', 'f-4'].map((slug, i) => lead(slug, i % 2 ? { companyName: 'Sample Ltd' } : {}));
    const accountLeadPairs = leads.map((lead) => ({ linkedInAccountId: accountId, lead: lead }));
    await api.post('/campaign/AddLeadsToCampaignV2', { campaignId: id, accountLeadPairs });
    api.advance(7 * DAY);
    const texts = api.reached.invitations.filter(({ campaignId }) => campaignId === id).map(({ text }) => text);
    expect(new Set(texts)).toEqual(new Set(['Plain', 'Hi Nova of Sample Ltd, Grace here']));
  });

  it('excludes leads of other campaigns at insertion', async () => {
    const api = await sandbox();
    const { campaigns, fixtures } = api.workspace;
    const founders = campaigns.get(fixtures.deepSequenceCampaign)!;
    const sales = [...campaigns.values()].find((candidate) => candidate.name === 'Heads of sales')!;
    expect(sales.excludeInOtherCampaigns).toBe(true);
    const contacted = [...founders.enrolments.values()].find(
      (enrolment) => enrolment.contacted && !sales.enrolments.has(enrolment.personId),
    )!;
    const { profileUrl } = api.workspace.people.get(contacted.personId)!;
    const pair = { linkedInAccountId: sales.accountIds[0], lead: lead('x', { profileUrl }) };
    await api.post('/campaign/AddLeadsToCampaignV2', { campaignId: sales.id, accountLeadPairs: [pair] });
    api.advance(40 * DAY);
    expect(sales.enrolments.get(contacted.personId)?.status).toBe('Excluded');
  });
});
