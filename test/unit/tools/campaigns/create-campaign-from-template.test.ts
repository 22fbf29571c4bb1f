import { describe, expect, test } from 'vitest';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import { get, post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const PATH = '/api/public/campaign/CreateCampaignFromTemplate';
const required = { campaignIdForTemplate: 600001, name: 'Q4 founders', linkedInAccountIds: [170001, 170002] };
const sent = {
  campaignIdForTemplate: 600001,
  name: 'Q4 founders',
  linkedInAcccountIdsForCampaign: [170001, 170002],
};

describe('create_campaign_from_template', () => {
  const wire = useToolHarness();

  test('sends every parameter, the senders under the key with three c, and returns the flags that it reads back', async () => {
    wire.answerWith({
      '/campaign/CreateCampaignFromTemplate': { body: { campaignId: 600002 } },
      '/campaign/GetById': { body: exampleCampaign({ id: 600002, name: 'Q4 founders' }) },
    });
    const rest = {
      linkedInUserListId: 930001,
      excludeContactedFromOtherCampaigns: true,
      excludeHasOtherAccConversations: false,
      excludeContactedFromSenderInOtherCampaign: true,
      excludeListId: 930002,
    };
    const result = await wire.call('create_campaign_from_template', { ...required, ...rest });
    expect(wire.sent()).toEqual([
      post(PATH, { ...sent, ...rest }),
      get('/api/public/campaign/GetById?campaignId=600002'),
    ]);
    expect(result.structuredContent).toEqual({
      campaignId: 600002,
      name: 'Q4 founders',
      status: 'DRAFT',
      linkedInUserListId: 930001,
      campaignAccountIds: [170001],
      excludeInOtherCampaigns: true,
      excludeHasOtherAccConversations: false,
      excludeContactedFromSenderInOtherCampaign: true,
      excludeListId: null,
    });
  });

  test('sends only the given parameters', async () => {
    wire.answerWith({ '/campaign/CreateCampaignFromTemplate': { body: { campaignId: 600002 } } });
    await wire.call('create_campaign_from_template', required);
    expect(wire.sent()[0]).toEqual(post(PATH, sent));
  });

  test('does not retry after a 500, and advises to search for the name first', async () => {
    wire.answerWith({ '/campaign/CreateCampaignFromTemplate': { status: 500 } });
    const result = await wire.call('create_campaign_from_template', required);
    expect(wire.sent()).toEqual([post(PATH, sent)]);
    expect(result.structuredContent?.error).toMatchObject({ outcome: 'unknown' });
    expect(result.content[0]?.text).toContain('Look for the name with list_campaigns');
  });

  test("returns HeyReach's own message on a rejection", async () => {
    const body = { errorMessage: 'Account with id 170002 has invalid authentication.' };
    wire.answerWith({ '/campaign/CreateCampaignFromTemplate': { status: 400, body } });
    const result = await wire.call('create_campaign_from_template', required);
    expect(result.content[0]?.text).toContain('Account with id 170002 has invalid authentication.');
    expect(result.structuredContent?.error).toMatchObject({
      status: 400,
      message: 'Account with id 170002 has invalid authentication.',
      nextStep: 'Correct what the sentence names and call again.',
      outcome: 'refused',
    });
  });

  test('suggests the parameter for the key of the request body', async () => {
    const { linkedInAccountIds, ...rest } = required;
    const args = { ...rest, linkedInAcccountIdsForCampaign: linkedInAccountIds };
    const result = await wire.call('create_campaign_from_template', args);
    expect(result.content[0]?.text).toContain('linkedInAccountIds is required');
    expect(result.content[0]?.text).toContain('unknown parameter linkedInAcccountIdsForCampaign');
    expect(wire.sent()).toEqual([]);
  });
});
