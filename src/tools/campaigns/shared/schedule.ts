import * as z from 'zod';
import type { CampaignSchedule } from '../../../client/operations/campaigns.ts';
import { lazy } from '../../../lib/lazy.ts';
import { isoDay, timeZoneName, timeZoneWarning } from '../../../lib/time-zone.ts';
import { day, flag, text } from '../../../mcp/arguments/fields.ts';

const time = (description: string) =>
  z
    .string()
    .regex(/^(([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?|24:00(:00)?)$/, 'must be a time of day such as 09:00:00')
    .describe(description);
const workday = (byDefault: boolean) => flag(`default ${byDefault}`).optional();

/** A campaign's schedule as a parameter. */
export const scheduleField = lazy(() =>
  z
    .strictObject({
      dailyStartTime: time('HH:MM:SS'),
      dailyEndTime: time('HH:MM:SS, at most 24:00:00'),
      timeZoneId: text('IANA time zone', 100),
      enabledMonday: workday(true),
      enabledTuesday: workday(true),
      enabledWednesday: workday(true),
      enabledThursday: workday(true),
      enabledFriday: workday(true),
      enabledSaturday: workday(false),
      enabledSunday: workday(false),
      startDate: day('First day; a future one waits as SCHEDULED').optional(),
      endDate: day('Last day, after startDate').optional(),
    })
    .superRefine((schedule, refinement) => {
      const report = (path: string, message: string) => refinement.addIssue({ code: 'custom', path: [path], message });
      if (withSeconds(schedule.dailyEndTime) <= withSeconds(schedule.dailyStartTime))
        report('dailyEndTime', 'must be later than dailyStartTime');
      if (timeZoneName(schedule.timeZoneId) === undefined)
        report('timeZoneId', 'must be an IANA time zone such as Europe/Berlin');
      const { startDate, endDate } = schedule;
      if (startDate !== undefined && endDate !== undefined && endDate <= startDate) {
        report('endDate', 'must be later than startDate');
      }
      const weekdays = [
        schedule.enabledMonday,
        schedule.enabledTuesday,
        schedule.enabledWednesday,
        schedule.enabledThursday,
        schedule.enabledFriday,
      ];
      const isIdle = weekdays.every((on) => on === false) && !schedule.enabledSaturday && !schedule.enabledSunday;
      if (isIdle) report('enabledMonday', 'or another day must be true: a schedule needs at least one day');
    }),
);

/** What HeyReach accepts in a schedule, but is probably not meant, as sentences. */
export function scheduleWarnings(schedule: z.output<ReturnType<typeof scheduleField>> | undefined): string[] {
  if (schedule === undefined) return [];
  const { timeZoneId, endDate } = schedule;
  const today = isoDay(new Date(), timeZoneId);
  return [
    ...timeZoneWarning(timeZoneId),
    ...(endDate !== undefined && endDate < today
      ? [
          `endDate ${endDate} is in the past: today is ${today} in ${timeZoneName(timeZoneId)}. The campaign may contact no one.`,
        ]
      : []),
  ];
}

/** The schedule in HeyReach's form: times of day with seconds, and the time zone under its official name. */
export function toSchedule(schedule: z.output<ReturnType<typeof scheduleField>>): CampaignSchedule {
  const { dailyStartTime, dailyEndTime, timeZoneId } = schedule;
  return {
    ...schedule,
    timeZoneId: timeZoneName(timeZoneId) ?? timeZoneId,
    dailyStartTime: withSeconds(dailyStartTime),
    dailyEndTime: withSeconds(dailyEndTime),
  };
}

function withSeconds(time: string): string {
  return time.length === 5 ? `${time}:00` : time;
}
