import { describe, expect, it } from 'vitest';
import type { CampaignStatus } from '../../../src/sandbox/index.ts';
import { type Page, sandbox } from './support.ts';

interface CampaignRow {
  id: number;
  name: string;
  status: CampaignStatus;
  campaignAccountIds: number[];
  progressStats: Record<string, number>;
  startedAt: string | null;
  excludeInOtherCampaigns: boolean;
  excludeListId: number | null;
}

const schedule = { dailyStartTime: '08:00:00', dailyEndTime: '18:00:00', timeZoneId: 'Europe/Berlin' };

describe('reading campaigns', () => {
  it('returns the fourteen keys, and a negative count in progress', async () => {
    const api = await sandbox();
    const { body } = await api.post<Page<CampaignRow>>('/campaign/GetAll', { limit: 100 });
    for (const row of body.items) {
      expect(Object.keys(row)).toEqual([
        'id',
        'name',
        'creationTime',
        'linkedInUserListName',
        'linkedInUserListId',
        'campaignAccountIds',
        'status',
        'progressStats',
        'excludeInOtherCampaigns',
        'excludeHasOtherAccConversations',
        'excludeContactedFromSenderInOtherCampaign',
        'excludeListId',
        'organizationUnitId',
        'startedAt',
      ]);
      const { totalUsers, ...rest } = row.progressStats;
      expect(Object.values(rest).reduce((a, b) => a + b, 0)).toBe(totalUsers);
    }
    expect(new Set(body.items.map(({ status }) => status)).size).toBe(8);
    const negative = body.items.find(({ id }) => id === api.workspace.fixtures.negativeInProgressCampaign);
    expect(negative?.progressStats.totalUsersInProgress).toBe(-7);
    const honest = await sandbox({ quirks: { negativeInProgress: false } });
    const same = await honest.get<CampaignRow>(`/campaign/GetById?campaignId=${negative?.id}`);
    expect(same.body.progressStats.totalUsersInProgress).toBeGreaterThanOrEqual(0);
  });

  it('filters by name, status and sender, newest first', async () => {
    const api = await sandbox();
    const ids = async (filter: object) =>
      (await api.post<Page<CampaignRow>>('/campaign/GetAll', { limit: 100, ...filter })).body.items;
    expect((await ids({ keyword: 'FOUNDERS' })).map(({ name }) => name)).toEqual(['Founders, autumn']);
    expect((await ids({ statuses: ['DRAFT', 'CANCELED'] })).length).toBe(3);
    const [accountId = 0] = [...api.workspace.accounts.keys()];
    for (const row of await ids({ accountIds: [accountId] })) expect(row.campaignAccountIds).toContain(accountId);
    const all = await ids({});
    expect(all[0]?.id).toBe(Math.max(...all.map(({ id }) => id)));
  });

  it('returns an empty 200 without a sequence, and 404 for an unknown campaign', async () => {
    const api = await sandbox();
    const id = api.workspace.fixtures.campaignWithoutSequence;
    const path = '/campaign/GetCampaignSequence?campaignId=';
    expect(await api.get(path + id)).toMatchObject({ status: 200, text: '', type: null });
    expect((await api.get(`${path}1`)).status).toBe(404);
    const deep = await api.get(path + api.workspace.fixtures.deepSequenceCampaign);
    expect(deep.text.match(/"nodeType"/g)?.length).toBeGreaterThanOrEqual(20);
  });

  it('lists inserted leads only, and finds waiting leads by their profile', async () => {
    const api = await sandbox();
    const campaign = [...api.workspace.campaigns.values()].find((candidate) => candidate.name === 'Heads of sales')!;
    const { body } = await api.post<Page<object>>('/campaign/GetLeadsFromCampaign', { campaignId: campaign.id });
    expect(body.totalCount).toBeLessThan(campaign.enrolments.size);
    const waiting = [...campaign.enrolments.values()].find(({ status }) => status === 'Waiting')!;
    const page = await api.post<Page<{ campaignId: number; leadStatus: string }>>('/campaign/GetCampaignsForLead', {
      linkedinId: waiting.personId,
    });
    expect(page.body.items.find(({ campaignId }) => campaignId === campaign.id)?.leadStatus).toBe(
      'PendingOrExcludedToBeCalculated',
    );
    expect((await api.post('/campaign/GetCampaignsForLead', {})).status).toBe(400);
  });

  it('filters leads by the requested time', async () => {
    const api = await sandbox();
    const campaignId = api.workspace.fixtures.deepSequenceCampaign;
    const count = async (filter: object) =>
      (await api.post<Page<object>>('/campaign/GetLeadsFromCampaign', { campaignId, ...filter })).body.totalCount;
    const all = await count({});
    expect(await count({ timeFrom: '2030-01-01T00:00:00Z' })).toBe(0);
    const failed = await count({ timeFrom: '2026-01-01T00:00:00Z', timeFilter: 'FailedTime' });
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThan(all);
    expect(await count({ status: 'Failed', keyword: 'nobody' })).toBe(all);
  });
});

describe('creating and editing', () => {
  it('creates a DRAFT and returns campaignId', async () => {
    const api = await sandbox();
    const [list] = api.workspace.lists.values();
    const [account = 0] = api.workspace.accounts.keys();
    const made = await api.post<{ campaignId: number }>('/campaign/Create', {
      name: 'Fresh',
      linkedInUserListId: list?.id,
      linkedInAccountIds: [account],
      excludeContactedFromOtherCampaigns: true,
    });
    expect(Object.keys(made.body)).toEqual(['campaignId']);
    const { body } = await api.get<CampaignRow>(`/campaign/GetById?campaignId=${made.body.campaignId}`);
    expect(body).toMatchObject({ status: 'DRAFT', startedAt: null, excludeInOtherCampaigns: true });
  });

  it('rejects unusable lists, senders and schedules', async () => {
    const api = await sandbox();
    const { fixtures, lists, accounts } = api.workspace;
    const [list] = lists.keys();
    const [account = 0] = accounts.keys();
    const base = { name: 'Fresh', linkedInAccountIds: [account] };
    for (const wrong of [
      { linkedInUserListId: 1 },
      { linkedInUserListId: fixtures.companyList },
      { linkedInUserListId: list, excludeListId: list },
      { linkedInAccountIds: [1] },
      { linkedInAccountIds: [fixtures.brokenAccount] },
      { name: 'x'.repeat(51) },
      { name: '' },
      { schedule: { ...schedule, dailyEndTime: '07:00:00' } },
      { schedule: { ...schedule, dailyEndTime: '24:00:01' } },
      { schedule: { ...schedule, timeZoneId: 'Mars/Base' } },
      { schedule: { ...schedule, startDate: '2026-12-02', endDate: '2026-12-02' } },
      {
        schedule: {
          ...schedule,
          enabledMonday: false,
          enabledTuesday: false,
          enabledWednesday: false,
          enabledThursday: false,
          enabledFriday: false,
        },
      },
    ]) {
      expect((await api.post('/campaign/Create', { ...base, ...wrong })).status, JSON.stringify(wrong)).toBe(400);
    }
    expect(
      (await api.post('/campaign/Create', { ...base, schedule: { ...schedule, dailyEndTime: '24:00:00' } })).status,
    ).toBe(200);
  });

  it('copies a template by the vendor’s key with three c', async () => {
    const api = await sandbox();
    const template = api.workspace.fixtures.deepSequenceCampaign;
    const [account = 0] = api.workspace.accounts.keys();
    const body = { campaignIdForTemplate: template, name: 'Copy' };
    const made = await api.post<{ campaignId: number }>('/campaign/CreateCampaignFromTemplate', {
      ...body,
      linkedInAcccountIdsForCampaign: [account],
    });
    const copy = await api.get(`/campaign/GetCampaignSequence?campaignId=${made.body.campaignId}`);
    const original = await api.get(`/campaign/GetCampaignSequence?campaignId=${template}`);
    expect(copy.text).toBe(original.text);
    expect(
      (await api.post('/campaign/CreateCampaignFromTemplate', { ...body, linkedInAccountIds: [account] })).status,
    ).toBe(400);
  });

  it('resets missing exclude switches, and keeps the list after the first start', async () => {
    const api = await sandbox();
    const [id = 0] = api.workspace.fixtures.campaigns.PAUSED;
    const campaign = api.workspace.campaigns.get(id)!;
    campaign.excludeInOtherCampaigns = true;
    await api.post('/campaign/UpdateSettings', { campaignId: id, name: 'Same list' });
    expect(campaign.excludeInOtherCampaigns).toBe(false);
    const otherList = [...api.workspace.lists.keys()].find((listId) => listId !== campaign.listId);
    const moved = { campaignId: id, name: 'Other list', linkedInUserListId: otherList };
    expect((await api.post('/campaign/UpdateSettings', moved)).status).toBe(400);
    const dated = { campaignId: id, schedule: { ...schedule, startDate: '2027-01-01' } };
    expect((await api.post('/campaign/UpdateSchedule', dated)).status).toBe(400);
  });

  it('stops the leads of a removed sender, and returns 200 with a failed account', async () => {
    const api = await sandbox();
    const { fixtures, campaigns } = api.workspace;
    const campaign = campaigns.get(fixtures.deepSequenceCampaign)!;
    campaign.status = 'PAUSED';
    const [first = 0, second = 0] = campaign.accountIds;
    const running = [...campaign.enrolments.values()].filter(
      (enrolment) => enrolment.senderId === second && enrolment.status === 'InSequence',
    );
    expect(running.length).toBeGreaterThan(0);
    const removed = await api.post('/campaign/RemoveLinkedInAccountsFromCampaign', {
      campaignId: campaign.id,
      linkedInAccountIds: [second, 4],
    });
    expect(removed.body).toMatchObject({
      results: [
        { linkedInAccountId: second, succeeded: true, errorMessage: null },
        { linkedInAccountId: 4, succeeded: false },
      ],
    });
    expect(running.every(({ status }) => status === 'Stopped')).toBe(true);
    const added = await api.post('/campaign/AddLinkedInAccountsToCampaign', {
      campaignId: campaign.id,
      linkedInAccountIds: [fixtures.brokenAccount, second],
    });
    expect(added.body).toMatchObject({ results: [{ succeeded: false }, { succeeded: true }] });
    expect(campaign.accountIds).toEqual([first, second]);
  });
});
