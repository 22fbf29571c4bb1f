import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

const PATH = '/api/public/campaign/StopLeadInCampaign';
const leadUrl = 'https://www.linkedin.com/in/ada-example';

describe('stop_lead_in_campaign', () => {
  const wire = useToolHarness();

  test.each([[{ leadUrl, leadMemberId: '580000001' }], [{ leadUrl }], [{ leadMemberId: '580000001' }]])(
    'sends %j',
    async (identity) => {
      const result = await wire.call('stop_lead_in_campaign', { campaignId: 600001, ...identity });
      expect(wire.sent()[0]).toEqual(post(PATH, { campaignId: 600001, ...identity }));
      expect(result.structuredContent).toEqual({ campaignId: 600001, stopped: true });
    },
  );

  test('says that an accepted stop had no effect', async () => {
    const items = [{ campaignId: 600001, leadStatus: 'InSequence' }];
    wire.answerWith({ '/campaign/GetCampaignsForLead': { body: { totalCount: 1, items } } });
    const result = await wire.call('stop_lead_in_campaign', { campaignId: 600001, leadUrl });
    expect(result.structuredContent).toMatchObject({
      stopped: false,
      note: expect.stringContaining('The campaign may go on contacting the person.'),
    });
  });

  test('reports an unknown outcome on a rejection after a lost response when nothing can be read', async () => {
    let attempts = 0;
    wire.answerWith({
      '/campaign/StopLeadInCampaign': () => {
        attempts += 1;
        return attempts === 1 ? { status: 500 } : { status: 403, body: { errorMessage: 'No subscription.' } };
      },
      '/campaign/GetCampaignsForLead': { status: 403, body: { errorMessage: 'No subscription.' } },
    });
    const result = await wire.call('stop_lead_in_campaign', { campaignId: 600001, leadUrl });
    expect(result.structuredContent?.error).toMatchObject({ message: 'No subscription.', outcome: 'unknown' });
    expect(result.content[0]?.text).toContain('may have been carried out');
  });

  test.each([
    ['Finished', false],
    ['InSequence', true],
  ])('after a lost response and a rejection, the lead status %s decides the outcome', async (leadStatus, isError) => {
    let attempts = 0;
    wire.answerWith({
      '/campaign/StopLeadInCampaign': () => {
        attempts += 1;
        return attempts === 1 ? { status: 500 } : { status: 404, body: { errorMessage: 'Lead is not running.' } };
      },
      '/campaign/GetCampaignsForLead': {
        body: {
          totalCount: 2,
          items: [
            { campaignId: 600002, leadStatus: isError ? 'Finished' : 'InSequence' },
            { campaignId: 600001, leadStatus },
          ],
        },
      },
    });
    const result = await wire.call('stop_lead_in_campaign', { campaignId: 600001, leadMemberId: '580000001' });
    expect(wire.sent()[2]).toEqual(
      post('/api/public/campaign/GetCampaignsForLead', { linkedinId: '580000001', offset: 0, limit: 100 }),
    );
    expect(result.isError ?? false).toBe(isError);
    expect(result.content[0]?.text).toContain(
      isError ? 'Lead is not running.' : 'The status of the lead in this campaign is Finished',
    );
  });

  test("returns HeyReach's own message on a rejection, and the next step", async () => {
    const errorMessage = 'Lead not found in campaign.';
    wire.answerWith({ '/campaign/StopLeadInCampaign': { status: 404, body: { errorMessage } } });
    const result = await wire.call('stop_lead_in_campaign', { campaignId: 600001, leadUrl });
    expect(wire.sent()).toHaveLength(1);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toEqual({
      kind: 'not_found',
      status: 404,
      message: errorMessage,
      meaning:
        'HeyReach has nothing with this identifier in the workspace of this key. HeyReach said no and nothing was done.',
      nextStep: 'Check with list_campaigns_for_lead whether the person is in this campaign.',
      outcome: 'refused',
    });
  });

  test.each([
    [{}, 'leadUrl or leadMemberId is required'],
    [{ leadUrl: '', leadMemberId: null }, 'leadUrl or leadMemberId is required'],
    [{ leadUrl: 'https://www.linkedin.com/company/example' }, 'leadUrl is a /company/ URL'],
    [{ leadUrl: 'https://example.com/in/ada' }, 'leadUrl must be a LinkedIn profile URL'],
  ])('rejects %j', async (identity, message) => {
    const result = await wire.call('stop_lead_in_campaign', { campaignId: 600001, ...identity });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(message);
    expect(wire.sent()).toEqual([]);
  });
});
