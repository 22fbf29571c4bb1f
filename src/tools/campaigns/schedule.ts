import { z } from 'zod';
import type { CampaignSchedule } from '../../client/operations/campaigns.ts';
import { day, flag, text } from '../fields.ts';

const time = (description: string) =>
  z
    .string()
    .regex(/^(([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?|24:00(:00)?)$/, 'must be a time of day such as 09:00:00')
    .describe(description);
const works = (name: string, byDefault: boolean) => flag(`${name}; default ${byDefault}`).optional();

/** When a campaign works. */
export const scheduleField = z
  .strictObject({
    dailyStartTime: time('HH:MM:SS'),
    dailyEndTime: time('HH:MM:SS, later than the start; 24:00:00 at most'),
    timeZoneId: text('IANA time zone', 100),
    enabledMonday: works('Mondays', true),
    enabledTuesday: works('Tuesdays', true),
    enabledWednesday: works('Wednesdays', true),
    enabledThursday: works('Thursdays', true),
    enabledFriday: works('Fridays', true),
    enabledSaturday: works('Saturdays', false),
    enabledSunday: works('Sundays', false),
    startDate: day('First day; a future one waits as SCHEDULED').optional(),
    endDate: day('Last day, after startDate').optional(),
  })
  .superRefine((schedule, refinement) => {
    const say = (path: string, message: string) => refinement.addIssue({ code: 'custom', path: [path], message });
    if (withSeconds(schedule.dailyEndTime) <= withSeconds(schedule.dailyStartTime))
      say('dailyEndTime', 'must be later than dailyStartTime');
    if (!isTimeZone(schedule.timeZoneId)) say('timeZoneId', 'must be an IANA time zone such as Europe/Berlin');
    const { startDate, endDate } = schedule;
    if (startDate !== undefined && endDate !== undefined && endDate <= startDate) {
      say('endDate', 'must be later than startDate');
    }
    const weekdays = [
      schedule.enabledMonday,
      schedule.enabledTuesday,
      schedule.enabledWednesday,
      schedule.enabledThursday,
      schedule.enabledFriday,
    ];
    const isIdle = weekdays.every((on) => on === false) && !schedule.enabledSaturday && !schedule.enabledSunday;
    if (isIdle) say('enabledMonday', 'or another day must be true: at least one day has to be on');
  });

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The schedule as HeyReach takes it: times of day with seconds. */
export function toSchedule(schedule: z.output<typeof scheduleField>): CampaignSchedule {
  const { dailyStartTime, dailyEndTime } = schedule;
  return { ...schedule, dailyStartTime: withSeconds(dailyStartTime), dailyEndTime: withSeconds(dailyEndTime) };
}

function withSeconds(time: string): string {
  return time.length === 5 ? `${time}:00` : time;
}
