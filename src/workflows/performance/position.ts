import { packCursor, unpackCursor } from '../../mcp/results/cursor.ts';
import { addDays, type Days, dayOf, daysOf, type PeriodName } from '../shared/periods.ts';

/** Days of a report that names no first day. */
const DEFAULT_DAYS = 30;

/** The days of a report, and the rows that earlier pages showed. */
export interface ReportPosition {
  days: Days;
  skip: number;
}

interface PeriodArguments {
  period?: PeriodName | undefined;
  startDate?: string | undefined;
  endDate?: string | undefined;
}

/**
 * Where a page of a report begins. A cursor holds the days, so that they stay the same on every page.
 * @param args everything that selects the rows.
 * @returns why the cursor cannot be used, as a sentence.
 */
export function reportPosition(
  cursor: string | undefined,
  args: PeriodArguments,
  now: number,
): ReportPosition | string {
  if (cursor === undefined) return { skip: 0, days: daysOfArguments(args, now) };
  const position = unpackCursor(cursor, args);
  if (typeof position === 'string') return position;
  const [first = '', last = ''] = (position.upstream ?? '').split('|');
  return { skip: position.skip, days: { first, last } };
}

function daysOfArguments({ period, startDate, endDate }: PeriodArguments, now: number): Days {
  if (startDate === undefined && endDate === undefined) return daysOf(period ?? 'last_30_days', now);
  const last = endDate ?? dayOf(now);
  return { first: startDate ?? addDays(last, 1 - DEFAULT_DAYS), last };
}

/** The cursor of a position, for the same arguments. */
export function packReportCursor({ days, skip }: ReportPosition, args: PeriodArguments): string {
  return packCursor({ upstream: `${days.first}|${days.last}`, skip }, args);
}
