import { describe, expect, it } from 'vitest';
import { DAY, type Page, sandbox } from './support.ts';

const hook = { webhookName: 'Replies', webhookUrl: 'https://hooks.example.com/x', eventType: 'MESSAGE_REPLY_RECEIVED' };

describe('webhooks', () => {
  it('creates webhooks with different ids', async () => {
    const api = await sandbox();
    const first = await api.post<{ webhookId: number }>('/webhooks/CreateWebhook', hook);
    const second = await api.post<{ webhookId: number }>('/webhooks/CreateWebhook', hook);
    expect(Object.keys(first.body)).toEqual(['webhookId']);
    expect(second.body.webhookId).not.toBe(first.body.webhookId);
    const read = await api.get<object>(`/webhooks/GetWebhookById?webhookId=${first.body.webhookId}`);
    expect(read.body).toEqual({ id: first.body.webhookId, ...hook, campaignIds: [], isActive: true });
  });

  it('rejects invalid names, URLs, events and campaigns', async () => {
    const api = await sandbox();
    for (const wrong of [
      { webhookName: 'ab' },
      { webhookName: 'x'.repeat(26) },
      { webhookUrl: '/relative' },
      { webhookUrl: 'ftp://example.com' },
      { eventType: 'LEAD_FINISHED_SEQUENCE_WITHOUT_REPLYING' },
      { eventType: 'EVERY_MESSAGE_REPLY_RECEIVED', campaignIds: [...api.workspace.campaigns.keys()].slice(0, 1) },
      { campaignIds: [1] },
      { customHeaders: { a: 1 } },
    ]) {
      expect((await api.post('/webhooks/CreateWebhook', { ...hook, ...wrong })).status, JSON.stringify(wrong)).toBe(
        400,
      );
    }
    const tagged = { ...hook, eventType: 'LEAD_AUTO_TAGGED_INTERESTED' };
    expect((await api.post('/webhooks/CreateWebhook', tagged)).status).toBe(200);
  });

  it('returns custom headers on request, keeps missing fields of an update, and deletes', async () => {
    const api = await sandbox();
    const id = api.workspace.fixtures.webhookWithHeaders;
    const path = `/webhooks/GetWebhookById?webhookId=${id}`;
    expect((await api.get(path)).body).not.toHaveProperty('customHeaders');
    expect((await api.get(`${path}&includeCustomHeaders=true`)).body).toMatchObject({
      customHeaders: { 'X-Team': 'operations' },
    });
    const rows = await api.post<Page<object>>('/webhooks/GetAllWebhooks', { includeCustomHeaders: true });
    expect(rows.body.totalCount).toBe(3);
    expect(rows.body.items[0]).toHaveProperty('customHeaders');
    const update = await api.call('PATCH', `/webhooks/UpdateWebhook?webhookId=${id}`, {
      webhookName: 'Renamed',
      customHeaders: null,
    });
    expect(update).toMatchObject({ status: 200, text: '' });
    expect(api.workspace.webhooks.get(id)).toMatchObject({
      webhookName: 'Renamed',
      customHeaders: { 'X-Team': 'operations' },
    });
    expect((await api.call('DELETE', `/webhooks/DeleteWebhook?webhookId=${id}`)).status).toBe(200);
    expect((await api.call('DELETE', `/webhooks/DeleteWebhook?webhookId=${id}`)).status).toBe(404);
    expect((await api.get(path)).status).toBe(404);
  });

  it('records deliveries with the body of the webhook', async () => {
    const api = await sandbox();
    expect(api.workspace.webhookDeliveries).toEqual([]);
    await api.post('/webhooks/CreateWebhook', { ...hook, eventType: 'CONNECTION_REQUEST_SENT' });
    api.advance(14 * DAY);
    const events = api.workspace.webhookDeliveries.map(({ body }) => body.event_type);
    expect(new Set(events)).toEqual(
      new Set(['connection_request_sent', 'every_message_reply_received', 'message_reply_received']),
    );
    const reply = api.workspace.webhookDeliveries.find(
      ({ body }) => body.event_type === 'every_message_reply_received',
    )!;
    expect(reply.headers['X-Team']).toBe('operations');
    expect(reply.body).toMatchObject({
      webhook_name: 'Everything answered',
      conversation_id: expect.stringMatching(/^2-/),
      lead: { profile_url: expect.stringMatching(/linkedin\.com\/in\/[^/]+$/), lists: expect.any(Array) },
      sender: { email_address: expect.stringContaining('@example.com') },
      campaign: { status: expect.any(String) },
    });
    expect((reply.body.recent_messages as { is_reply: boolean }[]).at(-1)?.is_reply).toBe(true);
  });
});

describe('deliveries', () => {
  it('have a flat body for automatic tags', async () => {
    const api = await sandbox();
    const events = ['INTERESTED', 'NOT_INTERESTED', 'GENERIC'].map((tag) => `LEAD_AUTO_TAGGED_${tag}`);
    for (const eventType of events) await api.post('/webhooks/CreateWebhook', { ...hook, eventType });
    api.advance(21 * DAY);
    const tagged = api.workspace.webhookDeliveries.filter(({ body }) => events.includes(String(body.eventType)));
    expect(new Set(tagged.map(({ body }) => body.eventType))).toEqual(new Set(events));
    for (const { body, attempt, status } of tagged) {
      expect(Object.keys(body)).toEqual([
        'eventType',
        'campaignId',
        'campaignName',
        'linkedInAccountId',
        'leadProfileUrl',
        'leadEmailAddress',
        'leadFirstName',
        'leadLastName',
        'leadCompanyName',
      ]);
      const { name, accountIds } = api.workspace.campaigns.get(Number(body.campaignId))!;
      expect(body.campaignName).toBe(name);
      expect(accountIds).toContain(body.linkedInAccountId);
      expect([attempt, status]).toEqual([1, 200]);
    }
  });

  /** A sandbox with one delivery, whose first attempts fail. */
  async function deliver(webhookFailures: number) {
    const api = await sandbox({ quirks: { webhookFailures } });
    const { webhooks, fixtures } = api.workspace;
    webhooks.clear();
    const { body } = await api.post<{ webhookId: number }>('/webhooks/CreateWebhook', {
      ...hook,
      eventType: 'LEAD_TAG_UPDATED',
    });
    const { profileUrl: leadProfileUrl } = fixtures.unreadReply;
    await api.post('/lead/AddTags', { leadProfileUrl, tags: ['new'], createTagIfNotExisting: true });
    return { api, webhookId: body.webhookId };
  }
  const minutesOf = ({ workspace }: Awaited<ReturnType<typeof sandbox>>) => {
    const [first] = workspace.webhookDeliveries;
    return workspace.webhookDeliveries.map(({ at }) => (at - first!.at) / 60_000);
  };

  it('are retried five times within a day, with the same body', async () => {
    const { api } = await deliver(99);
    api.advance(3 * DAY);
    const { webhookDeliveries } = api.workspace;
    expect(minutesOf(api)).toEqual([0, 1, 10, 60, 360, 1_440]);
    expect(webhookDeliveries.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(webhookDeliveries.every(({ status }) => status === 500)).toBe(true);
    for (const { body } of webhookDeliveries) expect(body).toEqual(webhookDeliveries[0]!.body);
  });

  it('end with the first 200, or when the webhook is switched off', async () => {
    const { api } = await deliver(2);
    api.advance(3 * DAY);
    expect(minutesOf(api)).toEqual([0, 1, 10]);
    expect(api.workspace.webhookDeliveries.at(-1)?.status).toBe(200);

    const other = await deliver(99);
    other.api.advance(5 * 60_000);
    await other.api.call('PATCH', `/webhooks/UpdateWebhook?webhookId=${other.webhookId}`, { isActive: false });
    other.api.advance(3 * DAY);
    expect(minutesOf(other.api)).toEqual([0, 1]);
  });
});

describe('the organization', () => {
  const base = '/management/organizations';

  it('lists, creates and updates workspaces, and null removes the limit', async () => {
    const api = await sandbox();
    const made = await api.post<{ id: number }>(`${base}/workspaces`, { workspaceName: 'Third', seatsLimit: 3 });
    expect(made.body).toMatchObject({ workspaceName: 'Third', seatsLimit: 3 });
    const path = `${base}/workspaces/${made.body.id}`;
    expect((await api.call('PATCH', path, { workspaceName: 'New name' })).body).toMatchObject({ seatsLimit: 3 });
    expect((await api.call('PATCH', path, { seatsLimit: { value: 7 } })).body).toMatchObject({ seatsLimit: 7 });
    expect((await api.call('PATCH', path, { seatsLimit: null })).body).toMatchObject({ seatsLimit: null });
    expect((await api.call('PATCH', path, { seatsLimit: 5 })).status).toBe(400);
    expect((await api.call('PATCH', `${base}/workspaces/1`, {})).status).toBe(404);
  });

  it('creates API keys', async () => {
    const api = await sandbox();
    const path = `${base}/api-keys/workspaces/${api.workspace.organizationUnitId}`;
    const made = await api.post<{ apiKey: string }>(path, { apiKeyType: 'MCP' });
    const keys = await api.get<Page<{ apiKeyType: string; apiKey: string }>>(path);
    expect(keys.body.items.map(({ apiKeyType }) => apiKeyType)).toEqual(['PUBLIC', 'N8N', 'MCP']);
    expect(keys.body.items[2]?.apiKey).toBe(made.body.apiKey);
    expect((await api.post(path, { apiKeyType: 'OTHER' })).status).toBe(400);
  });

  it('lists and invites users', async () => {
    const api = await sandbox();
    const users = async (path: string, body: object) => (await api.post<Page<{ id: number }>>(path, body)).body;
    expect((await users(`${base}/users`, {})).totalCount).toBe(5);
    expect((await users(`${base}/users`, { role: 'Member', invitationStatus: ['Pending'] })).totalCount).toBe(1);
    const unit = api.workspace.organizationUnitId;
    expect((await users(`${base}/users/workspaces/${unit}`, {})).totalCount).toBe(3);
    const invitation = { inviterEmail: 'user1@example.com', emails: ['new@example.com'] };
    const sent = await api.post<{ invitations: { userId: number; invitationUrl: string }[] }>(
      `${base}/users/invite/members`,
      { ...invitation, workspaceIds: [unit], permissions: { viewCampaigns: true } },
    );
    expect(sent.body.invitations[0]?.invitationUrl).toMatch(/^https:/);
    const user = await api.get(`${base}/users/${sent.body.invitations[0]?.userId}`);
    expect(user.body).toMatchObject({
      role: 'Member',
      invitationStatus: 'Pending',
      permissions: { viewCampaigns: true },
    });
    expect((await api.post(`${base}/users/invite/admins`, invitation)).status).toBe(200);
    expect((await api.post(`${base}/users/invite/managers`, invitation)).status).toBe(400);
    expect((await api.post(`${base}/users/invite/managers`, { ...invitation, workspaceIds: [unit] })).status).toBe(200);
    expect((await api.get(`${base}/users/1`)).status).toBe(404);
  });
});

describe('senders', () => {
  it('spell the limits as HeyReach does, and count running campaigns only', async () => {
    const api = await sandbox();
    const { body } = await api.post<Page<{ id: number; activeCampaigns: number; accountLimits: object }>>(
      '/li_account/GetAll',
      {},
    );
    expect(body.totalCount).toBe(6);
    expect(Object.keys(body.items[0]!)).toHaveLength(15);
    expect(Object.keys(body.items[0]!.accountLimits)).toHaveLength(12);
    expect(body.items[0]!.accountLimits).toMatchObject({ connectioRequestLimit: 25, connectioRequestMax: 40 });
    for (const row of body.items) {
      const running = [...api.workspace.campaigns.values()].filter(
        (campaign) => campaign.status === 'IN_PROGRESS' && campaign.accountIds.includes(row.id),
      );
      expect(row.activeCampaigns).toBe(running.length);
    }
    const { brokenAccount } = api.workspace.fixtures;
    expect((await api.get(`/li_account/GetById?accountId=${brokenAccount}`)).body).toMatchObject({
      isActive: true,
      authIsValid: false,
    });
    const status = await api.get(`/li_account/GetAccountStatus/${brokenAccount}`);
    expect(status.body).toMatchObject({
      accountId: brokenAccount,
      status: 'Disconnected',
      failureReason: expect.stringContaining('expired'),
      salesNavigator: { authenticated: false },
      recruiter: { authenticated: false },
    });
    const { id, firstName, lastName, emailAddress, profileUrl } = [...api.workspace.accounts.values()].find(
      ({ authIsValid }) => authIsValid,
    )!;
    expect((await api.get(`/li_account/GetAccountStatus/${id}`)).body).toEqual({
      accountId: id,
      status: 'Connected',
      failureReason: '',
      profile: { name: `${firstName} ${lastName}`, email: emailAddress, url: profileUrl },
      salesNavigator: { authenticated: expect.any(Boolean) },
      recruiter: { authenticated: expect.any(Boolean) },
    });
    expect((await api.get('/li_account/GetById?accountId=1')).status).toBe(404);
    expect((await api.post<Page<object>>('/li_account/GetAll', { keyword: 'SENDER3@' })).body.totalCount).toBe(1);
  });
});
