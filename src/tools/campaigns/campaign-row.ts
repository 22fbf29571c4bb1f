import type { Campaign } from '../../client/operations/campaigns.ts';

/** The compact form of a campaign in a listing. */
export function campaignRow(campaign: Campaign) {
  const { id, name, status, creationTime, startedAt, linkedInUserListId, campaignAccountIds, progressStats } = campaign;
  return { id, name, status, creationTime, startedAt, linkedInUserListId, campaignAccountIds, progressStats };
}
