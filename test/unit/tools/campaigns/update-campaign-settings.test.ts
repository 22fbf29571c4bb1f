import { describe, expect, test } from 'vitest';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import { get, post } from '../../../support/heyreach/requests.ts';
import { useFastTime } from '../../../support/runs/fast-time.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

// Speeds up the clock, which shortens pauses and retries of the program.
useFastTime();

const PATH = '/api/public/campaign/UpdateSettings';
const read = get('/api/public/campaign/GetById?campaignId=600001');
/** The present settings of the example campaign under their request names. */
const present = {
  name: 'Q3 founders',
  linkedInUserListId: 930001,
  excludeContactedFromOtherCampaigns: true,
  excludeHasOtherAccConversations: false,
  excludeContactedFromSenderInOtherCampaign: true,
  excludeListId: 930002,
};
const campaign = (changes = {}) => exampleCampaign({ excludeListId: 930002, status: 'PAUSED', ...changes });

describe('update_campaign_settings', () => {
  const wire = useToolHarness();

  /** Returns the campaign before the update, and the changed one after it. */
  function answerCampaign(changes: object) {
    let updated = false;
    wire.answerWith({
      '/campaign/UpdateSettings': () => {
        updated = true;
        return {};
      },
      '/campaign/GetById': () => ({ body: updated ? campaign(changes) : campaign() }),
    });
  }

  test('sends the present settings with a rename, and returns the settings before and after', async () => {
    answerCampaign({ name: 'Q4 founders' });
    const result = await wire.call('update_campaign_settings', { campaignId: 600001, name: 'Q4 founders' });
    expect(wire.sent()).toEqual([read, post(PATH, { campaignId: 600001, ...present, name: 'Q4 founders' }), read]);
    expect(result.structuredContent).toEqual({
      campaignId: 600001,
      before: present,
      after: { ...present, name: 'Q4 founders', status: 'PAUSED' },
    });
  });

  test('sends every parameter as given, including switched-off exclusions', async () => {
    answerCampaign({});
    const args = {
      campaignId: 600001,
      name: 'Q4 founders',
      linkedInUserListId: 930003,
      excludeContactedFromOtherCampaigns: false,
      excludeHasOtherAccConversations: true,
      excludeContactedFromSenderInOtherCampaign: false,
      excludeListId: 930004,
    };
    await wire.call('update_campaign_settings', args);
    expect(wire.sent()[1]).toEqual(post(PATH, args));
  });

  test.each([
    { excludeListId: null },
    { excludeListId: null, clearExcludeList: null },
    { excludeListId: null, clearExcludeList: false },
    { excludeListId: '', linkedInUserListId: null, excludeHasOtherAccConversations: null },
  ])('keeps the excluded list on a rename with %j', async (nothing) => {
    answerCampaign({ name: 'Q4 founders' });
    await wire.call('update_campaign_settings', { campaignId: 600001, name: 'Q4 founders', ...nothing });
    expect(wire.sent()[1]).toEqual(post(PATH, { campaignId: 600001, ...present, name: 'Q4 founders' }));
  });

  test.each([{}, { excludeListId: null, name: '' }])(
    'clearExcludeList clears the list and leaves the other settings: %j',
    async (nothing) => {
      answerCampaign({ excludeListId: null });
      const result = await wire.call('update_campaign_settings', {
        campaignId: 600001,
        clearExcludeList: true,
        ...nothing,
      });
      expect(wire.sent()[1]).toEqual(post(PATH, { campaignId: 600001, ...present, excludeListId: null }));
      expect(result.structuredContent).toMatchObject({
        before: { excludeListId: 930002 },
        after: { excludeListId: null },
      });
    },
  );

  test('requires a flag whose present value is unknown instead of resetting it', async () => {
    wire.answerWith({ '/campaign/GetById': { body: campaign({ excludeInOtherCampaigns: null }) } });
    const result = await wire.call('update_campaign_settings', { campaignId: 600001, name: 'Q4 founders' });
    expect(wire.sent()).toEqual([read]);
    expect(result.structuredContent?.error).toMatchObject({ outcome: 'not_sent' });
    expect(result.content[0]?.text).toContain('Set excludeContactedFromOtherCampaigns to true or false');
  });

  test('succeeds on a rejection after a lost response when the settings are as requested', async () => {
    let attempts = 0;
    wire.answerWith({
      '/campaign/UpdateSettings': () => {
        attempts += 1;
        return attempts === 1 ? { status: 500 } : { status: 400, body: { errorMessage: 'Campaign is running.' } };
      },
      '/campaign/GetById': () => ({ body: attempts === 0 ? campaign() : campaign({ name: 'Q4 founders' }) }),
    });
    const result = await wire.call('update_campaign_settings', { campaignId: 600001, name: 'Q4 founders' });
    expect(attempts).toBe(2);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ after: { name: 'Q4 founders', status: 'PAUSED' } });
  });

  test('reads back the excluded list after a lost response, and that decides the outcome', async () => {
    let attempts = 0;
    let left: number | null = null;
    const errorMessage = 'Campaign is running.';
    wire.answerWith({
      '/campaign/UpdateSettings': () => {
        attempts += 1;
        return attempts % 2 === 1 ? { status: 500 } : { status: 400, body: { errorMessage } };
      },
      '/campaign/GetById': () => ({ body: attempts === 0 ? campaign() : campaign({ excludeListId: left }) }),
    });
    const args = { campaignId: 600001, clearExcludeList: true };
    const done = await wire.call('update_campaign_settings', args);
    expect(done.isError).toBeFalsy();
    expect(done.structuredContent).toMatchObject({ after: { excludeListId: null } });
    left = 930002;
    const refused = await wire.call('update_campaign_settings', args);
    expect(refused.structuredContent?.error).toMatchObject({ message: errorMessage, outcome: 'refused' });
  });

  test("returns HeyReach's own message on a rejection", async () => {
    const errorMessage = 'Campaign cannot be edited while it is running.';
    wire.answerWith({
      '/campaign/GetById': { body: campaign({ status: 'IN_PROGRESS' }) },
      '/campaign/UpdateSettings': { status: 400, body: { errorMessage } },
    });
    const result = await wire.call('update_campaign_settings', { campaignId: 600001, name: 'Q4 founders' });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toMatchObject({ status: 400, message: errorMessage, outcome: 'refused' });
    expect(wire.sent()).toHaveLength(2);
  });

  test('changes nothing when the first read gets no response', async () => {
    wire.answerWith({ '/campaign/GetById': { status: 500, body: { errorMessage: 'Broken.' } } });
    const result = await wire.call('update_campaign_settings', { campaignId: 600001, name: 'Q4 founders' });
    expect(result.structuredContent?.error).toMatchObject({ status: 500, message: 'Broken.', outcome: 'not_sent' });
    expect(result.content[0]?.text).toContain('nothing was changed');
    expect(wire.sent()).toEqual([read, read, read]);
  });

  test('changes nothing when the campaign is missing at the second read', async () => {
    let reads = 0;
    wire.answerWith({
      '/campaign/GetById': () => {
        reads += 1;
        return reads === 1 ? { status: 500 } : { status: 404, body: { errorMessage: 'No such campaign.' } };
      },
    });
    const result = await wire.call('update_campaign_settings', { campaignId: 600001, name: 'Q4 founders' });
    expect(result.structuredContent?.error).toMatchObject({ message: 'No such campaign.', outcome: 'refused' });
    expect(wire.sent()).toEqual([read, read]);
  });

  test.each([
    [{}, 'nothing to change: set at least one of name, linkedInUserListId'],
    [{ name: '' }, 'nothing to change'],
    [{ excludeListId: null }, 'nothing to change'],
    [{ clearExcludeList: false }, 'nothing to change'],
    [
      { excludeListId: 930004, clearExcludeList: true },
      'excludeListId and clearExcludeList: true cannot be combined: set one of them',
    ],
    [{ excludeHasOtherAccConversations: 'no' }, 'excludeHasOtherAccConversations must be true or false'],
    [{ linkedInUserListId: 0 }, 'linkedInUserListId must be more than 0'],
  ])('rejects %j', async (args, message) => {
    const result = await wire.call('update_campaign_settings', { campaignId: 600001, ...args });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(message);
    expect(wire.sent()).toEqual([]);
  });
});
