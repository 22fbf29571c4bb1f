import { describe, expect, test } from 'vitest';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import { get } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('get_campaign', () => {
  const wire = useToolHarness();

  test('sends the id in the query and returns the whole campaign, nulls included', async () => {
    wire.answerWith({ '/campaign/GetById': { body: exampleCampaign() } });
    const result = await wire.call('get_campaign', { campaignId: 600001 });
    expect(wire.sent()).toEqual([get('/api/public/campaign/GetById?campaignId=600001')]);
    expect(result.structuredContent).toEqual(exampleCampaign());
  });

  test('reports an unknown campaign with the next step', async () => {
    const errorMessage = 'Campaign with id 600009 was not found.';
    wire.answerWith({ '/campaign/GetById': { status: 404, body: { errorMessage } } });
    const result = await wire.call('get_campaign', { campaignId: 600009 });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toEqual({
      kind: 'not_found',
      status: 404,
      message: errorMessage,
      meaning:
        'HeyReach has nothing with this identifier in the workspace of this key. HeyReach said no and nothing was done.',
      nextStep: 'Find the campaign with list_campaigns.',
      outcome: 'refused',
    });
  });

  test.each([
    [{}, 'campaignId is required'],
    [{ campaignId: 0 }, 'campaignId must be more than 0'],
    [{ campaignId: 1.5 }, 'campaignId must be a whole number'],
  ])('rejects %j', async (args, message) => {
    const result = await wire.call('get_campaign', args);
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(message);
    expect(wire.sent()).toEqual([]);
  });
});
