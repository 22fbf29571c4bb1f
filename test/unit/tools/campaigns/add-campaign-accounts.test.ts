import { describe, expect, test } from 'vitest';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import { get, post } from '../../../support/heyreach/requests.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

const args = { campaignId: 600001, linkedInAccountIds: [170002, 170003] };
const add = post('/api/public/campaign/AddLinkedInAccountsToCampaign', args);
const read = get('/api/public/campaign/GetById?campaignId=600001');
const withSenders = (campaignAccountIds: number[] | null) => ({ body: exampleCampaign({ campaignAccountIds }) });

describe('add_campaign_accounts', () => {
  const wire = useToolHarness();

  test('sends the senders and returns the senders read back', async () => {
    wire.answerWith({ '/campaign/GetById': withSenders([170001, 170002, 170003]) });
    const result = await wire.call('add_campaign_accounts', args);
    expect(wire.sent()).toEqual([add, read]);
    expect(result.structuredContent).toEqual({ campaignId: 600001, campaignAccountIds: [170001, 170002, 170003] });
  });

  test.each([[undefined], [[{ accountId: 170003, success: false }]], [{ results: 'odd' }]])(
    'detects a failed account behind a 200, whatever its body is (%j)',
    async (body) => {
      wire.answerWith({
        '/campaign/AddLinkedInAccountsToCampaign': { body },
        '/campaign/GetById': withSenders([170001, 170002]),
      });
      const result = await wire.call('add_campaign_accounts', args);
      expect(result.isError).toBeFalsy();
      expect(result.structuredContent).toMatchObject({ campaignAccountIds: [170001, 170002], notDone: [170003] });
    },
  );

  test('reports senders that cannot be read back as unknown', async () => {
    wire.answerWith({ '/campaign/GetById': withSenders(null) });
    const result = await wire.call('add_campaign_accounts', args);
    expect(result.structuredContent).toEqual({
      campaignId: 600001,
      campaignAccountIds: null,
      note: 'HeyReach accepted the change, but the campaign could not be read back.',
    });
  });

  test.each([
    [[170001, 170002, 170003], false],
    [[170001, 170002], true],
    [null, true],
  ])('after a lost response and a rejection, the senders %j decide the outcome', async (senders, isError) => {
    let attempts = 0;
    wire.answerWith({
      '/campaign/AddLinkedInAccountsToCampaign': () => {
        attempts += 1;
        return attempts === 1 ? { status: 500 } : { status: 400, body: { errorMessage: 'Already in the campaign.' } };
      },
      '/campaign/GetById': withSenders(senders),
    });
    const result = await wire.call('add_campaign_accounts', args);
    expect(wire.sent().slice(0, 3)).toEqual([add, add, read]);
    expect(result.isError ?? false).toBe(isError);
    expect(result.content[0]?.text).toContain(isError ? 'Already in the campaign.' : '170003');
  });

  test("returns HeyReach's own message on a rejection", async () => {
    const errorMessage = 'Accounts can only be added to a draft, scheduled or paused campaign.';
    wire.answerWith({ '/campaign/AddLinkedInAccountsToCampaign': { status: 400, body: { errorMessage } } });
    const result = await wire.call('add_campaign_accounts', args);
    expect(wire.sent()).toEqual([add]);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toMatchObject({ status: 400, message: errorMessage, outcome: 'refused' });
  });

  test('rejects more than 100 senders', async () => {
    const linkedInAccountIds = Array.from({ length: 101 }, (_, index) => 170001 + index);
    const result = await wire.call('add_campaign_accounts', { campaignId: 600001, linkedInAccountIds });
    expect(result.content[0]?.text).toContain('linkedInAccountIds must have at most 100 entries, got 101 entries');
    expect(wire.sent()).toEqual([]);
  });
});
