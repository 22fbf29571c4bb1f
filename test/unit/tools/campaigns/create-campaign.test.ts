import { describe, expect, test } from 'vitest';
import { exampleCampaign, exampleSequence } from '../../../support/fixtures/campaign.ts';
import { get, post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const PATH = '/api/public/campaign/Create';
const required = { name: 'Q3 founders', linkedInAccountIds: [170001] };
const schedule = {
  dailyStartTime: '09:00:00',
  dailyEndTime: '24:00:00',
  timeZoneId: 'Europe/Berlin',
  enabledMonday: true,
  enabledTuesday: false,
  enabledWednesday: true,
  enabledThursday: true,
  enabledFriday: true,
  enabledSaturday: false,
  enabledSunday: true,
  startDate: '2026-06-01',
  endDate: '2099-07-01',
};

describe('create_campaign', () => {
  const wire = useToolHarness();

  test('sends every parameter, the sequence and schedule as objects, and reads the campaign back', async () => {
    wire.answerWith({
      '/campaign/Create': { body: { campaignId: 600001 } },
      '/campaign/GetById': { body: exampleCampaign({ excludeListId: 930002 }) },
    });
    const args = {
      ...required,
      linkedInUserListId: 930001,
      excludeContactedFromOtherCampaigns: true,
      excludeHasOtherAccConversations: false,
      excludeContactedFromSenderInOtherCampaign: true,
      excludeListId: 930002,
      schedule,
      sequence: exampleSequence(),
    };
    const result = await wire.call('create_campaign', args);
    expect(wire.sent()).toEqual([post(PATH, args), get('/api/public/campaign/GetById?campaignId=600001')]);
    expect(result.structuredContent).toEqual({
      campaignId: 600001,
      name: 'Q3 founders',
      status: 'DRAFT',
      linkedInUserListId: 930001,
      campaignAccountIds: [170001],
      excludeInOtherCampaigns: true,
      excludeHasOtherAccConversations: false,
      excludeContactedFromSenderInOtherCampaign: true,
      excludeListId: 930002,
    });
  });

  test('omits parameters that are not given, and writes times of day with seconds', async () => {
    wire.answerWith({ '/campaign/Create': { body: { campaignId: 600001 } } });
    await wire.call('create_campaign', { ...required, linkedInUserListId: null, excludeListId: '', schedule: null });
    const times = { dailyStartTime: '09:00', dailyEndTime: '17:30', timeZoneId: 'Etc/GMT' };
    await wire.call('create_campaign', { ...required, schedule: times });
    expect(wire.sent().filter(({ path }) => path === PATH)).toEqual([
      post(PATH, { name: 'Q3 founders', linkedInAccountIds: [170001] }),
      post(PATH, { ...required, schedule: { ...times, dailyStartTime: '09:00:00', dailyEndTime: '17:30:00' } }),
    ]);
  });

  test('warns about variables that HeyReach may not fill in, and about the schedule, after the campaign was created', async () => {
    wire.answerWith({ '/campaign/Create': { body: { campaignId: 600001 } } });
    const times = { dailyStartTime: '09:00', dailyEndTime: '17:30' };
    const sequence = {
      ...exampleSequence(),
      payload: { messages: ['Hi {{first_name}} [Company]'], fallbackMessage: 'Hi there' },
    };
    const args = { ...required, sequence, schedule: { ...times, timeZoneId: 'est', endDate: '2020-01-01' } };
    const result = await wire.call('create_campaign', args);
    expect(wire.sent()[0]?.body).toMatchObject({ sequence, schedule: { timeZoneId: 'EST', endDate: '2020-01-01' } });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({
      campaignId: 600001,
      warnings: [
        expect.stringContaining('Stop: The lead would read `[Company]`'),
        expect.stringContaining('unfilled: `{{first_name}}`'),
        expect.stringContaining('EST has no daylight saving time'),
        expect.stringContaining('endDate 2020-01-01 is in the past'),
      ],
    });
  });

  test('reports a campaign as created when it cannot be read back', async () => {
    wire.answerWith({ '/campaign/Create': { body: { campaignId: 600001 } }, '/campaign/GetById': { status: 404 } });
    const result = await wire.call('create_campaign', required);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual({
      campaignId: 600001,
      status: 'unknown',
      note: 'The campaign was created, but could not be read back.',
    });
  });

  test('does not read back a response without an id, and says how to find the campaign', async () => {
    wire.answerWith({ '/campaign/Create': { body: { campaignId: null } } });
    const result = await wire.call('create_campaign', required);
    expect(result.structuredContent).toMatchObject({ status: 'unknown' });
    expect(result.structuredContent?.note).toContain('list_campaigns');
    expect(wire.sent()).toHaveLength(1);
  });

  test('does not retry after a 500, and advises to search for the name first', async () => {
    wire.answerWith({ '/campaign/Create': { status: 500 } });
    const result = await wire.call('create_campaign', required);
    expect(wire.sent()).toEqual([post(PATH, required)]);
    expect(result.structuredContent?.error).toMatchObject({ kind: 'server_error', status: 500, outcome: 'unknown' });
    expect(result.content[0]?.text).toContain('Look for the name with list_campaigns');
  });

  test("returns HeyReach's own message on a rejection", async () => {
    const errorMessage = 'Node at: $.sequence has invalid delay: 00:00:00';
    wire.answerWith({ '/campaign/Create': { status: 400, body: { errorMessage } } });
    const result = await wire.call('create_campaign', { ...required, sequence: exampleSequence() });
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toMatchObject({
      status: 400,
      message: errorMessage,
      nextStep: 'Give the named node an actionDelay of at least 3 HOUR, and call again.',
      outcome: 'refused',
    });
  });

  test.each([
    [{ name: 'x'.repeat(51) }, 'name must have at most 50 characters, got 51'],
    [{ linkedInAccountIds: [] }, 'linkedInAccountIds must have at least 1 entries'],
    [{ linkedInUserListId: 930001, excludeListId: 930001 }, 'excludeListId must be another list'],
    [{ schedule: { ...schedule, dailyEndTime: '09:00:00' } }, 'schedule.dailyEndTime must be later'],
    [{ schedule: { ...schedule, timeZoneId: 'Mars/Olympus' } }, 'schedule.timeZoneId must be an IANA time zone'],
    [{ schedule: { ...schedule, endDate: '2026-06-01' } }, 'schedule.endDate must be later than startDate'],
    [{ sequence: '{"nodeType":"END"' }, 'sequence must be an object'],
  ])('rejects %j', async (args, message) => {
    const result = await wire.call('create_campaign', { ...required, ...args });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(message);
    expect(wire.sent()).toEqual([]);
  });
});
