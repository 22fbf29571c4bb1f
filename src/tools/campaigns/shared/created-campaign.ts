import * as z from 'zod';
import { lazy } from '../../../lib/lazy.ts';
import type { ToolContext, ToolOutput } from '../../../mcp/tool.ts';
import { readBackCampaign } from './campaign-status.ts';

/** The output of tools that create a campaign, with its exclusions as read back. */
export const createdOutput = lazy(() =>
  z.looseObject({
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
  }),
);

/** Reads a new campaign back, because HeyReach returns only its id. */
export async function createdResult(campaignId: number | null | undefined, context: ToolContext): Promise<ToolOutput> {
  if (campaignId == null) {
    const note = 'HeyReach created the campaign but did not return its id. Find it by name with list_campaigns.';
    return { data: { campaignId: null, status: 'unknown', note } };
  }
  const campaign = await readBackCampaign(campaignId, context);
  if (campaign === undefined) {
    const note = 'The campaign was created, but could not be read back.';
    return { data: { campaignId, status: 'unknown', note } };
  }
  return {
    data: {
      campaignId,
      name: campaign.name,
      status: campaign.status ?? 'unknown',
      linkedInUserListId: campaign.linkedInUserListId,
      campaignAccountIds: campaign.campaignAccountIds,
      excludeInOtherCampaigns: campaign.excludeInOtherCampaigns,
      excludeHasOtherAccConversations: campaign.excludeHasOtherAccConversations,
      excludeContactedFromSenderInOtherCampaign: campaign.excludeContactedFromSenderInOtherCampaign,
      excludeListId: campaign.excludeListId,
    },
  };
}

/** Adds warnings about the arguments to the result of a change that was made. */
export function withWarnings(output: ToolOutput, warnings: readonly string[]): ToolOutput {
  return warnings.length === 0 ? output : { ...output, data: { ...output.data, warnings } };
}
