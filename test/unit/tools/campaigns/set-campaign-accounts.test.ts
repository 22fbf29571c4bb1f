import { describe, expect, test } from 'vitest';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import { get, post } from '../../../support/heyreach/requests.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

const args = { campaignId: 600001, linkedInAccountIds: [170002, 170003] };
const update = post('/api/public/campaign/UpdateAccounts', args);
const read = get('/api/public/campaign/GetById?campaignId=600001');

describe('set_campaign_accounts', () => {
  const wire = useToolHarness();

  /** Returns the first senders before the update, and the second ones after it. */
  function answerSenders(before: number[], after: number[], answers = [{ status: 200 }] as object[]) {
    let updates = 0;
    wire.answerWith({
      '/campaign/UpdateAccounts': () => answers[updates++] ?? {},
      '/campaign/GetById': () => ({
        body: exampleCampaign({ campaignAccountIds: updates === 0 ? before : after, status: 'PAUSED' }),
      }),
    });
  }

  test('reads the senders, replaces them, reads back, and returns the dropped senders', async () => {
    answerSenders([170001, 170002], [170002, 170003]);
    const result = await wire.call('set_campaign_accounts', args);
    expect(wire.sent()).toEqual([read, update, read]);
    expect(result.structuredContent).toEqual({
      campaignId: 600001,
      campaignAccountIds: [170002, 170003],
      added: [170003],
      dropped: [170001],
    });
  });

  test('reports senders that a 200 did not change', async () => {
    answerSenders([170001, 170002], [170001, 170002]);
    const result = await wire.call('set_campaign_accounts', args);
    expect(result.structuredContent).toMatchObject({
      campaignAccountIds: [170001, 170002],
      added: [],
      dropped: [],
      notDone: [170003, 170001],
    });
    expect(result.structuredContent?.note).toContain('did not change the senders in notDone');
  });

  test('succeeds on a rejection after a lost response when the senders are as requested', async () => {
    const refusal = { status: 400, body: { errorMessage: 'Campaign is running.' } };
    answerSenders([170001], [170003, 170002], [{ status: 502 }, refusal]);
    const result = await wire.call('set_campaign_accounts', args);
    expect(wire.sent().slice(0, 3)).toEqual([read, update, update]);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ campaignId: 600001, campaignAccountIds: [170003, 170002] });
    expect(result.structuredContent).toMatchObject({ added: [170003, 170002], dropped: [170001] });
  });

  test('fails on a rejection after a lost response when the senders are not as requested', async () => {
    const refusal = { status: 400, body: { errorMessage: 'Campaign is running.' } };
    answerSenders([170001], [170001], [{ status: 502 }, refusal]);
    const result = await wire.call('set_campaign_accounts', args);
    expect(result.isError).toBe(true);
    expect(result.structuredContent?.error).toMatchObject({ status: 400, message: 'Campaign is running.' });
  });

  test("returns HeyReach's own message on a rejection", async () => {
    const errorMessage = 'LinkedIn account with id 170003 was not found.';
    answerSenders([170001], [170001], [{ status: 400, body: { errorMessage } }]);
    const result = await wire.call('set_campaign_accounts', args);
    expect(wire.sent()).toEqual([read, update]);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toMatchObject({ status: 400, message: errorMessage, outcome: 'refused' });
  });

  test('changes nothing when the campaign cannot be read first', async () => {
    wire.answerWith({ '/campaign/GetById': { status: 404, body: { errorMessage: 'Campaign not found' } } });
    const result = await wire.call('set_campaign_accounts', args);
    expect(wire.sent()).toEqual([read]);
    expect(result.structuredContent?.error).toMatchObject({ message: 'Campaign not found', outcome: 'refused' });
  });

  test('rejects an empty list of senders', async () => {
    const result = await wire.call('set_campaign_accounts', { campaignId: 600001, linkedInAccountIds: [] });
    expect(result.content[0]?.text).toContain('linkedInAccountIds must have at least 1 entries, got 0 entries');
    expect(wire.sent()).toEqual([]);
  });

  test('changes nothing when the senders cannot be read first', async () => {
    wire.answerWith({ '/campaign/GetById': { status: 503 } });
    const result = await wire.call('set_campaign_accounts', { campaignId: 600001, linkedInAccountIds: [170001] });
    expect(result.structuredContent?.error).toMatchObject({ status: 503, outcome: 'not_sent' });
    expect(wire.sent().map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
  });
});
