import { describe, expect, test } from 'vitest';
import { exampleCampaign } from '../../kit/campaign-examples.ts';
import { get } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('get_campaign', () => {
  const wire = useWire();

  test('sends the id in the query and answers the whole campaign, nulls included', async () => {
    wire.answerWith({ '/campaign/GetById': { body: exampleCampaign() } });
    const result = await wire.call('get_campaign', { campaignId: 600001 });
    expect(wire.sent()).toEqual([get('/api/public/campaign/GetById?campaignId=600001')]);
    expect(result.structuredContent).toEqual(exampleCampaign());
  });

  test('an unknown campaign is an error that says where to look', async () => {
    const errorMessage = 'Campaign with id 600009 was not found.';
    wire.answerWith({ '/campaign/GetById': { status: 404, body: { errorMessage } } });
    const result = await wire.call('get_campaign', { campaignId: 600009 });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toEqual({
      kind: 'not_found',
      status: 404,
      message: errorMessage,
      nextStep: 'Find the campaign with list_campaigns.',
      outcome: 'refused',
    });
  });

  test.each([
    [{}, 'campaignId is required'],
    [{ campaignId: 0 }, 'campaignId must be more than 0'],
    [{ campaignId: 1.5 }, 'campaignId must be a whole number'],
  ])('refuses %j', async (args, said) => {
    const result = await wire.call('get_campaign', args);
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(said);
    expect(wire.sent()).toEqual([]);
  });
});
