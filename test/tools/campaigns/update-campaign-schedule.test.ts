import { describe, expect, test } from 'vitest';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

const PATH = '/api/public/campaign/UpdateSchedule';
const required = { dailyStartTime: '08:30:00', dailyEndTime: '17:00:00', timeZoneId: 'America/New_York' };

describe('update_campaign_schedule', () => {
  const wire = useWire();

  test('sends the whole schedule, and says that none can be read back', async () => {
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
      endDate: '2026-06-02',
    };
    const result = await wire.call('update_campaign_schedule', { campaignId: 600001, schedule });
    expect(wire.sent()).toEqual([post(PATH, { campaignId: 600001, schedule })]);
    expect(result.structuredContent).toMatchObject({ campaignId: 600001, schedule });
    expect(result.structuredContent?.note).toContain('neither the old one nor this one can be shown');
  });

  test('sends only what was given', async () => {
    const schedule = { ...required, enabledSunday: null, startDate: '', endDate: null };
    await wire.call('update_campaign_schedule', { campaignId: 600001, schedule });
    expect(wire.sent()).toEqual([post(PATH, { campaignId: 600001, schedule: required })]);
  });

  test("answers HeyReach's own sentence when it refuses", async () => {
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

  test('a refusal after a lost answer is unknown, since no read can tell what the first attempt did', async () => {
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
    [{ startDate: '2026-02-30' }, 'schedule.startDate must be a day such as 2026-06-01'],
    [{ startDate: '2026-06-02', endDate: '2026-06-01' }, 'schedule.endDate must be later than startDate'],
    [Object.fromEntries(workdays.map((day) => [day, false])), 'at least one day has to be on'],
    [{ enabledMondays: true }, 'unknown parameter enabledMondays in schedule (did you mean enabledMonday?)'],
  ])('refuses %j', async (changes, said) => {
    const schedule = { ...required, ...changes };
    const result = await wire.call('update_campaign_schedule', { campaignId: 600001, schedule });
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(said);
    expect(wire.sent()).toEqual([]);
  });
});
