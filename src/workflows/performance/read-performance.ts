import { HeyReachError } from '../../client/index.ts';
import type { StatsRequest } from '../../client/operations/stats.ts';
import { readAllPages } from '../../lib/read-pages.ts';
import { countNoun } from '../../lib/text-format.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { showSender } from '../../views/people.ts';
import { readSenders, type Sender, senderName } from '../senders/workspace-senders.ts';
import { compareIds } from '../shared/filter-ids.ts';
import { type MissingPart, missing } from '../shared/incomplete.ts';
import { addDays, countDays, type Days, dayOf, periodBefore, toRange, weeksOf } from '../shared/periods.ts';
import { type Settled, settle } from '../shared/settle.ts';
import { sideBySide } from '../shared/side-by-side.ts';
import { throttleProgress } from '../shared/throttled-progress.ts';
import type { ReadContext, WorkTime } from '../shared/work-time.ts';
import { addCounts, type Counts, countsOf, NO_COUNTS } from './counts.ts';
import type { PerformanceRow } from './rows.ts';

const MAX_CAMPAIGN_PAGES = 30;
const WEEK_DAYS = 7;
/** Senders that are read at the same time, with two requests each. */
const MAX_SENDERS = 10;

/** What a report covers. */
export interface PerformanceScope {
  days: Days;
  campaignIds: number[];
  linkedInAccountIds: number[];
}

/** The rows of a report, and what they are compared with. */
export interface PerformanceRead {
  rows: PerformanceRow[];
  /** All of the period before, also of campaigns that have no row now. Null where a part of it was not read, and by week. */
  before: Counts | null;
  incomplete: MissingPart[];
  /** The error of a report whose filter names only ids that the workspace does not have. */
  none?: HeyReachError | undefined;
}

/** What one read of statistics needs. */
interface PerformanceContext extends ReadContext {
  scope: PerformanceScope;
}

export type Grouping = 'campaign' | 'sender' | 'campaign_and_sender' | 'week';

/** Reads the rows of a report: the counts of the period and of the period before. */
export function readPerformance(by: Grouping, source: PerformanceContext): Promise<PerformanceRead> {
  switch (by) {
    case 'campaign':
      return readByCampaign(source);
    case 'sender':
      return readBySender(source, bySender);
    case 'campaign_and_sender':
      return readBySender(source, byCampaignOfSender);
    case 'week':
      return readByWeek(source);
  }
}

async function readByCampaign(source: PerformanceContext): Promise<PerformanceRead> {
  const { client } = source.context;
  const { call } = source.time;
  const [{ now, before }, listed] = await Promise.all([
    campaignStatistics(source, source.scope.linkedInAccountIds),
    settle(readAllPages((page) => client.campaigns.getAll(page, call), { maxPages: MAX_CAMPAIGN_PAGES })),
  ]);
  if (!now.ok) throw now.error;
  const campaigns = new Map(listed.ok ? listed.value.rows.map((campaign) => [campaign.id, campaign]) : []);
  const rows = campaignRows(now.value, before);
  const unknown = listed.ok ? compareIds('campaignIds', source.scope.campaignIds, listed.value) : undefined;
  const unlisted = rows.filter(({ campaignId }) => !campaigns.has(campaignId)).length;
  return {
    rows: rows.map((row) => {
      const campaign = campaigns.get(row.campaignId);
      return { ...row, status: campaign?.status, failed: campaign?.progressStats?.totalUsersFailed };
    }),
    before: sumOf(before),
    none: unknown?.none,
    incomplete: [
      ...(unknown?.incomplete ?? []),
      ...missingBefore('period before', before, source.time),
      ...(listed.ok ? [] : [missing('status and failed leads of campaigns', listed.error, source.time)]),
      ...(listed.ok && !listed.value.isAll && unlisted > 0
        ? [
            {
              part: `status and failed leads of ${countNoun(unlisted, 'campaign')}`,
              reason: 'HeyReach did not list all campaigns',
            },
          ]
        : []),
    ],
  };
}

type OfSender = (sender: Sender, source: PerformanceContext) => Promise<PerformanceRead>;

/** Two requests a sender, because HeyReach's statistics name no sender. */
async function readBySender(source: PerformanceContext, read: OfSender): Promise<PerformanceRead> {
  const { client } = source.context;
  const senders = await readSenders(source.scope.linkedInAccountIds, client, source.time.call);
  const progress = throttleProgress(source.context, 'senders read');
  progress.expect(senders.chosen.length);
  const reads = await sideBySide(senders.chosen, MAX_SENDERS, async (sender) => {
    const settled = await settle(read(sender, source));
    await progress.add(1);
    return { sender, read: settled };
  });
  const first = reads[0]?.read;
  if (first?.ok === false && reads.every(({ read: outcome }) => !outcome.ok)) throw first.error;
  // A sender without numbers now is in no sum, so that the sums of both periods cover the same senders.
  const befores = reads.flatMap(({ read: outcome }) => (outcome.ok ? [outcome.value.before] : []));
  return {
    rows: reads.flatMap(({ read: outcome }) => (outcome.ok ? outcome.value.rows : [])),
    before: befores.includes(null) ? null : addCounts(befores as Counts[]),
    none: senders.none,
    incomplete: [
      ...senders.incomplete,
      ...reads.flatMap(({ sender, read: outcome }) =>
        outcome.ok ? outcome.value.incomplete : [missing(showSender(sender, sender.id), outcome.error, source.time)],
      ),
    ],
  };
}

const bySender: OfSender = async (sender, source) => {
  const [now, before] = await Promise.all([
    overallStatistics(source, 'overallStats', source.scope.days, [sender.id]),
    settle(overallStatistics(source, 'overallStats', periodBefore(source.scope.days), [sender.id])),
  ]);
  const row: PerformanceRow = {
    linkedInAccountId: sender.id,
    name: senderName(sender),
    now: countsOf(now.overallStats),
    before: before.ok ? countsOf(before.value.overallStats) : null,
    recent: sumDays(now.byDayStats, recentDays()).sent,
  };
  return {
    rows: [row],
    before: row.before,
    incomplete: missingBefore(periodBeforeOf(sender), before, source.time),
  };
};

const byCampaignOfSender: OfSender = async (sender, source) => {
  const { now, before } = await campaignStatistics(source, [sender.id]);
  if (!now.ok) throw now.error;
  return {
    rows: campaignRows(now.value, before).map((row) => ({ ...row, linkedInAccountId: sender.id })),
    before: sumOf(before),
    incomplete: missingBefore(periodBeforeOf(sender), before, source.time),
  };
};

/** One request: the days of a period make its weeks. The period before a week is the week before. */
async function readByWeek(source: PerformanceContext): Promise<PerformanceRead> {
  const { days: all, linkedInAccountIds } = source.scope;
  const { byDayStats } = await overallStatistics(source, 'byDayStats', all, linkedInAccountIds);
  const weeks = weeksOf(source.scope.days);
  const counts = weeks.map((week) => sumDays(byDayStats, week));
  const rows = weeks.map((week, index): PerformanceRow => {
    const length = countDays(week);
    const isWhole = (at: number) => weeks[at] !== undefined && countDays(weeks[at]) === WEEK_DAYS;
    return {
      week: week.first,
      now: counts[index]!,
      before: isWhole(index) && isWhole(index - 1) ? counts[index - 1]! : null,
      recent: sumDays(byDayStats, { first: later(week.first, recentDays().first), last: week.last }).sent,
      cut: length === WEEK_DAYS ? undefined : `${length} of 7 days`,
    };
  });
  return { rows, before: null, incomplete: [] };
}

type CampaignStatistics = Awaited<ReturnType<ToolContext['client']['stats']['getByCampaign']>>;

async function campaignStatistics(source: PerformanceContext, accountIds: number[]) {
  const { client } = source.context;
  const read = (days: Days) =>
    settle(
      withField(
        'overallStats',
        client.stats.getByCampaign(requestFor(source.scope, days, accountIds), source.time.call),
      ),
    );
  const [now, before] = await Promise.all([read(source.scope.days), read(periodBefore(source.scope.days))]);
  return { now, before };
}

/** @param field the part that the caller needs. */
function overallStatistics(
  { scope, context, time }: PerformanceContext,
  field: 'overallStats' | 'byDayStats',
  days: Days,
  accountIds: number[],
) {
  return withField(field, context.client.stats.getOverall(requestFor(scope, days, accountIds), time.call));
}

/** A response without its numbers does not mean that all of them are 0. @throws HeyReachError for such a response. */
async function withField<Answer extends object>(field: keyof Answer & string, read: Promise<Answer>): Promise<Answer> {
  const answer = await read;
  const value = answer[field];
  // HeyReach returns a number for each day of the period, also for days without activity.
  const isThere = value != null && (field !== 'byDayStats' || Object.keys(value).length > 0);
  if (isThere) return answer;
  throw new HeyReachError({
    kind: 'unreadable_answer',
    status: 200,
    outcome: 'unknown',
    message: `HTTP 200, but the response could not be read: it has no ${field}`,
    meaning: 'HeyReach returned no statistics, so the numbers are unknown.',
    nextStep: 'Call again in a moment.',
  });
}

function requestFor({ campaignIds }: PerformanceScope, days: Days, accountIds: number[]): StatsRequest {
  return { accountIds, campaignIds, ...toRange(days) };
}

/** A row for each campaign with activity in the period. */
function campaignRows(now: CampaignStatistics, before: Settled<CampaignStatistics>): PerformanceRow[] {
  const earlier = new Map(before.ok ? (before.value.overallStats ?? []).map((row) => [row.campaignId, row]) : []);
  const recent = new Map<number | null | undefined, number>();
  for (const [day, rows] of Object.entries(now.byDayStats ?? {})) {
    if (!isWithin(day, recentDays())) continue;
    for (const row of rows) recent.set(row.campaignId, (recent.get(row.campaignId) ?? 0) + countsOf(row).sent);
  }
  return (now.overallStats ?? []).map((row) => ({
    campaignId: row.campaignId ?? 0,
    name: row.campaignName,
    now: countsOf(row),
    before: before.ok ? countsOf(earlier.get(row.campaignId)) : null,
    recent: recent.get(row.campaignId) ?? 0,
  }));
}

/** The sum of all campaigns. */
function sumOf(statistics: Settled<CampaignStatistics>): Counts | null {
  return statistics.ok ? addCounts((statistics.value.overallStats ?? []).map(countsOf)) : null;
}

type OverallStatistics = Awaited<ReturnType<typeof overallStatistics>>;

function sumDays(byDay: OverallStatistics['byDayStats'], days: Days) {
  const inside = Object.entries(byDay ?? {}).filter(([day]) => isWithin(day, days));
  return inside.length === 0 ? NO_COUNTS : addCounts(inside.map(([, counts]) => countsOf(counts)));
}

function isWithin(key: string, { first, last }: Days): boolean {
  const day = key.slice(0, 10);
  return day >= first && day <= last;
}

/** The last seven days, in which an invitation is rarely accepted yet. */
function recentDays(): Days {
  const today = dayOf(Date.now());
  return { first: addDays(today, 1 - WEEK_DAYS), last: today };
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function periodBeforeOf(sender: Sender): string {
  return `period before of ${showSender(sender, sender.id)}`;
}

function missingBefore(part: string, before: Settled<unknown>, time: WorkTime): MissingPart[] {
  return before.ok ? [] : [missing(part, before.error, time)];
}
