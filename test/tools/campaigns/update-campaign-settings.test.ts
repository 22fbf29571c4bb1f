import { describe, expect, test } from 'vitest';
import { exampleCampaign } from '../../kit/campaign-examples.ts';
import { get, post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

const PATH = '/api/public/campaign/UpdateSettings';
const read = get('/api/public/campaign/GetById?campaignId=600001');
/** What the example campaign has now, under the names it is written with. */
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
  const wire = useWire();

  /** Answers the campaign as it is, and after the update as changed. */
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

  test('a rename sends the present settings along, and answers before and after', async () => {
    answerCampaign({ name: 'Q4 founders' });
    const result = await wire.call('update_campaign_settings', { campaignId: 600001, name: 'Q4 founders' });
    expect(wire.sent()).toEqual([read, post(PATH, { campaignId: 600001, ...present, name: 'Q4 founders' }), read]);
    expect(result.structuredContent).toEqual({
      campaignId: 600001,
      before: present,
      after: { ...present, name: 'Q4 founders', status: 'PAUSED' },
    });
  });

  test('sends every parameter as given, also what is switched off', async () => {
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

  test('null clears the exclude list and leaves the rest', async () => {
    answerCampaign({ excludeListId: null });
    const result = await wire.call('update_campaign_settings', { campaignId: 600001, name: '', excludeListId: null });
    expect(wire.sent()[1]).toEqual(post(PATH, { campaignId: 600001, ...present, excludeListId: null }));
    expect(result.structuredContent).toMatchObject({
      before: { excludeListId: 930002 },
      after: { excludeListId: null },
    });
  });

  test('a flag whose present value is not known is asked for instead of reset', async () => {
    wire.answerWith({ '/campaign/GetById': { body: campaign({ excludeInOtherCampaigns: null }) } });
    const result = await wire.call('update_campaign_settings', { campaignId: 600001, name: 'Q4 founders' });
    expect(wire.sent()).toEqual([read]);
    expect(result.structuredContent?.error).toMatchObject({ outcome: 'not_sent' });
    expect(result.content[0]?.text).toContain('Give excludeContactedFromOtherCampaigns as true or false');
  });

  test('a refusal after a lost answer is success when the settings are as wanted', async () => {
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

  test("answers HeyReach's own sentence when it refuses", async () => {
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

  test('a first read without an answer means that nothing was changed', async () => {
    wire.answerWith({ '/campaign/GetById': { status: 500, body: { errorMessage: 'Broken.' } } });
    const result = await wire.call('update_campaign_settings', { campaignId: 600001, name: 'Q4 founders' });
    expect(result.structuredContent?.error).toMatchObject({ status: 500, message: 'Broken.', outcome: 'not_sent' });
    expect(result.content[0]?.text).toContain('nothing was changed');
    expect(wire.sent()).toEqual([read, read, read]);
  });

  test('a campaign that is found missing only at the second read was not changed either', async () => {
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
    [{}, 'nothing to change: give at least one of name, linkedInUserListId'],
    [{ name: '' }, 'nothing to change'],
    [{ excludeHasOtherAccConversations: 'false' }, 'excludeHasOtherAccConversations must be true or false'],
    [{ linkedInUserListId: 0 }, 'linkedInUserListId must be more than 0'],
  ])('refuses %j', async (args, said) => {
    const result = await wire.call('update_campaign_settings', { campaignId: 600001, ...args });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(said);
    expect(wire.sent()).toEqual([]);
  });
});
