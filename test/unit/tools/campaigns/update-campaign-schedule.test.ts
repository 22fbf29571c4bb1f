import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const PATH = '/api/public/campaign/UpdateSchedule';
const required = { dailyStartTime: '08:30:00', dailyEndTime: '17:00:00', timeZoneId: 'America/New_York' };

describe('update_campaign_schedule', () => {
  const wire = useToolHarness();

  test('sends the whole schedule, and says that it cannot be read back', async () => {
    const schedule = {
      ...required,
      enabledMonday: false,
      enabledTuesday: true,
      enabledWednesday: true,
      enabledThursday: true,
      enabledFriday: false,
      enabledSaturday: true,
      enabledSunday: false,
      startDate: '2026-06-01',
      endDate: '2099-06-02',
    };
    const result = await wire.call('update_campaign_schedule', { campaignId: 600001, schedule });
    expect(wire.sent()).toEqual([post(PATH, { campaignId: 600001, schedule })]);
    expect(result.structuredContent).toMatchObject({ campaignId: 600001, schedule });
    expect(result.structuredContent?.note).toContain('neither the old nor the new one can be read back');
  });

  test.each([
    ['europe/berlin', 'Europe/Berlin'],
    [' EUROPE/BERLIN', 'Europe/Berlin'],
    ['asia/kolkata', 'Asia/Kolkata'],
    ['us/eastern', 'US/Eastern'],
    ['utc', 'UTC'],
  ])('sends the time zone %j under its official name', async (timeZoneId, official) => {
    const result = await wire.call('update_campaign_schedule', {
      campaignId: 600001,
      schedule: { ...required, timeZoneId },
    });
    expect(wire.sent()).toEqual([post(PATH, { campaignId: 600001, schedule: { ...required, timeZoneId: official } })]);
    expect(result.structuredContent).not.toHaveProperty('warnings');
  });

  test('warns about an abbreviation and an end date in the past, and sends both', async () => {
    const schedule = { ...required, timeZoneId: 'EST', endDate: '2020-06-02' };
    const result = await wire.call('update_campaign_schedule', { campaignId: 600001, schedule });
    expect(wire.sent()).toEqual([post(PATH, { campaignId: 600001, schedule })]);
    expect(result.structuredContent?.warnings).toEqual([
      expect.stringContaining('EST has no daylight saving time'),
      expect.stringContaining('endDate 2020-06-02 is in the past'),
    ]);
  });

  test('sends only the given parameters', async () => {
    const schedule = { ...required, enabledSunday: null, startDate: '', endDate: null };
    await wire.call('update_campaign_schedule', { campaignId: 600001, schedule });
    expect(wire.sent()).toEqual([post(PATH, { campaignId: 600001, schedule: required })]);
  });

  test("returns HeyReach's own message on a rejection", async () => {
    const errorMessage = 'StartDate cannot be changed after the campaign was started.';
    wire.answerWith({ '/campaign/UpdateSchedule': { status: 400, body: { errorMessage } } });
    const result = await wire.call('update_campaign_schedule', { campaignId: 600001, schedule: required });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toMatchObject({
      kind: 'bad_request',
      status: 400,
      message: errorMessage,
      nextStep: 'Correct what the sentence names and call again.',
      outcome: 'refused',
    });
  });

  test('reports an unknown outcome on a rejection after a lost response, because no read shows a schedule', async () => {
    let attempts = 0;
    wire.answerWith({
      '/campaign/UpdateSchedule': () => {
        attempts += 1;
        return attempts === 1 ? { status: 500 } : { status: 400, body: { errorMessage: 'Campaign is running.' } };
      },
    });
    const result = await wire.call('update_campaign_schedule', { campaignId: 600001, schedule: required });
    expect(attempts).toBe(2);
    expect(result.structuredContent?.error).toMatchObject({ message: 'Campaign is running.', outcome: 'unknown' });
    expect(result.content[0]?.text).not.toContain('nothing was');
  });

  const workdays = ['enabledMonday', 'enabledTuesday', 'enabledWednesday', 'enabledThursday', 'enabledFriday'];
  test.each([
    [{ dailyStartTime: '8:30' }, 'schedule.dailyStartTime must be a time of day such as 09:00:00'],
    [{ dailyEndTime: '24:30:00' }, 'schedule.dailyEndTime must be a time of day'],
    [{ dailyEndTime: '08:00:00' }, 'schedule.dailyEndTime must be later than dailyStartTime'],
    [{ timeZoneId: 'Berlin' }, 'schedule.timeZoneId must be an IANA time zone such as Europe/Berlin'],
    [{ timeZoneId: 'BST' }, 'schedule.timeZoneId must be an IANA time zone such as Europe/Berlin'],
    [{ startDate: '2026-02-30' }, 'schedule.startDate must be a day such as 2026-06-01'],
    [{ startDate: '2026-06-02', endDate: '2026-06-01' }, 'schedule.endDate must be later than startDate'],
    [Object.fromEntries(workdays.map((day) => [day, false])), 'a schedule needs at least one day'],
    [{ enabledMondays: true }, 'unknown parameter enabledMondays in schedule (did you mean enabledMonday?)'],
  ])('rejects %j', async (changes, message) => {
    const schedule = { ...required, ...changes };
    const result = await wire.call('update_campaign_schedule', { campaignId: 600001, schedule });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(message);
    expect(wire.sent()).toEqual([]);
  });
});
