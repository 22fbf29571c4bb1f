import { z } from 'zod';
import { date, detail, endOf, flag, ids, startOf } from '../fields.ts';

const DAY_MS = 86_400_000;
const DAYS_BY_DEFAULT = 30;

/** What statistics are about, as parameters. */
export const statsFields = {
  accountIds: ids('Only these senders; empty: all').default([]),
  campaignIds: ids('Only these campaigns; empty: all').default([]),
  startDate: date('First day; default 30 days before the end').optional(),
  endDate: date('Last day; default now').optional(),
  byDay: flag('Add a row per day, in compact form without what is 0').default(false),
  ...detail,
};

export const periodOutput = {
  startDate: z.string().describe('the period that was asked for'),
  endDate: z.string(),
};

interface Period {
  startDate?: string | undefined;
  endDate?: string | undefined;
}

/** The last 30 days up to today, whole days both: the same period all day long. */
export function lastDays(now = Date.now()): { startDate: string; endDate: string } {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return periodOf({ startDate: day(now - (DAYS_BY_DEFAULT - 1) * DAY_MS), endDate: day(now) });
}

/** The period to ask for: both ends always, since HeyReach answers nothing or an odd span without them. */
export function periodOf({ startDate, endDate }: Period): { startDate: string; endDate: string } {
  const end = endDate === undefined ? new Date().toISOString() : endOf(endDate);
  const start =
    startDate === undefined ? new Date(Date.parse(end) - DAYS_BY_DEFAULT * DAY_MS).toISOString() : startOf(startDate);
  return { startDate: start, endDate: end };
}

export function checkPeriod(period: Period): string | undefined {
  const { startDate, endDate } = periodOf(period);
  return Date.parse(startDate) > Date.parse(endDate) ? 'startDate must not be later than endDate' : undefined;
}

/** A day's metrics; in compact form without those that are 0, which most are. */
export function dayRow<Row extends object>(row: Row, full: boolean): Partial<Row> {
  if (full) return row;
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== 0)) as Partial<Row>;
}
