import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const PATH = '/api/public/campaign/AddLeadsToCampaign';
const person = (index: number) => ({
  profileUrl: `https://www.linkedin.com/in/ada-example-${index}`,
  firstName: 'Ada',
  lastName: `Example ${index}`,
});
const pairs = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ lead: person(from + index) }));

describe('add_leads_to_campaign_v1', () => {
  const wire = useToolHarness();

  test('sends the pairs and flags, and returns the number as added', async () => {
    wire.answerWith({ '/campaign/AddLeadsToCampaign': { body: '1' } });
    const lead = { ...person(1), emailAddress: 'ada@example.com', customUserFields: [{ name: 'team', value: 'Data' }] };
    const accountLeadPairs = [{ linkedInAccountId: 170001, lead }, { lead: person(2) }];
    const result = await wire.call('add_leads_to_campaign_v1', {
      campaignId: 600001,
      accountLeadPairs,
      resumeFinishedCampaign: true,
    });
    expect(wire.sent()).toEqual([
      post(PATH, {
        campaignId: 600001,
        accountLeadPairs,
        resumeFinishedCampaign: true,
        resumePausedCampaign: false,
      }),
    ]);
    expect(result.structuredContent).toEqual({
      given: 2,
      sent: 2,
      sentRanges: [{ from: 0, to: 1 }],
      refused: [],
      duplicates: [],
      notSent: [],
      unknown: [],
      added: 1,
      updated: null,
      failed: null,
      unaccounted: null,
    });
  });

  test('sends calls of 100 without the flags, and sums the numbers', async () => {
    let calls = 0;
    wire.answerWith({
      '/campaign/AddLeadsToCampaign': () => {
        calls += 1;
        return { body: calls === 1 ? '97' : '0' };
      },
    });
    const result = await wire.call('add_leads_to_campaign_v1', { campaignId: 600001, accountLeadPairs: pairs(1, 101) });
    const body = { campaignId: 600001, resumeFinishedCampaign: false, resumePausedCampaign: false };
    expect(wire.sent()).toEqual([
      post(PATH, { ...body, accountLeadPairs: pairs(1, 100) }),
      post(PATH, { ...body, accountLeadPairs: pairs(101, 101) }),
    ]);
    expect(result.structuredContent).toMatchObject({ sent: 101, added: 97, updated: null, unaccounted: null });
  });

  test('a response that is not a number leaves the rows unknown', async () => {
    wire.answerWith({ '/campaign/AddLeadsToCampaign': { body: { added: 1 } } });
    const result = await wire.call('add_leads_to_campaign_v1', { campaignId: 600001, accountLeadPairs: pairs(1, 1) });
    expect(result.isError).toBe(true);
    expect(result.structuredContent).toMatchObject({
      sent: 0,
      unknown: [{ from: 0, to: 0 }],
      error: { kind: 'unreadable_answer', outcome: 'unknown' },
    });
  });

  test("passes on HeyReach's error message", async () => {
    const errorMessage = 'Account with id 170009 does not belong to the campaign.';
    wire.answerWith({ '/campaign/AddLeadsToCampaign': { status: 400, body: { errorMessage } } });
    const result = await wire.call('add_leads_to_campaign_v1', { campaignId: 600001, accountLeadPairs: pairs(1, 1) });
    expect(wire.sent()).toHaveLength(1);
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toMatchObject({ status: 400, message: errorMessage, outcome: 'refused' });
  });
});
