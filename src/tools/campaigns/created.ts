import { z } from 'zod';
import type { ToolAnswer, ToolContext } from '../define.ts';
import { readBackCampaign } from './read-status.ts';

/** What a new campaign answers, its exclusions as they read back. */
export const createdOutput = z.looseObject({
  campaignId: z.number().nullable(),
  name: z.string().nullish(),
  status: z.string(),
  linkedInUserListId: z.number().nullish(),
  campaignAccountIds: z.array(z.number()).nullish(),
  excludeInOtherCampaigns: z.boolean().nullish(),
  excludeHasOtherAccConversations: z.boolean().nullish(),
  excludeContactedFromSenderInOtherCampaign: z.boolean().nullish(),
  excludeListId: z.number().nullish(),
  note: z.string().optional(),
});

/** Reads a campaign that was just created, since HeyReach answers only its id. */
export async function createdAnswer(campaignId: number | null | undefined, context: ToolContext): Promise<ToolAnswer> {
  if (campaignId == null) {
    const note = 'HeyReach created the campaign and did not say its id; find it by name with list_campaigns.';
    return { data: { campaignId: null, status: 'unknown', note } };
  }
  const found = await readBackCampaign(campaignId, context);
  if (found === undefined) {
    return { data: { campaignId, status: 'unknown', note: 'Created, but it could not be read back.' } };
  }
  return {
    data: {
      campaignId,
      name: found.name,
      status: found.status ?? 'unknown',
      linkedInUserListId: found.linkedInUserListId,
      campaignAccountIds: found.campaignAccountIds,
      excludeInOtherCampaigns: found.excludeInOtherCampaigns,
      excludeHasOtherAccConversations: found.excludeHasOtherAccConversations,
      excludeContactedFromSenderInOtherCampaign: found.excludeContactedFromSenderInOtherCampaign,
      excludeListId: found.excludeListId,
    },
  };
}
