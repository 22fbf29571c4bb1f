import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const PATH = '/api/public/campaign/GetCampaignsForLead';
const profileUrl = 'https://www.linkedin.com/in/ada-example/';

describe('list_campaigns_for_lead', () => {
  const wire = useToolHarness();

  test.each([{ profileUrl }, { linkedinId: '580000001' }, { email: 'ada@example.com' }])(
    'sends %j and the page',
    async (identity) => {
      wire.answerWith({ '/campaign/GetCampaignsForLead': { body: { totalCount: 0, items: [] } } });
      await wire.call('list_campaigns_for_lead', { ...identity, offset: 20, limit: 100 });
      expect(wire.sent()).toEqual([post(PATH, { ...identity, offset: 20, limit: 100 })]);
    },
  );

  test('returns the campaigns with both statuses, and nextOffset', async () => {
    const items = [
      { campaignId: 600001, campaignName: 'Q3 founders', campaignStatus: 'PAUSED', leadStatus: 'InSequence' },
      {
        campaignId: 600002,
        campaignName: 'Q4 founders',
        campaignStatus: 'IN_PROGRESS',
        leadStatus: 'PendingOrExcludedToBeCalculated',
        creationTime: '2026-09-13T21:28:06.933349Z',
      },
    ];
    const body = { leadFullName: 'Ada Example', totalCount: 3, items };
    wire.answerWith({ '/campaign/GetCampaignsForLead': { body } });
    const result = await wire.call('list_campaigns_for_lead', { email: 'ada@example.com' });
    expect(wire.sent()).toEqual([post(PATH, { email: 'ada@example.com', offset: 0, limit: 20 })]);
    expect(result.structuredContent).toEqual({
      leadFullName: 'Ada Example',
      totalCount: 3,
      returned: 2,
      items,
      nextOffset: 2,
    });
  });

  test("returns HeyReach's own message on a rejection", async () => {
    const errorMessage = 'Lead with the given identifiers could not be resolved.';
    wire.answerWith({ '/campaign/GetCampaignsForLead': { status: 400, body: { errorMessage } } });
    const result = await wire.call('list_campaigns_for_lead', { linkedinId: '580000001' });
    expect(wire.sent()).toEqual([post(PATH, { linkedinId: '580000001', offset: 0, limit: 20 })]);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toMatchObject({ status: 400, message: errorMessage, outcome: 'refused' });
  });

  test('reports an unknown person with the next step', async () => {
    wire.answerWith({ '/campaign/GetCampaignsForLead': { status: 404, body: { detail: 'Lead not found' } } });
    const result = await wire.call('list_campaigns_for_lead', { profileUrl });
    expect(result.structuredContent?.error).toMatchObject({ status: 404, message: 'Lead not found' });
    expect(result.content[0]?.text).toContain('search them there');
  });

  test.each([
    [{}, 'one of profileUrl, linkedinId and email is required'],
    [{ profileUrl, email: 'ada@example.com' }, 'profileUrl, linkedinId and email exclude each other; give one'],
    [{ email: 'not an email' }, 'email must be an address such as ada@example.com'],
    [{ profileUrl: 'https://www.linkedin.com/pub/ada' }, 'profileUrl is a /pub/ URL'],
    [{ profileUrl, leadProfileUrl: profileUrl }, 'unknown parameter leadProfileUrl (did you mean profileUrl?)'],
  ])('rejects %j', async (identity, message) => {
    const result = await wire.call('list_campaigns_for_lead', identity);
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(message);
    expect(wire.sent()).toEqual([]);
  });
});
