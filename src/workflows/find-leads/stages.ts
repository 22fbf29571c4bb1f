import type { Campaign, CampaignLead } from '../../client/operations/campaigns.ts';
import { inline } from '../../lib/text-format.ts';

/** Where leads of a campaign can be. */
export const STAGES = [
  'accepted_not_messaged',
  'accepted',
  'invite_pending',
  'failed',
  'replied',
  'no_reply',
  'stalled',
] as const;
export type Stage = (typeof STAGES)[number];

/** A campaign with its id. */
export type KnownCampaign = Campaign & { id: number };

/** A lead at the stage that is asked for, without the fields that no result shows. */
export interface StageLead {
  campaign: KnownCampaign;
  profileUrl: string | undefined;
  memberId: string | undefined;
  firstName: string;
  lastName: string;
  company: string;
  position: string;
  email: string;
  sender: number | undefined;
  senderName: string;
  status: string;
  errorCode: string | undefined;
  errorText: string;
  /** Of the failure for a failed lead, else of the last action. HeyReach keeps no time of an acceptance. */
  since: string | undefined;
  /** The same in ms since the epoch. 0 where it is unknown. */
  at: number;
}

const IS_AT: Record<Stage, (lead: CampaignLead) => boolean> = {
  accepted_not_messaged: ({ leadConnectionStatus, leadMessageStatus }) =>
    leadConnectionStatus === 'ConnectionAccepted' && leadMessageStatus === 'None',
  accepted: ({ leadConnectionStatus }) => leadConnectionStatus === 'ConnectionAccepted',
  invite_pending: ({ leadConnectionStatus }) => leadConnectionStatus === 'ConnectionSent',
  failed: ({ leadCampaignStatus }) => leadCampaignStatus === 'Failed',
  replied: ({ leadMessageStatus }) => leadMessageStatus === 'MessageReply',
  no_reply: ({ leadCampaignStatus, leadMessageStatus }) =>
    leadCampaignStatus === 'Finished' && leadMessageStatus === 'MessageSent',
  stalled: ({ leadCampaignStatus }) => leadCampaignStatus === 'InSequence',
};

/** The lead, if it is at a stage. For `stalled` any lead in a sequence: how long it waits decides later. */
export function leadAt(stage: Stage, lead: CampaignLead, campaign: KnownCampaign): StageLead | undefined {
  if (!IS_AT[stage](lead)) return undefined;
  const profile = lead.linkedInUserProfile ?? {};
  const since = (stage === 'failed' ? lead.failedTime : null) ?? lead.lastActionTime ?? lead.creationTime ?? undefined;
  const at = Date.parse(since ?? '');
  return {
    campaign,
    profileUrl: profile.profileUrl ?? undefined,
    memberId: profile.linkedin_id ?? undefined,
    firstName: inline(profile.firstName),
    lastName: inline(profile.lastName),
    company: inline(profile.companyName),
    position: inline(profile.position),
    email: inline(profile.emailAddress ?? profile.customEmailAddress ?? profile.enrichedEmailAddress),
    sender: lead.linkedInSenderId ?? undefined,
    senderName: inline(lead.linkedInSenderFullName),
    status: lead.leadCampaignStatus ?? '',
    errorCode: lead.errorCode ?? undefined,
    errorText: inline(lead.leadCampaignStatusMessage),
    since,
    at: Number.isNaN(at) ? 0 : at,
  };
}

/** Stages of which the newest lead matters most. Of the others the lead that waits longest comes first. */
const NEWEST_FIRST: ReadonlySet<Stage> = new Set(['failed', 'replied']);

/** The order of leads at a stage: the newest first where they failed or replied, else the oldest. */
export function byTime(stage: Stage): (a: StageLead, b: StageLead) => number {
  return NEWEST_FIRST.has(stage) ? (a, b) => b.at - a.at : (a, b) => a.at - b.at;
}
