import type { Schedule } from '../model/index.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';

/** The schedule of a campaign that sets none. */
export function defaultSchedule(): Schedule {
  return {
    dailyStartTime: '09:00:00',
    dailyEndTime: '17:00:00',
    timeZoneId: 'Etc/GMT',
    enabledMonday: true,
    enabledTuesday: true,
    enabledWednesday: true,
    enabledThursday: true,
    enabledFriday: true,
    enabledSaturday: false,
    enabledSunday: false,
    startDate: null,
    endDate: null,
  };
}

/** `09:00:00` in milliseconds. undefined for any text that is not a time of day up to `24:00:00`. */
export function timeOfDay(text: string): number | undefined {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (!match) return undefined;
  const [h, m, s] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (m > 59 || s > 59) return undefined;
  const ms = h * HOUR + m * MINUTE + s * 1_000;
  return ms <= DAY ? ms : undefined;
}

const formatters = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

export function isTimeZone(name: string): boolean {
  try {
    formatter(name);
    return true;
  } catch {
    return false;
  }
}

function formatter(timeZone: string): Intl.DateTimeFormat {
  let cached = formatters.get(timeZone);
  if (!cached) {
    cached = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' });
    formatters.set(timeZone, cached);
  }
  return cached;
}

/** The offset of a zone from UTC. Cached per hour, because Intl is slow. */
function offsetAt(timeZone: string, at: number): number {
  if (timeZone === 'Etc/GMT' || timeZone === 'UTC') return 0;
  const key = `${timeZone}:${Math.floor(at / HOUR)}`;
  const cached = offsets.get(key);
  if (cached !== undefined) return cached;
  const name = formatter(timeZone)
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName')?.value;
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '');
  const size = match ? Number(match[2]) * HOUR + Number(match[3]) * MINUTE : 0;
  const offset = match?.[1] === '-' ? -size : size;
  offsets.set(key, offset);
  return offset;
}

function enabledDays(schedule: Schedule): boolean[] {
  return [
    schedule.enabledSunday,
    schedule.enabledMonday,
    schedule.enabledTuesday,
    schedule.enabledWednesday,
    schedule.enabledThursday,
    schedule.enabledFriday,
    schedule.enabledSaturday,
  ];
}

/** Whether at least one weekday is enabled. */
export function hasDay(schedule: Schedule): boolean {
  return enabledDays(schedule).includes(true);
}

/** The first moment from `at` on at which the campaign may act. */
export function nextOpening(schedule: Schedule, at: number): number {
  const start = timeOfDay(schedule.dailyStartTime) ?? 0;
  const end = timeOfDay(schedule.dailyEndTime) ?? DAY;
  const enabled = enabledDays(schedule);
  const local = at + offsetAt(schedule.timeZoneId, at);
  const midnight = Math.floor(local / DAY) * DAY;
  for (let ahead = 0; ahead <= 7; ahead++) {
    const day = midnight + ahead * DAY;
    if (!enabled[new Date(day).getUTCDay()]) continue;
    if (ahead === 0 && local - day >= start && local - day < end) return at;
    if (day + start > local) return day + start - offsetAt(schedule.timeZoneId, day + start);
  }
  return at + 7 * DAY;
}

/** The first opening on a later day. */
export function nextDayOpening(schedule: Schedule, at: number): number {
  const offset = offsetAt(schedule.timeZoneId, at);
  const tomorrow = (Math.floor((at + offset) / DAY) + 1) * DAY - offset;
  return nextOpening(schedule, tomorrow);
}

/** Midnight of a DateOnly in the schedule's zone. undefined for any text that is not a date. */
export function dateOnly(text: string, timeZone: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const utc = Date.parse(text);
  if (Number.isNaN(utc)) return undefined;
  return utc - offsetAt(timeZone, utc);
}
