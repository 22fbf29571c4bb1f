import { describe, expect, it } from 'vitest';
import { DAY, HOUR, lead, type Page, sandbox } from './support.ts';

interface Counts {
  addedLeadsCount: number;
  updatedLeadsCount: number;
  failedLeadsCount: number;
}

const counts = (addedLeadsCount: number, updatedLeadsCount: number, failedLeadsCount: number): Counts => ({
  addedLeadsCount,
  updatedLeadsCount,
  failedLeadsCount,
});

describe('adding leads to a campaign', () => {
  it('counts added, updated and failed leads, and drops nameless leads', async () => {
    const api = await sandbox();
    const id = api.workspace.fixtures.deepSequenceCampaign;
    const add = async (...leads: object[]) =>
      (
        await api.post<Counts>('/campaign/AddLeadsToCampaignV2', {
          campaignId: id,
          accountLeadPairs: leads.map((lead) => ({ lead })),
        })
      ).body;
    expect(await add(lead('n-1'), lead('n-2'))).toEqual(counts(2, 0, 0));
    expect(await add(lead('N-1'), { ...lead('n-2'), profileUrl: 'linkedin.com/in/n-2/?x=1' })).toEqual(counts(0, 2, 0));
    expect(await add(lead('n-3', { lastName: undefined }), lead('n-4', { firstName: ' ' }))).toEqual(counts(0, 0, 0));
    const wrong = [
      'https://www.linkedin.com/company/x',
      'https://www.linkedin.com/pub/x/1/2',
      'https://example.com/in/x',
    ];
    expect(await add(...wrong.map((profileUrl) => lead('x', { profileUrl })))).toEqual(counts(0, 0, 3));
    const navigator = 'https://www.linkedin.com/sales/lead/ACwAAExample999,NAME_SEARCH,abcd';
    expect(await add(lead('x', { profileUrl: navigator }))).toEqual(counts(1, 0, 0));
  });

  it('rejects all leads for one invalid custom field name, and ignores customFields', async () => {
    const api = await sandbox();
    const list = [...api.workspace.lists.values()][1]!;
    const before = list.members.size;
    const bad = lead('c-1', { customUserFields: [{ name: 'favourite colour', value: 'blue' }] });
    for (const [path, body] of [
      ['/list/AddLeadsToListV2', { listId: list.id, leads: [lead('c-2'), bad] }],
      [
        '/campaign/AddLeadsToCampaignV2',
        { campaignId: api.workspace.fixtures.deepSequenceCampaign, accountLeadPairs: [{ lead: bad }] },
      ],
    ] as const) {
      expect((await api.post(path, body)).status).toBe(400);
    }
    expect(list.members.size).toBe(before);
    const odd = lead('c-3', { customFields: { 'no good': 1 } });
    expect((await api.post<Counts>('/list/AddLeadsToListV2', { listId: list.id, leads: [odd] })).body).toEqual(
      counts(1, 0, 0),
    );
  });

  it('adds them to the list too, with the requested sender', async () => {
    const api = await sandbox();
    const campaign = api.workspace.campaigns.get(api.workspace.fixtures.deepSequenceCampaign)!;
    const [, second = 0] = campaign.accountIds;
    const pair = { linkedInAccountId: second, lead: lead('pinned') };
    await api.post('/campaign/AddLeadsToCampaignV2', { campaignId: campaign.id, accountLeadPairs: [pair] });
    const page = await api.post<Page<{ linkedin_id: string }>>('/list/GetLeadsFromList', {
      listId: campaign.listId,
      leadProfileUrl: 'https://linkedin.com/in/PINNED/',
    });
    expect(page.body.totalCount).toBe(1);
    expect(campaign.enrolments.get(page.body.items[0]!.linkedin_id)?.senderId).toBe(second);
    const foreign = { linkedInAccountId: api.workspace.fixtures.brokenAccount, lead: lead('foreign') };
    const refused = await api.post('/campaign/AddLeadsToCampaignV2', {
      campaignId: campaign.id,
      accountLeadPairs: [foreign],
    });
    expect(refused.status).toBe(400);
  });

  it('resumes a paused or finished campaign only with its flag', async () => {
    for (const [status, flag, other] of [
      ['PAUSED', 'resumePausedCampaign', 'resumeFinishedCampaign'],
      ['FINISHED', 'resumeFinishedCampaign', 'resumePausedCampaign'],
    ] as const) {
      const api = await sandbox();
      const campaign = api.workspace.campaigns.get(api.workspace.fixtures.deepSequenceCampaign)!;
      campaign.status = status;
      const body = { campaignId: campaign.id, accountLeadPairs: [{ lead: lead('wake') }] };
      await api.post('/campaign/AddLeadsToCampaignV2', body);
      await api.post('/campaign/AddLeadsToCampaignV2', { ...body, [other]: true });
      expect(campaign.status).toBe(status);
      await api.post('/campaign/AddLeadsToCampaignV2', { ...body, [flag]: true });
      expect(campaign.status).toBe('IN_PROGRESS');
    }
  });

  it('returns one number in version one', async () => {
    const api = await sandbox();
    const campaignId = api.workspace.fixtures.deepSequenceCampaign;
    const pairs = [{ lead: lead('v1') }];
    expect((await api.post('/campaign/AddLeadsToCampaign', { campaignId, accountLeadPairs: pairs })).text).toBe('1');
    const listId = [...api.workspace.lists.keys()][1];
    expect((await api.post('/list/AddLeadsToList', { listId, leads: [lead('v1-list')] })).text).toBe('1');
  });

  it('accepts them for a SCHEDULED campaign with the quirk', async () => {
    const api = await sandbox({ quirks: { scheduledAcceptsLeads: true } });
    const [id] = api.workspace.fixtures.campaigns.SCHEDULED;
    const pairs = [{ lead: lead('early') }];
    expect((await api.post('/campaign/AddLeadsToCampaignV2', { campaignId: id, accountLeadPairs: pairs })).status).toBe(
      200,
    );
  });
});

describe('stopping a lead', () => {
  it('accepts a URL or a member id, counts the lead and shows the configured status', async () => {
    const api = await sandbox({ quirks: { stoppedLeadStatus: 'Paused' } });
    const campaign = [...api.workspace.campaigns.values()].find((candidate) => candidate.name === 'Heads of sales')!;
    const running = [...campaign.enrolments.values()].filter(({ status }) => status === 'InSequence');
    const [first, second] = running.map(({ personId }) => api.workspace.people.get(personId)!);
    const stop = (body: object) => api.post('/campaign/StopLeadInCampaign', { campaignId: campaign.id, ...body });
    expect(await stop({ leadMemberId: null, leadUrl: first?.profileUrl })).toMatchObject({ status: 200, text: '' });
    expect((await stop({ leadMemberId: second?.linkedinId })).status).toBe(200);
    expect((await stop({ leadMemberId: second?.linkedinId })).status).toBe(200);
    expect((await stop({})).status).toBe(400);
    expect((await stop({ leadMemberId: '1' })).status).toBe(404);
    const { body } = await api.get<{ progressStats: object }>(`/campaign/GetById?campaignId=${campaign.id}`);
    expect(body.progressStats).toMatchObject({ totalUsersManuallyStopped: 2 });
    const page = await api.post<Page<{ campaignId: number; leadStatus: string }>>('/campaign/GetCampaignsForLead', {
      linkedinId: second?.linkedinId,
    });
    expect(page.body.items.find(({ campaignId }) => campaignId === campaign.id)?.leadStatus).toBe('Paused');
    const reached = api.reached.total;
    const of = (id: string | undefined) => JSON.stringify(campaign.enrolments.get(id ?? ''));
    const before = of(first?.linkedinId);
    api.advance(20 * DAY);
    expect(of(first?.linkedinId)).toBe(before);
    expect(api.reached.total).toBeGreaterThan(reached);
  });
});

describe('a lead', () => {
  it('has 23 keys, with JSON in strings', async () => {
    const api = await sandbox();
    const { profileUrl } = api.workspace.fixtures.unreadReply;
    const { body } = await api.post<Record<string, unknown>>('/lead/GetLead', { profileUrl: `${profileUrl}/` });
    expect(Object.keys(body)).toHaveLength(23);
    expect(body).toMatchObject({ profileUrl, fullName: 'Ada Example', username: 'ada-example-1a2b' });
    expect(JSON.parse(String(body.experiences))).toBeInstanceOf(Array);
    expect((await api.post('/lead/GetLead', { profileUrl: 'https://www.linkedin.com/in/nobody' })).status).toBe(404);
    expect((await api.post('/lead/GetLead', { profileUrl: 'https://www.linkedin.com/company/x' })).status).toBe(400);
  });

  it('finds a non-Latin slug encoded or not', async () => {
    const api = await sandbox();
    const person = [...api.workspace.people.values()].find((candidate) => /[а-я]/.test(candidate.slug))!;
    expect(person.profileUrl).toContain('%D');
    for (const profileUrl of [person.profileUrl, `https://www.linkedin.com/in/${person.slug}`]) {
      expect((await api.post<object>('/lead/GetLead', { profileUrl })).body).toMatchObject({
        linkedin_id: person.linkedinId,
      });
    }
  });

  it('adds tags once, replaces all tags, and creates unknown tags only on request', async () => {
    const api = await sandbox();
    const { profileUrl } = api.workspace.fixtures.unreadReply;
    const tag = async (operation: string, tags: string[], createTagIfNotExisting?: boolean) =>
      api.post<object>(`/lead/${operation}`, {
        leadProfileUrl: profileUrl,
        leadLinkedInId: '',
        tags,
        createTagIfNotExisting,
      });
    await tag('ReplaceTags', []);
    expect((await tag('AddTags', ['hot'])).body).toEqual({ newAssignedTags: ['hot'] });
    expect((await tag('AddTags', ['HOT', 'customer'])).body).toEqual({ newAssignedTags: ['customer'] });
    expect((await tag('AddTags', ['brand new'])).status).toBe(400);
    expect((await tag('ReplaceTags', ['zebra', 'brand new'], true)).body).toEqual({
      newAssignedTags: ['zebra', 'brand new'],
    });
    expect((await api.post('/lead/GetTags', { profileUrl })).body).toEqual({ tags: ['brand new', 'zebra'] });
    const created = await api.post('/lead_tags/CreateTags', { tags: [{ displayName: 'Cold', color: 'Cyan' }] });
    expect(created.status).toBe(200);
    expect((await api.post('/lead_tags/CreateTags', { tags: [{ displayName: 'X', color: 'Beige' }] })).status).toBe(
      400,
    );
  });
});

describe('the network and the blacklist', () => {
  it('finds connections by exactly one identifier', async () => {
    const api = await sandbox();
    const { accountId, profileUrl } = api.workspace.fixtures.unreadReply;
    const ask = (body: object) => api.post<object>('/MyNetwork/IsConnection', { senderAccountId: accountId, ...body });
    expect((await ask({ leadProfileUrl: profileUrl })).body).toEqual({ isConnection: true });
    expect((await ask({ leadLinkedInId: '1' })).body).toEqual({ isConnection: false });
    expect((await ask({})).status).toBe(400);
    expect((await ask({ leadProfileUrl: profileUrl, leadLinkedInId: '1' })).status).toBe(400);
  });

  it('returns 200 for every blacklist add, with the outcome of each row', async () => {
    const api = await sandbox();
    const [existing] = api.workspace.blacklist;
    const { body } = await api.post<object>('/blacklist/AddLeads', {
      leads: [
        { profileUrl: api.workspace.fixtures.unreadReply.profileUrl },
        { profileUrl: existing?.profileUrl },
        { profileUrl: 'https://www.linkedin.com/in/ADA-example-1a2b/' },
        {},
        { profileUrl: 'https://www.linkedin.com/company/x' },
        { linkedInProfileId: 'ACoAAexample' },
        { linkedInProfileId: '999000111' },
        { email: 'someone@example.com' },
      ],
    });
    expect(body).toMatchObject({
      added: 3,
      entries: [
        { inputIndex: 0, created: true },
        { inputIndex: 1, id: existing?.id, created: false },
        { inputIndex: 2, created: false },
        { inputIndex: 3, id: null, created: false },
        { inputIndex: 4, id: null, created: false },
        { inputIndex: 5, id: null, created: false },
        { inputIndex: 6, created: true },
        { inputIndex: 7, created: true },
      ],
      duplicates: [existing?.profileUrl, 'https://www.linkedin.com/in/ADA-example-1a2b/'],
      validationErrors: [{ inputIndex: 3 }, { inputIndex: 4 }, { inputIndex: 5 }],
    });
    // A numeric member id is exact.
    expect(api.workspace.blacklist.find(({ personId }) => personId === '999000111')?.matchingStatus).toBe('Matched');
    const rows = async (filter: object) =>
      (await api.post<Page<{ matchingStatus: string; resolutionStage: string }>>('/blacklist/GetLeads', filter)).body
        .items;
    expect((await rows({ limit: 1 }))[0]).toMatchObject({
      matchingStatus: 'Matching',
      resolutionStage: 'AwaitingReverseLookup',
    });
    api.advance(HOUR);
    expect((await rows({ search: 'SOMEONE@' }))[0]?.matchingStatus).toBe('NotFound');
    expect((await rows({ search: 'ada example' }))[0]?.matchingStatus).toBe('Matched');
  });

  it('keeps blacklisted people out of campaigns', async () => {
    const api = await sandbox();
    const campaign = [...api.workspace.campaigns.values()].find((candidate) => candidate.name.startsWith('Agencies'))!;
    const waiting = [...campaign.enrolments.values()].find(({ status }) => status === 'Waiting')!;
    const { profileUrl } = api.workspace.people.get(waiting.personId)!;
    await api.post('/blacklist/AddLeads', { leads: [{ profileUrl }] });
    api.advance(40 * DAY);
    expect(waiting.status).toBe('Excluded');
  });
});
