import type { Campaign, CampaignLead } from '../client/operations/campaigns.ts';
import { quoteName, showConstant } from '../lib/outside-text.ts';
import { countNoun, inline } from '../lib/text-format.ts';
import { personRow } from './people.ts';

/** How previews name a campaign. */
export function showCampaign(campaign: Campaign, campaignId = campaign.id ?? 0) {
  const name = quoteName(campaign.name);
  const title = name === '' ? `campaign ${campaignId}` : name;
  const status = showConstant(campaign.status) || 'of unknown status';
  return {
    title,
    status,
    /** `"Founders" (campaign 1), IN_PROGRESS`. */
    line: `${name === '' ? title : `${title} (campaign ${campaignId})`}, ${status}`,
    facts: { campaignId, name: inline(campaign.name), status: campaign.status ?? null },
  };
}

/** The progress of a campaign's leads. HeyReach's counts can be wrong, even negative. */
export function progressLine({ progressStats: stats }: Campaign): string {
  if (stats?.totalUsers == null) return 'Leads in it: unknown';
  const part = (count: number | null | undefined, state: string) => `${Math.max(0, count ?? 0)} ${state}`;
  const states = [part(stats.totalUsersInProgress, 'in progress'), part(stats.totalUsersPending, 'yet to begin')];
  return `Leads in it: ${countNoun(Math.max(0, stats.totalUsers), 'lead')}, ${states.join(', ')}`;
}

/** The compact form of a campaign in a listing. */
export function campaignRow(campaign: Campaign) {
  const { id, name, status, creationTime, startedAt, linkedInUserListId, campaignAccountIds, progressStats } = campaign;
  return { id, name, status, creationTime, startedAt, linkedInUserListId, campaignAccountIds, progressStats };
}

/** The compact form of a lead in a campaign: progress and person. */
export function campaignLeadRow(lead: CampaignLead) {
  const { linkedInUserProfile, linkedInUserProfileId: _, ...enrolment } = lead;
  return { ...enrolment, ...personRow(linkedInUserProfile), id: lead.id };
}
