import { describe, expect, it } from 'vitest';
import type { CampaignStatus } from '../../../src/sandbox/index.ts';
import { type Client, lead, sandbox } from './support.ts';

const statusOf = async (api: Client, id: number) =>
  (await api.get<{ status: CampaignStatus }>(`/campaign/GetById?campaignId=${id}`)).body.status;

const schedule = { dailyStartTime: '08:00:00', dailyEndTime: '18:00:00', timeZoneId: 'Europe/Berlin' };

describe('the state machine', () => {
  const STATES = ['DRAFT', 'SCHEDULED', 'STARTING', 'IN_PROGRESS', 'PAUSED', 'FINISHED', 'FAILED', 'CANCELED'] as const;
  type Cell = 'ok' | '400' | CampaignStatus;
  const edit: Cell[] = ['DRAFT', 'DRAFT', '400', '400', 'PAUSED', '400', '400', '400'];
  /** For every state, in the order above: rejected, the next state, or `ok` for the same state. */
  const table: Record<string, Cell[]> = {
    StartCampaign: ['IN_PROGRESS', '400', '400', '400', '400', '400', '400', '400'],
    Pause: ['400', '400', 'PAUSED', 'PAUSED', '400', '400', '400', '400'],
    Resume: ['400', '400', '400', '400', 'IN_PROGRESS', 'IN_PROGRESS', 'IN_PROGRESS', '400'],
    UpdateSettings: edit,
    UpdateSequence: edit,
    UpdateAccounts: edit,
    UpdateSchedule: edit,
    AddLinkedInAccountsToCampaign: edit,
    RemoveLinkedInAccountsFromCampaign: edit,
    AddLeadsToCampaignV2: ['400', '400', 'ok', 'ok', 'ok', 'ok', '400', '400'],
    AddLeadsToCampaign: ['400', '400', 'ok', 'ok', 'ok', 'ok', '400', '400'],
    StopLeadInCampaign: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  };

  async function act(api: Client, operation: string, campaignId: number) {
    const campaign = api.workspace.campaigns.get(campaignId)!;
    const [first = 0, second = 0] = campaign.accountIds;
    const bodies: Record<string, unknown> = {
      UpdateSettings: { name: 'Renamed' },
      UpdateSequence: { sequence: campaign.sequence },
      UpdateAccounts: { linkedInAccountIds: [first, second] },
      UpdateSchedule: { schedule },
      AddLinkedInAccountsToCampaign: { linkedInAccountIds: [first] },
      RemoveLinkedInAccountsFromCampaign: { linkedInAccountIds: [999] },
      AddLeadsToCampaignV2: { accountLeadPairs: [{ lead: lead('state-machine') }] },
      AddLeadsToCampaign: { accountLeadPairs: [{ lead: lead('state-machine') }] },
      StopLeadInCampaign: { leadUrl: 'https://www.linkedin.com/in/ada-example-1a2b' },
    };
    const body = bodies[operation] as Record<string, unknown> | undefined;
    return body
      ? api.post(`/campaign/${operation}`, { campaignId, ...body })
      : api.post(`/campaign/${operation}?campaignId=${campaignId}`);
  }

  it.each(Object.entries(table))('%s', async (operation, cells) => {
    const api = await sandbox();
    const { deepSequenceCampaign: id } = api.workspace.fixtures;
    const campaign = api.workspace.campaigns.get(id)!;
    for (const [i, cell] of cells.entries()) {
      const state = STATES[i]!;
      campaign.status = state;
      campaign.startedAt = state === 'DRAFT' || state === 'SCHEDULED' ? null : api.now();
      const response = await act(api, operation, id);
      const after = await statusOf(api, id);
      const expected = cell === '400' ? [400, state] : [200, cell === 'ok' ? state : cell];
      expect([response.status, after], `${operation} on ${state}`).toEqual(expected);
      if (cell === '400') expect(response.body.errorMessage).toEqual(expect.any(String));
    }
  });

  it('rejects with the recorded messages of HeyReach', async () => {
    const api = await sandbox();
    const { campaigns } = api.workspace.fixtures;
    const pause = await api.post(`/campaign/Pause?campaignId=${campaigns.PAUSED[0]}`);
    expect(pause.body).toEqual({ errorMessage: 'You cannot pause an inactive campaign' });
    const resume = await api.post(`/campaign/Resume?campaignId=${campaigns.DRAFT[0]}`);
    expect(resume.body).toEqual({
      errorMessage: 'The campaign you are trying to resume is not paused, finished or failed.',
    });
    expect((await api.post('/campaign/Resume?campaignId=1')).status).toBe(404);
  });

  it('pauses a campaign without leads about a second after it was started or resumed', async () => {
    const api = await sandbox();
    const id = api.workspace.fixtures.emptyListCampaign;
    expect((await api.post(`/campaign/Resume?campaignId=${id}`)).status).toBe(200);
    expect(await statusOf(api, id)).toBe('IN_PROGRESS');
    api.advance(900);
    expect(await statusOf(api, id)).toBe('IN_PROGRESS');
    api.advance(200);
    expect(await statusOf(api, id)).toBe('PAUSED');
    const campaign = api.workspace.campaigns.get(id)!;
    campaign.status = 'DRAFT';
    await api.post(`/campaign/StartCampaign?campaignId=${id}`);
    expect(await statusOf(api, id)).toBe('IN_PROGRESS');
    api.advance(1_100);
    expect(await statusOf(api, id)).toBe('PAUSED');
  });

  it('stays IN_PROGRESS when leads are added within that second', async () => {
    const api = await sandbox();
    const id = api.workspace.fixtures.emptyListCampaign;
    await api.post(`/campaign/Resume?campaignId=${id}`);
    await api.post('/campaign/AddLeadsToCampaignV2', { campaignId: id, accountLeadPairs: [{ lead: lead('in-time') }] });
    api.advance(2_000);
    expect(await statusOf(api, id)).toBe('IN_PROGRESS');
  });

  it('schedules a future start, starts on that day, and returns to DRAFT when edited', async () => {
    const api = await sandbox();
    const [id = 0] = api.workspace.fixtures.campaigns.SCHEDULED;
    api.advance(4 * 86_400_000);
    expect(await statusOf(api, id)).toBe('SCHEDULED');
    await api.post('/campaign/UpdateSettings', { campaignId: id, name: 'Later' });
    expect(await statusOf(api, id)).toBe('DRAFT');
    api.advance(3 * 86_400_000);
    expect(await statusOf(api, id)).toBe('DRAFT');

    const other = await sandbox();
    other.advance(6 * 86_400_000);
    expect(await statusOf(other, other.workspace.fixtures.campaigns.SCHEDULED[0]!)).not.toBe('SCHEDULED');
  });

  it('rejects a start without a sequence or without a connected sender', async () => {
    const api = await sandbox();
    const { fixtures, campaigns } = api.workspace;
    const bare = await api.post(`/campaign/StartCampaign?campaignId=${fixtures.campaignWithoutSequence}`);
    expect(bare.status).toBe(400);
    campaigns.get(fixtures.draftReadyToStart)!.accountIds = [fixtures.brokenAccount];
    const lonely = await api.post(`/campaign/StartCampaign?campaignId=${fixtures.draftReadyToStart}`);
    expect(lonely.status).toBe(400);
  });
});
