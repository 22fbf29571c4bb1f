import { describe, expect, test } from 'vitest';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import type { StubAnswer } from '../../../support/heyreach/heyreach-stub.ts';
import { get, post } from '../../../support/heyreach/requests.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

const args = { campaignId: 600001, linkedInAccountIds: [170002, 170003] };
const remove = post('/api/public/campaign/RemoveLinkedInAccountsFromCampaign', args);
const read = get('/api/public/campaign/GetById?campaignId=600001');
const refusal = { status: 400, body: { errorMessage: 'LinkedIn account is not in the campaign.' } };

describe('remove_campaign_accounts', () => {
  const wire = useToolHarness();

  /** The campaign has three senders before the removal, and the senders in `after` afterwards. */
  function answerSenders(after: number[] | null, answers: StubAnswer[] = []) {
    let removals = 0;
    wire.answerWith({
      '/campaign/RemoveLinkedInAccountsFromCampaign': () => answers[removals++] ?? {},
      '/campaign/GetById': () => ({
        body: exampleCampaign({ campaignAccountIds: removals === 0 ? [170001, 170002, 170003] : after }),
      }),
    });
  }

  test('reads the senders, removes, reads back, and returns the dropped senders', async () => {
    answerSenders([170001], [{ body: [{ accountId: 170002 }] }]);
    const result = await wire.call('remove_campaign_accounts', args);
    expect(wire.sent()).toEqual([read, remove, read]);
    expect(result.structuredContent).toEqual({
      campaignId: 600001,
      campaignAccountIds: [170001],
      added: [],
      dropped: [170002, 170003],
    });
  });

  test('reports a sender that remains despite a 200', async () => {
    answerSenders([170001, 170003]);
    const result = await wire.call('remove_campaign_accounts', args);
    expect(result.structuredContent).toMatchObject({ dropped: [170002], notDone: [170003] });
  });

  test.each([
    [[170001], false],
    [[170001, 170002], true],
    [null, true],
  ])('after a lost response and a rejection, the senders %j decide the outcome', async (after, isError) => {
    answerSenders(after, [{ status: 500 }, refusal]);
    const result = await wire.call('remove_campaign_accounts', args);
    expect(wire.sent().slice(0, 4)).toEqual([read, remove, remove, read]);
    expect(result.isError ?? false).toBe(isError);
    if (isError) expect(result.structuredContent?.error).toMatchObject({ status: 400 });
    else expect(result.structuredContent).toMatchObject({ campaignAccountIds: [170001], dropped: [170002, 170003] });
  });

  test("returns HeyReach's own message on a rejection", async () => {
    answerSenders([170001, 170002, 170003], [refusal]);
    const result = await wire.call('remove_campaign_accounts', args);
    expect(wire.sent()).toEqual([read, remove]);
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain('LinkedIn account is not in the campaign.');
    expect(result.structuredContent?.error).toMatchObject({
      kind: 'bad_request',
      status: 400,
      message: 'LinkedIn account is not in the campaign.',
      outcome: 'refused',
    });
  });

  test('requires at least one sender', async () => {
    const result = await wire.call('remove_campaign_accounts', { campaignId: 600001, linkedInAccountIds: [] });
    expect(result.content[0]?.text).toContain('linkedInAccountIds must have at least 1 entries');
    expect(wire.sent()).toEqual([]);
  });
});
