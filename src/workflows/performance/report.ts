import type { ToolContext, ToolOutput } from '../../mcp/tool.ts';
import { type IdFilters, readUnlistedIds } from '../shared/filter-ids.ts';
import { incompleteIf } from '../shared/incomplete.ts';
import { countDays, dayOf, periodBefore } from '../shared/periods.ts';
import { startWork } from '../shared/work-time.ts';
import { readCohorts } from './cohorts.ts';
import { addCounts, NO_COUNTS, rateIn } from './counts.ts';
import { type Grouping, type PerformanceRead, type PerformanceScope, readPerformance } from './read-performance.ts';
import { filterRows, type PerformanceRow, type RowFilter, type SortName, sortRows } from './rows.ts';
import { MAX_FULL_ROWS, performanceTable } from './table.ts';

const MAX_ROWS = 40;
const DAY_MS = 86_400_000;

/** What one page of a report shows. */
export interface ReportRequest extends PerformanceScope {
  by: Grouping;
  minSample: number;
  cohortDays?: number | undefined;
  sort?: SortName | undefined;
  filter?: RowFilter | undefined;
  /** Rows that earlier pages showed. */
  skip: number;
}

const HOW_COUNTED =
  'Rates compare events within the period: an accepted invitation may have been sent before it. Before: the same number of days earlier.';

const shortRates = (minSample: number) => `Beyond ${MAX_FULL_ROWS} rows, samples under ${minSample} have no rate.`;

/** Makes one page of a report. @param cursorAt makes the cursor of the rows from a position on. */
export async function makeReport(
  request: ReportRequest,
  context: ToolContext,
  cursorAt: (skip: number) => string,
): Promise<ToolOutput> {
  const { by, days, minSample, filter, skip } = request;
  const time = startWork(context.call);
  const [read, unlisted] = await Promise.all([
    readPerformance(by, { scope: request, context, time }),
    readUnlistedIds(uncheckedFilters(request), context.client, time.call),
  ]);
  const totals = totalsOf(read, by);
  const none = read.none ?? unlisted.none;
  if (none !== undefined && !Object.values(totals).some(Boolean)) throw none;
  const filtered = filter === undefined ? undefined : filterRows(read.rows, filter, minSample);
  const sorted = sortRows(filtered?.matching ?? read.rows, request.sort);
  const page = sorted.slice(skip, skip + MAX_ROWS);
  const cohort = request.cohortDays === undefined ? undefined : await cohortsOf(page, request, context, time);
  const today = dayOf(Date.now());
  const table = performanceTable(page, { minSample, cohorts: cohort?.cohorts });
  return {
    data: {
      period: {
        startDate: days.first,
        endDate: days.last,
        days: countDays(days),
        ...(days.last >= today ? { partialDay: today } : {}),
      },
      ...(by === 'week' ? {} : { before: { startDate: periodBefore(days).first, endDate: periodBefore(days).last } }),
      totals,
      totalRows: sorted.length,
      ...(filtered === undefined
        ? {}
        : {
            leftOut: { tooSmall: filtered.tooSmall, otherRate: read.rows.length - filtered.tooSmall - sorted.length },
          }),
      ...table,
      howCounted: page.length > MAX_FULL_ROWS ? `${HOW_COUNTED} ${shortRates(minSample)}` : HOW_COUNTED,
      ...incompleteIf([...unlisted.incomplete, ...read.incomplete, ...(cohort?.incomplete ?? [])]),
    },
    rows: {
      key: 'rows',
      continuation: (rowCount) => (skip + rowCount < sorted.length ? { nextCursor: cursorAt(skip + rowCount) } : {}),
    },
  };
}

/** The filters that no listing of the report itself shows. Later pages have the filters of the first. */
function uncheckedFilters({ by, skip, campaignIds, linkedInAccountIds }: ReportRequest): IdFilters {
  if (skip > 0) return {};
  const readsSenders = by === 'sender' || by === 'campaign_and_sender';
  return {
    campaignIds: by === 'campaign' ? [] : campaignIds,
    linkedInAccountIds: readsSenders ? [] : linkedInAccountIds,
  };
}

function cohortsOf(
  page: readonly PerformanceRow[],
  { cohortDays = 0, linkedInAccountIds }: ReportRequest,
  context: ToolContext,
  time: ReturnType<typeof startWork>,
) {
  const rule = { before: Date.now() - cohortDays * DAY_MS, senders: linkedInAccountIds };
  return readCohorts(
    page.flatMap(({ campaignId }) => (campaignId === undefined ? [] : [campaignId])),
    rule,
    context,
    time,
  );
}

/** The names of the sums and rates in `totals`. */
export const TOTALS = [
  ...Object.keys(NO_COUNTS),
  ...['acceptance', 'acceptanceBefore', 'reply', 'replyBefore', 'inmailReply', 'inmailReplyBefore'],
];

/** The sums of all rows, those of other pages and those that a filter left out included. */
function totalsOf({ rows, before }: PerformanceRead, by: Grouping) {
  const now = addCounts(rows.map((row) => row.now));
  const rates = { acceptance: 'acceptance', reply: 'reply', inmailReply: 'inmail_reply' } as const;
  const pairs = Object.entries(rates).flatMap(([name, rate]) => [
    [name, rateIn(now, rate)],
    // A report by week reads no period before.
    ...(by === 'week' ? [] : [[`${name}Before`, rateIn(before, rate)]]),
  ]);
  return { ...now, ...Object.fromEntries(pairs) };
}
