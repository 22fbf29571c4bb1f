import type { Campaign } from '../../client/operations/campaigns.ts';
import { counted, inline } from '../preview.ts';

/** A campaign as previews name it. */
export function showCampaign(campaign: Campaign, campaignId = campaign.id ?? 0) {
  const name = inline(campaign.name);
  const title = name === '' ? `campaign ${campaignId}` : `"${name}"`;
  const status = inline(campaign.status) || 'of unknown status';
  return {
    title,
    status,
    /** `"Founders" (campaign 1), IN_PROGRESS`. */
    line: `${name === '' ? title : `${title} (campaign ${campaignId})`}, ${status}`,
    facts: { campaignId, name, status: campaign.status ?? null },
  };
}

/** How far a campaign's leads are; HeyReach's counts can be off and even negative. */
export function progressLine({ progressStats: stats }: Campaign): string {
  if (stats?.totalUsers == null) return 'Leads in it: HeyReach does not say';
  const part = (count: number | null | undefined, state: string) => `${Math.max(0, count ?? 0)} ${state}`;
  const states = [part(stats.totalUsersInProgress, 'in progress'), part(stats.totalUsersPending, 'yet to begin')];
  return `Leads in it: ${counted(Math.max(0, stats.totalUsers), 'lead')}, ${states.join(', ')}`;
}
