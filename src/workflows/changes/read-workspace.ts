import { readAllPages } from '../../lib/read-pages.ts';
import { readScopeCampaigns } from '../find-leads/read-stage.ts';
import type { KnownCampaign } from '../find-leads/stages.ts';
import { addCounts, type Counts, countsOf } from '../performance/counts.ts';
import { senderStateOf } from '../senders/sender-state.ts';
import { readSenders, senderName } from '../senders/workspace-senders.ts';
import { type MissingPart, missing } from '../shared/incomplete.ts';
import { addDays, dayOf, toRange } from '../shared/periods.ts';
import { settle } from '../shared/settle.ts';
import type { ReadContext } from '../shared/work-time.ts';

const MAX_LIST_PAGES = 100;
/** Statistics this many days back show which finished campaigns can still get an acceptance. */
export const STATISTICS_DAYS = 30;

/** What a workspace has now, besides people. A part is undefined where it was not read. */
export interface Workspace {
  campaigns: KnownCampaign[] | undefined;
  lists: { id: number; name: string; size: number }[] | undefined;
  senders: { id: number; name: string; state: string }[] | undefined;
  incomplete: MissingPart[];
}

/** Reads campaigns, lists and senders side by side. */
export async function readWorkspace({ context, time }: ReadContext): Promise<Workspace> {
  const { client } = context;
  const everything = { campaignIds: [], statuses: undefined };
  const [campaigns, lists, senders] = await Promise.all([
    settle(readScopeCampaigns(everything, { context, time })),
    settle(readAllPages((page) => client.lists.getAll(page, time.call), { maxPages: MAX_LIST_PAGES })),
    settle(readSenders([], client, time.call)),
  ]);
  return {
    campaigns: campaigns.ok && campaigns.value.incomplete.length === 0 ? campaigns.value.campaigns : undefined,
    // Lists that were not read would look as if they were gone.
    lists:
      lists.ok && lists.value.isAll
        ? lists.value.rows.flatMap(({ id, name, totalItemsCount }) =>
            id == null || totalItemsCount == null ? [] : [{ id, name: name ?? '', size: totalItemsCount }],
          )
        : undefined,
    senders:
      senders.ok && senders.value.incomplete.length === 0
        ? senders.value.all.map((sender) => ({
            id: sender.id,
            name: senderName(sender),
            state: senderStateOf(sender).state,
          }))
        : undefined,
    incomplete: [
      ...(campaigns.ok ? campaigns.value.incomplete : [missing('campaigns', campaigns.error, time)]),
      ...(lists.ok ? cutIf(!lists.value.isAll, 'lists') : [missing('lists', lists.error, time)]),
      ...(senders.ok ? senders.value.incomplete : [missing('senders', senders.error, time)]),
    ],
  };
}

function cutIf(isCut: boolean, part: string): MissingPart[] {
  return isCut ? [{ part, reason: 'HeyReach returned only a part of them' }] : [];
}

/** The counts of each campaign by UTC day. */
export type DailyCounts = Map<number, Map<string, Counts>>;

/**
 * Reads the statistics of all campaigns, in one request.
 * @param newest the time of the newest known event. The clock of HeyReach can be ahead of this one.
 */
export async function readDailyCounts(
  firstDay: string,
  newest: number,
  { context, time }: ReadContext,
): Promise<{ counts: DailyCounts | undefined; incomplete: MissingPart[] }> {
  const last = addDays(dayOf(Math.max(Date.now(), newest)), 1);
  const oldest = addDays(dayOf(Date.now()), -STATISTICS_DAYS);
  const days = { first: firstDay < oldest ? firstDay : oldest, last };
  const request = { accountIds: [], campaignIds: [], ...toRange(days) };
  const read = await settle(context.client.stats.getByCampaign(request, time.call));
  if (!read.ok) return { counts: undefined, incomplete: [missing('statistics', read.error, time)] };
  const { byDayStats } = read.value;
  if (byDayStats == null) {
    return { counts: undefined, incomplete: [{ part: 'statistics', reason: 'HeyReach returned none' }] };
  }
  const counts: DailyCounts = new Map();
  for (const [day, rows] of Object.entries(byDayStats)) {
    for (const row of rows) {
      const ofCampaign = counts.get(row.campaignId ?? 0) ?? new Map<string, Counts>();
      counts.set(row.campaignId ?? 0, ofCampaign);
      ofCampaign.set(day.slice(0, 10), countsOf(row));
    }
  }
  return { counts, incomplete: [] };
}

/** The sum of a campaign, or of all campaigns, from a day on. */
export function countsFrom(firstDay: string, counts: DailyCounts, campaignId?: number): Counts {
  const chosen =
    campaignId === undefined ? [...counts.values()] : [counts.get(campaignId) ?? new Map<string, Counts>()];
  return addCounts(chosen.flatMap((byDay) => [...byDay].flatMap(([day, ofDay]) => (day >= firstDay ? [ofDay] : []))));
}
