import { rateOf } from '../shared/rates.ts';
import { type Cell, type Table, toTable } from '../shared/table.ts';
import type { Cohort } from './cohorts.ts';
import { type Counts, changeIn, RATES, type RateName, rateIn } from './counts.ts';
import { noteOf, type PerformanceRow } from './rows.ts';

interface TableOptions {
  minSample: number;
  /** The cohorts by campaign, where they are asked for. */
  cohorts?: ReadonlyMap<number, Cohort> | undefined;
}

/** A longer table omits the least useful cells: rates of small samples, and notes that repeat other cells. */
export const MAX_FULL_ROWS = 10;

/** The table of a report. Columns that hold nothing in any row are left out. */
export function performanceTable(rows: readonly PerformanceRow[], { minSample, cohorts }: TableOptions): Table {
  const isLong = rows.length > MAX_FULL_ROWS;
  const minShown = isLong ? minSample : 0;
  const columns: Record<string, (row: PerformanceRow) => Cell> = {
    linkedInAccountId: (row) => row.linkedInAccountId,
    campaignId: (row) => row.campaignId,
    week: (row) => row.week,
    name: (row) => row.name,
    status: (row) => row.status,
    acceptance: (row) => rateCell(row, 'acceptance', minShown),
    reply: (row) => rateCell(row, 'reply', minShown),
    inmailReply: (row) => rateCell(row, 'inmail_reply', minShown),
    interested: ({ now }) => now.interested,
    failed: (row) => row.failed,
    cohort: ({ campaignId }) => cohortCell(cohorts?.get(campaignId ?? 0)),
    note: (row) => (isLong ? noteOf({ ...row, status: null }, 0) : noteOf(row, minSample)),
  };
  const used = Object.entries(columns).filter(([, cell]) => rows.some((row) => cell(row) != null));
  return toTable(rows, Object.fromEntries(used));
}

/** How the cells of rates are read. */
export const RATE_CELLS =
  'acceptance [accepted, sent, rate, rate before, change in points], reply [replied, started, ...], inmailReply [replied, sent, ...], cohort [accepted, invited, rate]; over 10 rows: no rate for samples under minSample';

/**
 * A rate with its two numbers, the rate before and the change. Null where nothing happened in both periods.
 * @param minShown a smaller sample has its two numbers alone.
 */
function rateCell({ now, before }: PerformanceRow, name: RateName, minShown: number): Cell {
  const { part, whole } = RATES[name];
  const isEmpty = (counts: Counts | null) => counts === null || counts[part] + counts[whole] === 0;
  if (isEmpty(now) && isEmpty(before)) return null;
  if (now[whole] < minShown) return isEmpty(now) ? null : [now[part], now[whole]];
  const cell = [now[part], now[whole], rateIn(now, name), rateIn(before, name), changeIn(now, before, name)];
  return cell.slice(0, cell.findLastIndex((value) => value !== null) + 1);
}

function cohortCell(cohort: Cohort | undefined): Cell {
  return cohort === undefined ? null : [cohort.accepted, cohort.invited, rateOf(cohort.accepted, cohort.invited)];
}
