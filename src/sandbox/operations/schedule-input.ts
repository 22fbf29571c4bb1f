import { bool, object, required, text } from '../http/binding.ts';
import { refuse } from '../http/reply.ts';
import type { Schedule } from '../model.ts';
import { dateOnly, defaultSchedule, hasDay, isTimeZone, timeOfDay } from '../simulation/schedule.ts';

/** What the API takes for a schedule. */
export const scheduleInput = object({
  dailyStartTime: required(text()),
  dailyEndTime: required(text()),
  timeZoneId: required(text()),
  enabledMonday: bool,
  enabledTuesday: bool,
  enabledWednesday: bool,
  enabledThursday: bool,
  enabledFriday: bool,
  enabledSaturday: bool,
  enabledSunday: bool,
  startDate: text(),
  endDate: text(),
});

type ScheduleInput = NonNullable<ReturnType<typeof scheduleInput.read>>;

/** The schedule with its defaults filled in, or the refusal of one that cannot work. */
export function readSchedule(input: ScheduleInput): Schedule {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const schedule: Schedule = { ...defaultSchedule(), ...given };
  const start = timeOfDay(schedule.dailyStartTime);
  const end = timeOfDay(schedule.dailyEndTime);
  if (start === undefined || end === undefined) throw refuse('The schedule has an invalid daily time.');
  if (start >= end) throw refuse('The daily start time must be before the daily end time.');
  if (!isTimeZone(schedule.timeZoneId)) throw refuse(`The time zone '${schedule.timeZoneId}' was not found.`);
  if (!hasDay(schedule)) throw refuse('At least one day must be enabled in the schedule.');
  const { startDate, endDate, timeZoneId } = schedule;
  const first = startDate === null ? undefined : dateOnly(startDate, timeZoneId);
  const last = endDate === null ? undefined : dateOnly(endDate, timeZoneId);
  if ((startDate !== null && first === undefined) || (endDate !== null && last === undefined)) {
    throw refuse('The schedule has an invalid date.');
  }
  if (first !== undefined && last !== undefined && last <= first) {
    throw refuse('The end date must be after the start date.');
  }
  return schedule;
}
