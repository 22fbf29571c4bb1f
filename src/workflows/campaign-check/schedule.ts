import type { CampaignSchedule } from '../../client/operations/campaigns.ts';
import { isoDay } from '../../lib/time-zone.ts';
import type { SetSchedule } from './last-schedules.ts';
import { type CampaignCheck, checked, finding } from './outcome.ts';

const ASK = 'HeyReach does not return schedules. Ask the user for days, hours and time zone';

/** What is known of a schedule: only what this process has set, so the check is never `ok`. */
export function checkSchedule(last: SetSchedule | undefined, now = new Date()): CampaignCheck {
  if (last === undefined) return checked([], {}, { isUnread: true, next: `${ASK}.` });
  const { schedule, setAt } = last;
  const { endDate, timeZoneId } = schedule;
  const isOver = endDate != null && endDate < isoDay(now, timeZoneId);
  const findings = isOver
    ? [
        finding(
          'stop',
          'schedule',
          `The schedule that this server set last ended on ${endDate}`,
          'Set a later endDate with update_campaign_schedule.',
        ),
      ]
    : [];
  const facts = { lastSet: inWords(schedule), setAt };
  return checked(findings, facts, { isUnread: true, next: `${ASK}, or whether lastSet still holds.` });
}

const DAYS = [
  ['Mon', 'enabledMonday', true],
  ['Tue', 'enabledTuesday', true],
  ['Wed', 'enabledWednesday', true],
  ['Thu', 'enabledThursday', true],
  ['Fri', 'enabledFriday', true],
  ['Sat', 'enabledSaturday', false],
  ['Sun', 'enabledSunday', false],
] as const;

/** `Mon Tue Wed 09:00-17:00 Europe/Berlin, from 2026-06-01, to 2026-06-30`. */
function inWords(schedule: CampaignSchedule): string {
  const { dailyStartTime, dailyEndTime, timeZoneId, startDate, endDate } = schedule;
  const days = DAYS.filter(([, field, byDefault]) => schedule[field] ?? byDefault).map(([name]) => name);
  const hours = `${dailyStartTime.slice(0, 5)}-${dailyEndTime.slice(0, 5)}`;
  const bounds = [startDate == null ? '' : `, from ${startDate}`, endDate == null ? '' : `, to ${endDate}`].join('');
  return `${days.join(' ')} ${hours} ${timeZoneId}${bounds}`;
}
