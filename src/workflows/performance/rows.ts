import { type Counts, RATES, type RateName, rateIn } from './counts.ts';

/** The results of a campaign, a sender, both, or a week. */
export interface PerformanceRow {
  campaignId?: number | undefined;
  linkedInAccountId?: number | undefined;
  /** The first day of a week. */
  week?: string | undefined;
  name?: string | null | undefined;
  status?: string | null | undefined;
  now: Counts;
  /** Null where the period before was not read. */
  before: Counts | null;
  /** Invitations of the last seven days: many of them can still be accepted. */
  recent: number;
  /** Leads that failed, at present. */
  failed?: number | null | undefined;
  /** The days of a week that is cut, `3 of 7 days`. */
  cut?: string | undefined;
}

const ENDED = new Set(['FINISHED', 'FAILED', 'CANCELED']);
/** Above this share of recent invitations the acceptance rate will still rise. */
const YOUNG_SHARE = 0.25;

/** What limits the meaning of a row, such as `young 20/58, ended`. */
export function noteOf(row: PerformanceRow, minSample: number): string | null {
  const { sent, started, inmails } = row.now;
  const largest = sent > 0 ? sent : Math.max(started, inmails);
  const notes = [
    ...(largest === 0 ? ['none sent'] : []),
    ...(largest > 0 && largest < minSample ? ['small'] : []),
    ...(sent > 0 && row.recent / sent > YOUNG_SHARE ? [`young ${row.recent}/${sent}`] : []),
    ...(ENDED.has(row.status ?? '') ? ['ended'] : []),
    ...(row.cut === undefined ? [] : [row.cut]),
  ];
  return notes.length === 0 ? null : notes.join(', ');
}

/** The rate that a row needs: below one bound, above another, or both. */
export interface RowFilter {
  metric: RateName;
  below?: number | undefined;
  above?: number | undefined;
}

/**
 * The rows whose rate is below or above a bound. A row with fewer than `minSample` invitations or messages has no rate to judge
 * by, and a rate of 0 of 0 is no rate.
 */
export function filterRows(rows: readonly PerformanceRow[], filter: RowFilter, minSample: number) {
  const { part, whole } = RATES[filter.metric];
  const judged = rows.filter(({ now }) => now[whole] > 0 && now[whole] >= minSample);
  const matching = judged.filter(({ now }) => {
    const rate = now[part] / now[whole];
    return (filter.below === undefined || rate < filter.below) && (filter.above === undefined || rate > filter.above);
  });
  return { matching, tooSmall: rows.length - judged.length };
}

export const SORTS = ['sent', 'acceptance', 'reply', 'interested'] as const;
export type SortName = (typeof SORTS)[number];

/** Sorts rows from the largest to the smallest value. Rows without the value come last, weeks stay in their order. */
export function sortRows(rows: readonly PerformanceRow[], by: SortName | undefined): PerformanceRow[] {
  if (by === undefined && rows.some(({ week }) => week !== undefined)) return [...rows];
  const sortValue = ({ now }: PerformanceRow) =>
    by === 'acceptance' || by === 'reply' ? (rateIn(now, by) ?? -1) : now[by ?? 'sent'];
  return rows.toSorted(
    (a, b) =>
      sortValue(b) - sortValue(a) ||
      (a.linkedInAccountId ?? 0) - (b.linkedInAccountId ?? 0) ||
      (a.campaignId ?? 0) - (b.campaignId ?? 0),
  );
}
