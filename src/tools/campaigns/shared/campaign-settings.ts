import { HeyReachError } from '../../../client/index.ts';
import type { Campaign } from '../../../client/operations/campaigns.ts';
import { lazy } from '../../../lib/lazy.ts';
import { flag, id } from '../../../mcp/arguments/fields.ts';

/** Parameters that exclude people from a campaign. */
export const exclusionFields = lazy(() => ({
  excludeContactedFromOtherCampaigns: flag('Exclude people contacted by other campaigns').optional(),
  excludeHasOtherAccConversations: flag('Exclude people other senders talk with').optional(),
  excludeContactedFromSenderInOtherCampaign: flag('Exclude people this sender contacted elsewhere').optional(),
}));
export type Exclusion = keyof ReturnType<typeof exclusionFields>;

export const excludeListField = lazy(() => id('Exclude the people of this list').optional());

/** A campaign's settings under the names that HeyReach writes. One of them reads back under another name. */
export function settingsOf(campaign: Campaign) {
  return {
    name: campaign.name,
    linkedInUserListId: campaign.linkedInUserListId,
    excludeContactedFromOtherCampaigns: campaign.excludeInOtherCampaigns,
    excludeHasOtherAccConversations: campaign.excludeHasOtherAccConversations,
    excludeContactedFromSenderInOtherCampaign: campaign.excludeContactedFromSenderInOtherCampaign,
    excludeListId: campaign.excludeListId,
  };
}

/** Requested settings. A null list id clears the list of excluded people. */
export interface SettingsChange extends Partial<Record<Exclusion, boolean | undefined>> {
  name?: string | undefined;
  linkedInUserListId?: number | undefined;
  excludeListId?: number | null | undefined;
}

/**
 * Adds the present value of every setting that the change omits. HeyReach resets omitted settings, which would allow contact
 * with excluded people.
 * @throws HeyReachError `not_sent` if HeyReach did not return a present value.
 */
export function mergeSettings(present: ReturnType<typeof settingsOf>, change: SettingsChange) {
  const exclusion = (name: Exclusion): boolean => {
    const value = change[name] ?? present[name];
    if (typeof value === 'boolean') return value;
    throw new HeyReachError({
      kind: 'unreadable_answer',
      outcome: 'not_sent',
      message: `HeyReach did not return the present value of ${name}`,
      meaning: 'Omitting it would reset it, so nothing was changed.',
      nextStep: `Set ${name} to true or false and call again.`,
    });
  };
  return {
    name: change.name ?? present.name ?? undefined,
    linkedInUserListId: change.linkedInUserListId ?? present.linkedInUserListId ?? undefined,
    excludeContactedFromOtherCampaigns: exclusion('excludeContactedFromOtherCampaigns'),
    excludeHasOtherAccConversations: exclusion('excludeHasOtherAccConversations'),
    excludeContactedFromSenderInOtherCampaign: exclusion('excludeContactedFromSenderInOtherCampaign'),
    excludeListId: change.excludeListId === undefined ? (present.excludeListId ?? null) : change.excludeListId,
  };
}
