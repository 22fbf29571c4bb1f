import { describe, expect, it } from 'vitest';
import { DAY, lead, type Page, sandbox } from './support.ts';

describe('lists', () => {
  it('creates a list with its own response shape, and has company lists', async () => {
    const api = await sandbox();
    const made = await api.post<{ id: number }>('/list/CreateEmptyList', { name: 'Mine' });
    expect(made.body).toMatchObject({
      count: 0,
      listType: 'USER_LIST',
      isDeleted: false,
      campaigns: null,
      status: 'UNKNOWN',
    });
    const read = await api.get<object>(`/list/GetById?listId=${made.body.id}`);
    expect(Object.keys(read.body)).toEqual([
      'id',
      'name',
      'totalItemsCount',
      'listType',
      'creationTime',
      'campaignIds',
    ]);
    const listId = api.workspace.fixtures.companyList;
    const companies = await api.post<Page<object>>('/list/GetCompaniesFromList', { listId, limit: 1_000 });
    expect(companies.body).toMatchObject({ totalCount: 45 });
    expect((await api.post('/list/AddLeadsToListV2', { listId, leads: [lead('x')] })).status).toBe(400);
    expect((await api.get('/list/GetById?listId=1')).status).toBe(404);
  });

  it('enrols leads in the running campaign of the list, and resumes no finished campaign', async () => {
    const api = await sandbox();
    const campaign = api.workspace.campaigns.get(api.workspace.fixtures.deepSequenceCampaign)!;
    const before = campaign.enrolments.size;
    await api.post('/list/AddLeadsToListV2', { listId: campaign.listId, leads: [lead('fed')] });
    expect(campaign.enrolments.size).toBe(before + 1);
    api.advance(2 * DAY);
    expect([...campaign.enrolments.values()].at(-1)?.insertedAt).not.toBeNull();
    const [finishedId = 0] = api.workspace.fixtures.campaigns.FINISHED;
    const finished = api.workspace.campaigns.get(finishedId)!;
    await api.post('/list/AddLeadsToListV2', { listId: finished.listId, leads: [lead('late')] });
    api.advance(DAY);
    expect(finished.status).toBe('FINISHED');
  });

  it('deletes by member id with an empty response, and by URL with the unknown slugs', async () => {
    const api = await sandbox();
    const list = [...api.workspace.lists.values()][1]!;
    const [a = '', b = ''] = [...list.members.keys()];
    const gone = await api.call('DELETE', '/list/DeleteLeadsFromList', { listId: list.id, leadMemberIds: [a, '1'] });
    expect(gone).toMatchObject({ status: 200, text: '' });
    expect(list.members.has(a)).toBe(false);
    const profileUrls = [api.workspace.people.get(b)!.profileUrl, 'https://www.linkedin.com/in/Jane-Doe/'];
    const remove = () => api.call('DELETE', '/list/DeleteLeadsFromListByProfileUrl', { listId: list.id, profileUrls });
    expect((await remove()).body).toEqual({ notFoundInList: ['jane-doe'] });
    expect((await remove()).status).toBe(200);
  });

  it('finds the lists of a lead', async () => {
    const api = await sandbox();
    const page = await api.post<Page<object>>('/list/GetListsForLead', {
      profileUrl: api.workspace.fixtures.unreadReply.profileUrl,
    });
    expect(page.body.items).toEqual([{ listId: [...api.workspace.lists.keys()][0], listName: 'Founders, autumn' }]);
    expect((await api.post('/list/GetListsForLead', {})).status).toBe(400);
  });
});
