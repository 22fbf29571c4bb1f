const DAY_MS = 86_400_000;

/** Whole UTC days, first and last included: `2026-11-01` to `2026-11-30`. */
export interface Days {
  first: string;
  last: string;
}

/** The periods that have a name. Weeks begin on Monday. */
export const PERIODS = [
  'yesterday',
  'last_7_days',
  'last_30_days',
  'this_week',
  'last_week',
  'this_month',
  'last_month',
] as const;
export type PeriodName = (typeof PERIODS)[number];

/** The UTC day of a moment. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** The day that comes `days` later, or earlier for a negative number. */
export function addDays(day: string, days: number): string {
  return dayOf(Date.parse(day) + days * DAY_MS);
}

/** How many days a period has. */
export function countDays({ first, last }: Days): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1;
}

/** The last `days` days, the present one included. */
export function lastDays(days: number, now: number): Days {
  const today = dayOf(now);
  return { first: addDays(today, 1 - days), last: today };
}

/** The days of a period. Those that contain the present day end with it. */
export function daysOf(name: PeriodName, now: number): Days {
  const today = dayOf(now);
  const month = `${today.slice(0, 7)}-01`;
  const monday = mondayOf(today);
  switch (name) {
    case 'yesterday':
      return { first: addDays(today, -1), last: addDays(today, -1) };
    case 'last_7_days':
      return lastDays(7, now);
    case 'last_30_days':
      return lastDays(30, now);
    case 'this_week':
      return { first: monday, last: today };
    case 'last_week':
      return { first: addDays(monday, -7), last: addDays(monday, -1) };
    case 'this_month':
      return { first: month, last: today };
    case 'last_month':
      return { first: `${addDays(month, -1).slice(0, 7)}-01`, last: addDays(month, -1) };
  }
}

/** The period of the same length that ends the day before. */
export function periodBefore(days: Days): Days {
  return { first: addDays(days.first, -countDays(days)), last: addDays(days.first, -1) };
}

/** The weeks of a period, from Monday to Sunday, the first and the last one cut at its ends. */
export function weeksOf({ first, last }: Days): Days[] {
  const weeks: Days[] = [];
  for (let start = first; start <= last; start = addDays(mondayOf(start), 7)) {
    const sunday = addDays(mondayOf(start), 6);
    weeks.push({ first: start, last: sunday < last ? sunday : last });
  }
  return weeks;
}

/** The period as HeyReach takes it. */
export function toRange({ first, last }: Days): { startDate: string; endDate: string } {
  return { startDate: `${first}T00:00:00Z`, endDate: `${last}T23:59:59.999Z` };
}

function mondayOf(day: string): string {
  return addDays(day, -((new Date(day).getUTCDay() + 6) % 7));
}
