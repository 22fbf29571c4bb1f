import { flag, id } from '../fields.ts';

/** Whom a campaign leaves out, as parameters. */
export const exclusionFields = {
  excludeContactedFromOtherCampaigns: flag('Leave out people contacted by other campaigns').optional(),
  excludeHasOtherAccConversations: flag('Leave out people other senders talk with').optional(),
  excludeContactedFromSenderInOtherCampaign: flag('Leave out people this sender contacted elsewhere').optional(),
};

export const excludeListField = id('Leave out the people of this list').optional();
