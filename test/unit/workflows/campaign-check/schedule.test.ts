import { describe, expect, test } from 'vitest';
import { checkSchedule } from '../../../../src/workflows/campaign-check/schedule.ts';
import { findingsOf } from '../../../support/tools/campaign-check.ts';

describe('schedule', () => {
  const schedule = { dailyStartTime: '09:00:00', dailyEndTime: '17:30:00', timeZoneId: 'Europe/Berlin' };
  const setAt = '2026-06-01T08:00:00.000Z';
  const now = new Date('2026-06-15T10:00:00Z');

  test('is never ok, because HeyReach does not return it', () => {
    expect(checkSchedule(undefined, now)).toEqual({
      state: 'unknown',
      findings: [],
      facts: {},
      next: 'HeyReach does not return schedules. Ask the user for days, hours and time zone.',
    });
    const set = {
      ...schedule,
      enabledFriday: false,
      enabledSunday: true,
      startDate: '2026-06-10',
      endDate: '2026-06-15',
    };
    expect(checkSchedule({ schedule: set, setAt }, now)).toMatchObject({
      state: 'unknown',
      findings: [],
      facts: {
        lastSet: 'Mon Tue Wed Thu Sun 09:00-17:30 Europe/Berlin, from 2026-06-10, to 2026-06-15',
        setAt,
      },
    });
  });

  test('stops if the schedule that was set last has ended', () => {
    const check = checkSchedule({ schedule: { ...schedule, endDate: '2026-06-14' }, setAt }, now);
    expect(findingsOf(check)).toEqual(['stop: The schedule that this server set last ended on 2026-06-14']);
  });
});
