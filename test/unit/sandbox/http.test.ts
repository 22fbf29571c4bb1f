import { describe, expect, it } from 'vitest';
import { sandbox, sharedSandbox } from './support.ts';

interface Problem {
  title: string;
  status: number;
  errors: Record<string, string[]>;
}

describe('authentication', () => {
  const shared = sharedSandbox();

  it('rejects with plain text without a content type', async () => {
    const api = shared();
    for (const [key, text] of [
      ['', 'Missing API key'],
      ['invalid', 'Invalid API key'],
      ['org-key', 'Invalid API key'],
    ]) {
      const response = await api.call('GET', '/auth/CheckApiKey', undefined, { 'x-api-key': key! });
      expect(response).toMatchObject({ status: 401, text, type: null });
    }
    const none = await fetch(`${api.url}/api/public/auth/CheckApiKey`);
    expect([none.status, await none.text()]).toEqual([401, 'Missing API key']);
  });

  it('accepts any other key, with an empty 200', async () => {
    const api = shared();
    expect(await api.get('/auth/CheckApiKey')).toMatchObject({ status: 200, text: '', type: null });
  });

  it('accepts only organization keys for organization routes', async () => {
    const api = shared();
    const path = '/management/organizations/workspaces';
    expect((await api.get(path)).status).toBe(200);
    const plain = await api.call('GET', path, undefined, { 'x-api-key': 'plain' });
    expect(plain).toMatchObject({ status: 401, text: 'Invalid API key' });
  });
});

describe('routing', () => {
  const shared = sharedSandbox();

  it('returns 405, 404 and 415 with empty bodies', async () => {
    const api = shared();
    for (const [method, path, status] of [
      ['GET', '/campaign/GetAll', 405],
      ['POST', '/campaign/GetById', 405],
      ['GET', '/webhooks/GetAllWebhooks', 405],
      ['PUT', '/webhooks/UpdateWebhook', 405],
      ['POST', '/list/DeleteLeadsFromList', 405],
      ['POST', '/linkedinaccount/GetAll', 404],
      ['POST', '/campaign/PauseCampaign', 404],
      ['GET', '/inbox/GetChatroom?chatroomId=1', 404],
      ['POST', '/v1/campaign/GetAll', 404],
    ] as const) {
      expect(await api.call(method, path), `${method} ${path}`).toMatchObject({ status, text: '' });
    }
  });

  it('requires a JSON body and content type for routes with a body', async () => {
    const api = shared();
    for (const [method, path] of [
      ['POST', '/campaign/GetAll'],
      ['DELETE', '/list/DeleteLeadsFromList'],
      ['PATCH', '/webhooks/UpdateWebhook?webhookId=29001'],
    ] as const) {
      expect(await api.call(method, path), path).toMatchObject({ status: 415, text: '' });
      const typed = await api.call(method, path, '{}', { 'content-type': 'text/plain' });
      expect(typed.status).toBe(415);
    }
    expect(
      (await api.call('POST', '/campaign/GetAll', '{}', { 'content-type': 'application/json; charset=utf-8' })).status,
    ).toBe(200);
  });

  it('rejects a state change without the id in the query', async () => {
    const api = shared();
    for (const operation of ['Pause', 'Resume', 'StartCampaign']) {
      expect((await api.post(`/campaign/${operation}`)).status).toBe(400);
      expect((await api.post(`/campaign/${operation}`, { campaignId: 600_001 })).status).toBe(400);
      expect((await api.post(`/campaign/${operation}?campaignId=abc`)).status).toBe(400);
    }
  });

  it('sends application/json for JSON and no content type for empty bodies', async () => {
    const api = shared();
    expect((await api.post('/campaign/GetAll', {})).type).toBe('application/json');
    const id = api.workspace.fixtures.campaigns.IN_PROGRESS[0];
    expect(await api.post(`/campaign/Pause?campaignId=${id}`)).toMatchObject({ status: 200, type: null, text: '' });
  });

  it('records requests', async () => {
    const api = await sandbox();
    await api.post('/campaign/GetAll?x=%2F', { limit: 1 });
    await api.get('/nothing');
    expect(api.requests.map(({ method, path, body, status }) => [method, path, body, status])).toEqual([
      ['POST', '/api/public/campaign/GetAll?x=%2F', '{"limit":1}', 200],
      ['GET', '/api/public/nothing', '', 404],
    ]);
    expect(api.requests[0]?.headers['x-api-key']).toBe('any-key');
  });
});

describe('model binding', () => {
  const shared = sharedSandbox();

  it('reports missing and invalid fields in the framework’s words', async () => {
    const api = shared();
    const errorsOf = async (path: string, body: unknown) => {
      const response = await api.post<Problem>(path, body);
      expect(response).toMatchObject({ status: 400, type: 'application/problem+json' });
      expect(response.body.title).toBe('One or more validation errors occurred.');
      return response.body.errors;
    };
    expect(await errorsOf('/stats/GetOverallStats', {})).toEqual({
      AccountIds: ['The AccountIds field is required.'],
      CampaignIds: ['The CampaignIds field is required.'],
    });
    expect(await errorsOf('/list/AddLeadsToListV2', { listId: 1 })).toEqual({
      Leads: ['The Leads field is required.'],
    });
    const [text] = Object.values(await errorsOf('/campaign/Create', { name: 'x', linkedInAccountIds: [] }));
    expect(text?.[0]).toContain("must be a string or array type with a minimum length of '1'.");
    expect(await errorsOf('/campaign/GetAll', { limit: 'ten' })).toEqual({
      limit: ["Could not convert string to integer: ten. Path 'limit'."],
    });
    expect(Object.keys(await errorsOf('/campaign/GetAll', { statuses: ['ACTIVE'] }))).toEqual(['statuses[0]']);
    expect(Object.keys(await errorsOf('/campaign/GetAll', '{"limit":'))).toEqual(['']);
    expect(
      Object.keys(await errorsOf('/inbox/SetSeenStatus', { conversationId: 'x', linkedInAccountId: 1, seen: 'false' })),
    ).toEqual(['seen']);
    const pairs = [{ lead: { firstName: 'A' } }];
    expect(await errorsOf('/campaign/AddLeadsToCampaignV2', { campaignId: 1, accountLeadPairs: pairs })).toEqual({
      'AccountLeadPairs[0].Lead.ProfileUrl': ['The ProfileUrl field is required.'],
    });
    const many = Array.from({ length: 101 }, () => ({ profileUrl: 'x' }));
    expect(Object.keys(await errorsOf('/list/AddLeadsToListV2', { listId: 1, leads: many }))).toEqual(['Leads']);
  });

  it('binds names in any letter case and ignores unknown names', async () => {
    const api = shared();
    const { body } = await api.post<{ items: unknown[]; totalCount: number }>('/campaign/GetAll', {
      LIMIT: 2,
      skip: 5,
      status: ['DRAFT'],
    });
    expect([body.items.length, body.totalCount]).toEqual([2, 12]);
  });
});

describe('paging', () => {
  const shared = sharedSandbox();

  const capped: [string, Record<string, unknown>][] = [
    ['/campaign/GetAll', {}],
    ['/li_account/GetAll', {}],
    ['/list/GetAll', {}],
    ['/webhooks/GetAllWebhooks', {}],
    ['/blacklist/GetLeads', {}],
    ['/inbox/GetConversations', {}],
    ['/inbox/GetConversationsV2', {}],
    ['/inbox/GetConversationsV3', {}],
  ];

  it.each(capped)('%s returns 1 to 100 rows', async (path, body) => {
    const api = shared();
    for (const limit of [0, 101, -1]) {
      const response = await api.post<Problem>(path, { ...body, limit });
      expect(response.status).toBe(400);
      expect(response.body.errors.Limit).toEqual(['Limit must be between 1 and 100']);
    }
    expect((await api.post(path, { ...body, limit: 100 })).status).toBe(200);
  });

  it('defaults to ten rows and returns an empty page past the end', async () => {
    const api = shared();
    const { body } = await api.post<{ items: unknown[]; totalCount: number }>('/campaign/GetAll', {});
    expect([body.items.length, body.totalCount]).toEqual([10, 12]);
    const past = await api.post('/campaign/GetAll', { offset: 500 });
    expect(past.body).toEqual({ totalCount: 12, items: [] });
  });

  it('reads lists by up to 1,000, and the network by pages from 0', async () => {
    const api = shared();
    const list = [...api.workspace.lists.values()][0]!;
    const rows = async (limit?: number) =>
      api.post<{ items: unknown[] }>('/list/GetLeadsFromList', {
        listId: list.id,
        ...(limit === undefined ? {} : { limit }),
      });
    expect((await rows()).body.items).toHaveLength(100);
    expect((await rows(1_000)).body.items).toHaveLength(140);
    expect((await rows(1_001)).text).toContain('Limit must be between 1 and 1000');
    const senderId = [...api.workspace.accounts.keys()][0];
    const page = async (pageNumber?: number, pageSize?: number) =>
      (
        await api.post<{ items: { linkedin_id: string }[] }>('/MyNetwork/GetMyNetworkForSender', {
          senderId,
          pageNumber,
          pageSize,
        })
      ).body.items;
    const all = await page(0, 20);
    expect(await page()).toEqual(all.slice(0, 10));
    expect(await page(1, 10)).toEqual(all.slice(10));
    expect((await api.post('/MyNetwork/GetMyNetworkForSender', { senderId, pageSize: 101 })).status).toBe(400);
  });

  it('reads Offset and Limit from the query for workspaces', async () => {
    const api = shared();
    const { body } = await api.get<{ items: unknown[]; totalCount: number }>(
      '/management/organizations/workspaces?Offset=1&Limit=1',
    );
    expect([body.items.length, body.totalCount]).toEqual([1, 2]);
    expect((await api.get('/management/organizations/workspaces?Limit=101')).status).toBe(400);
  });
});
