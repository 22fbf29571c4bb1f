import type * as z from 'zod';
import type { campaignOfLead } from '../../client/operations/campaigns.ts';

export type CampaignOfLead = z.infer<ReturnType<typeof campaignOfLead>>;

/** States after which a campaign has no step left for the lead. Any other, also an unknown one, may contact the person. */
const OVER = new Set(['Finished', 'Failed', 'Excluded']);

/**
 * Whether a campaign can still contact the lead. A paused, finished or failed campaign counts, because it can be resumed. In a
 * canceled campaign leads keep their state, but nothing runs any more.
 */
export function canStillReach({ leadStatus, campaignStatus }: CampaignOfLead): boolean {
  return !OVER.has(leadStatus ?? '') && campaignStatus !== 'CANCELED';
}

const RUNNING_STATUSES = new Set(['STARTING', 'IN_PROGRESS', 'SCHEDULED']);

/** Whether a campaign contacts people now or will do so on its start date. */
export function isRunning(campaign: { status?: string | null | undefined } | undefined): boolean {
  return RUNNING_STATUSES.has(campaign?.status ?? '');
}

/** Why no campaign, list or entry for a Sales Navigator or member-id URL shows nothing. */
export const UNKNOWN_URL = 'HeyReach does not know this URL; it may know the person by their /in/ URL';
