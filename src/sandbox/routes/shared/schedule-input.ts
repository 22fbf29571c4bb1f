import { bool, object, required, text } from '../../http/model-binding.ts';
import { apiError } from '../../http/response.ts';
import type { Schedule } from '../../model/index.ts';
import { dateOnly, defaultSchedule, hasDay, isTimeZone, timeOfDay } from '../../simulation/schedule.ts';

/** A schedule in a request. */
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

/** The schedule with defaults for missing fields. @throws ApiError for an invalid schedule. */
export function readSchedule(input: ScheduleInput): Schedule {
  const fields = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const schedule: Schedule = { ...defaultSchedule(), ...fields };
  const start = timeOfDay(schedule.dailyStartTime);
  const end = timeOfDay(schedule.dailyEndTime);
  if (start === undefined || end === undefined) throw apiError('The schedule has an invalid daily time.');
  if (start >= end) throw apiError('The daily start time must be before the daily end time.');
  if (!isTimeZone(schedule.timeZoneId)) throw apiError(`The time zone '${schedule.timeZoneId}' was not found.`);
  if (!hasDay(schedule)) throw apiError('At least one day must be enabled in the schedule.');
  const { startDate, endDate, timeZoneId } = schedule;
  const first = startDate === null ? undefined : dateOnly(startDate, timeZoneId);
  const last = endDate === null ? undefined : dateOnly(endDate, timeZoneId);
  if ((startDate !== null && first === undefined) || (endDate !== null && last === undefined)) {
    throw apiError('The schedule has an invalid date.');
  }
  if (first !== undefined && last !== undefined && last <= first) {
    throw apiError('The end date must be after the start date.');
  }
  return schedule;
}
