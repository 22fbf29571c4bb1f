import type { KnownCampaign } from '../find-leads/stages.ts';
import { addDays, dayOf } from '../shared/periods.ts';
import type { Baseline } from './find-baseline.ts';
import type { LeadRead } from './lead-changes.ts';
import { countsFrom, type DailyCounts, STATISTICS_DAYS } from './read-workspace.ts';

const RUNS: ReadonlySet<string> = new Set(['IN_PROGRESS', 'PAUSED']);
/** In these a campaign has no lead that was contacted. */
const NOT_BEGUN: ReadonlySet<string> = new Set(['DRAFT', 'SCHEDULED', 'STARTING']);

/** The leads that a call reads, and the campaigns whose acceptances it can only count. */
export interface LeadPlan {
  reads: LeadRead[];
  countsOnly: KnownCampaign[];
}

/**
 * Which leads have to be read. A lead has no time of its acceptance, so all leads of a campaign are read to compare them. A
 * campaign without an acceptance and without a reply in the statistics is not read again.
 */
export function planLeads(
  campaigns: readonly KnownCampaign[],
  baseline: Baseline,
  daily: DailyCounts | undefined,
): LeadPlan {
  const { position } = baseline;
  const plan: LeadPlan = { reads: [], countsOnly: [] };
  const firstDay = dayOf(baseline.readAfter);
  for (const campaign of campaigns) {
    const known = position?.campaigns[campaign.id];
    const before = leadsBefore(baseline, campaign);
    const now = daily && countsFrom(firstDay, daily, campaign.id);
    const hasNews = now === undefined || now.accepted + now.replied + now.inmailReplies > 0;
    const isTracked = known?.leads !== undefined || isOpen(campaign, daily);
    const isEmpty = campaign.progressStats?.totalUsers === 0;
    const compares = baseline.moves || position !== undefined;
    if (compares && isTracked && !isEmpty && (hasNews || known?.leads === undefined)) {
      plan.reads.push({ campaign, what: 'all', before });
    } else if ((campaign.progressStats?.totalUsersFailed ?? 0) > (known?.failed ?? 0)) {
      plan.reads.push({ campaign, what: 'failed', before: undefined });
    }
    if (before === undefined && hasNews && !isEmpty) plan.countsOnly.push(campaign);
  }
  return plan;
}

/** The leads that a bookmark knows of a campaign. None for a campaign that had not begun. */
function leadsBefore({ position }: Baseline, { id }: KnownCampaign): LeadRead['before'] {
  if (position === undefined) return undefined;
  const known = position.campaigns[id];
  return known === undefined || NOT_BEGUN.has(known.status) ? (known?.leads ?? {}) : known.leads;
}

/** Whether an invitation of a campaign can still be accepted: it runs, or it ended a short time ago. */
function isOpen({ id, status }: KnownCampaign, daily: DailyCounts | undefined): boolean {
  if (RUNS.has(status ?? '')) return true;
  if (status !== 'FINISHED') return false;
  if (daily === undefined) return true;
  return countsFrom(addDays(dayOf(Date.now()), -STATISTICS_DAYS), daily, id).sent > 0;
}
