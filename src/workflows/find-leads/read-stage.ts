import type { CampaignStatus } from '../../client/operations/campaigns.ts';
import { readAllPages } from '../../lib/read-pages.ts';
import { PAGE_ROWS } from '../people-index/plan.ts';
import { type RowsRead, readPagedRows } from '../people-index/read-paged-rows.ts';
import { gapOf } from '../people-index/source.ts';
import { compareIds } from '../shared/filter-ids.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import { settle } from '../shared/settle.ts';
import { sideBySide } from '../shared/side-by-side.ts';
import { throttleProgress } from '../shared/throttled-progress.ts';
import type { ReadContext } from '../shared/work-time.ts';
import { type KnownCampaign, leadAt, type Stage, type StageLead } from './stages.ts';

/** Of 100 campaigns each. */
const MAX_CAMPAIGN_PAGES = 100;
/** Campaigns that are read side by side, and pages of each. */
const MAX_CAMPAIGNS = 8;
const MAX_PAGES = 4;
/** Earlier than any failure. */
const EARLIEST = '2015-01-01T00:00:00Z';

export interface StageScope {
  stage: Stage;
  campaignIds: readonly number[];
  /** All statuses where it is undefined. */
  statuses: readonly CampaignStatus[] | undefined;
  linkedInAccountIds: readonly number[];
}

/** The leads at a stage, and how many were read to find them. */
export interface StageRead {
  leads: StageLead[];
  campaigns: KnownCampaign[];
  scanned: number;
  incomplete: MissingPart[];
}

/** Reads the campaigns of a search. @throws HeyReachError where they cannot be read. */
export async function readScopeCampaigns(
  { campaignIds, statuses }: Pick<StageScope, 'campaignIds' | 'statuses'>,
  { context: { client }, time }: ReadContext,
): Promise<{ campaigns: KnownCampaign[]; incomplete: MissingPart[] }> {
  const filter = campaignIds.length > 0 || statuses === undefined ? {} : { statuses: [...statuses] };
  const { rows, isAll } = await readAllPages((page) => client.campaigns.getAll({ ...filter, ...page }, time.call), {
    maxPages: MAX_CAMPAIGN_PAGES,
  });
  const known = rows.flatMap((campaign) => (campaign.id == null ? [] : [{ ...campaign, id: campaign.id }]));
  const unlisted = compareIds('campaignIds', campaignIds, { rows, isAll });
  if (unlisted.none !== undefined) throw unlisted.none;
  return {
    campaigns: known.filter(
      ({ id, status }) =>
        (campaignIds.length === 0 || campaignIds.includes(id)) &&
        (statuses === undefined || statuses.some((allowed) => allowed === status)),
    ),
    incomplete: [
      ...unlisted.incomplete,
      ...(isAll ? [] : [{ part: 'campaigns', reason: `HeyReach returned only ${rows.length} of them` }]),
    ],
  };
}

/** Reads the leads of campaigns, and keeps those at the stage. A campaign whose counts show that it has none is not read. */
export async function readStage(
  campaigns: readonly KnownCampaign[],
  { stage, linkedInAccountIds }: Pick<StageScope, 'stage' | 'linkedInAccountIds'>,
  { context, time }: ReadContext,
): Promise<Omit<StageRead, 'campaigns'>> {
  const progress = throttleProgress(context, 'leads read');
  const chosen = campaigns.filter((campaign) => mayHave(stage, campaign));
  progress.expect(chosen.reduce((sum, { progressStats }) => sum + (progressStats?.totalUsers ?? 0), 0));
  const readLeads = (campaign: KnownCampaign, filter: TimeFilter) =>
    readPagedRows(
      async (page) => {
        const { items, totalCount } = await context.client.campaigns.getLeads(
          { campaignId: campaign.id, ...filter, ...page },
          time.call,
        );
        await progress.add((items ?? []).length);
        // What is not at the stage is dropped at once: a lead has 2 kB.
        return { totalCount, items: items?.map((lead) => leadAt(stage, lead, campaign) ?? null) };
      },
      { limit: PAGE_ROWS, most: MAX_PAGES },
    );
  const reads = await sideBySide(chosen, MAX_CAMPAIGNS, async (campaign) => ({
    campaign,
    read: await settle(
      stage === 'failed' ? readFailed(campaign, (filter) => readLeads(campaign, filter)) : readLeads(campaign, {}),
    ),
  }));
  const leads = reads.flatMap(({ read }) => (read.ok ? read.value.rows.filter((lead) => lead !== null) : []));
  return {
    leads: leads.filter(
      ({ sender }) => linkedInAccountIds.length === 0 || linkedInAccountIds.some((id) => id === sender),
    ),
    scanned: reads.reduce((sum, { read }) => sum + (read.ok ? read.value.rows.length : 0), 0),
    incomplete: reads.flatMap(({ campaign, read }) =>
      gapOf(`leads of campaign ${campaign.id}`, read.ok ? read.value.gap : read.error, time),
    ),
  };
}

type TimeFilter = { timeFilter?: 'FailedTime'; timeFrom?: string };
type LeadsRead = RowsRead<StageLead | null>;

/**
 * Failed leads have a time of failure, by which HeyReach can select them. Where it returns fewer than it counts, all leads of
 * the campaign are read.
 */
async function readFailed(
  { progressStats }: KnownCampaign,
  read: (filter: TimeFilter) => Promise<LeadsRead>,
): Promise<LeadsRead> {
  const selected = await settle(read({ timeFilter: 'FailedTime', timeFrom: EARLIEST }));
  const expected = progressStats?.totalUsersFailed ?? 1;
  const isWhole = selected.ok && selected.value.rows.filter((lead) => lead !== null).length >= expected;
  return isWhole ? selected.value : read({});
}

function mayHave(stage: Stage, { progressStats }: KnownCampaign): boolean {
  if (progressStats?.totalUsers === 0) return false;
  return stage !== 'failed' || progressStats?.totalUsersFailed !== 0;
}
