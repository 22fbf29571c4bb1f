import { z } from 'zod';
import { operation } from '../operation.ts';
import {
  addedCounts,
  count,
  flag,
  id,
  ids,
  type LeadIdentity,
  type LeadInput,
  leadProfile,
  outsideText,
  type PageRequest,
  pageOf,
  text,
} from './fields.ts';
import { type SequenceNode, sequenceAnswer } from './sequence.ts';

export const CAMPAIGN_STATUSES = [
  'DRAFT',
  'SCHEDULED',
  'STARTING',
  'IN_PROGRESS',
  'PAUSED',
  'FINISHED',
  'FAILED',
  'CANCELED',
] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

export const LEAD_TIME_FILTERS = [
  'CreationTime',
  'LastActionTakenTime',
  'FailedTime',
  'LastActionTakenOrFailedTime',
  'Everywhere',
] as const;

/** A campaign; it carries neither its schedule nor its sequence. `totalUsersInProgress` can be negative. */
export const campaign = z.looseObject({
  id,
  name: text,
  status: text,
  creationTime: text,
  startedAt: text,
  linkedInUserListId: id,
  linkedInUserListName: text,
  campaignAccountIds: ids,
  progressStats: z
    .looseObject({
      totalUsers: count,
      totalUsersInProgress: count,
      totalUsersPending: count,
      totalUsersFinished: count,
      totalUsersFailed: count,
      totalUsersManuallyStopped: count,
      totalUsersExcluded: count,
    })
    .nullish(),
  excludeInOtherCampaigns: flag,
  excludeHasOtherAccConversations: flag,
  excludeContactedFromSenderInOtherCampaign: flag,
  excludeListId: id,
  organizationUnitId: id,
});
export type Campaign = z.infer<typeof campaign>;

/** A lead's enrolment in a campaign: `id` is the enrolment's, not the person's. */
export const campaignLead = z.looseObject({
  id,
  linkedInUserProfileId: text,
  linkedInUserProfile: leadProfile.nullish(),
  lastActionTime: text,
  failedTime: text,
  creationTime: text,
  leadCampaignStatus: text,
  leadConnectionStatus: text,
  leadMessageStatus: text,
  errorCode: text,
  leadCampaignStatusMessage: outsideText,
  linkedInSenderId: id,
  linkedInSenderFullName: text,
});
export type CampaignLead = z.infer<typeof campaignLead>;

/** A campaign that a person is in, and how far they are in it. */
export const campaignOfLead = z.looseObject({
  campaignId: id,
  campaignName: text,
  campaignStatus: text,
  leadStatus: text,
  creationTime: text,
});

/** When a campaign works. Times of day are `HH:MM:SS`, dates are days; HeyReach never reads it back. */
export interface CampaignSchedule {
  dailyStartTime: string;
  dailyEndTime: string;
  timeZoneId: string;
  enabledMonday?: boolean | undefined;
  enabledTuesday?: boolean | undefined;
  enabledWednesday?: boolean | undefined;
  enabledThursday?: boolean | undefined;
  enabledFriday?: boolean | undefined;
  enabledSaturday?: boolean | undefined;
  enabledSunday?: boolean | undefined;
  startDate?: string | null | undefined;
  endDate?: string | null | undefined;
}

/** Whom a campaign leaves out. On input `excludeContactedFromOtherCampaigns` is what reads back as `excludeInOtherCampaigns`. */
export interface CampaignExclusions {
  excludeContactedFromOtherCampaigns?: boolean | undefined;
  excludeHasOtherAccConversations?: boolean | undefined;
  excludeContactedFromSenderInOtherCampaign?: boolean | undefined;
  excludeListId?: number | null | undefined;
}

interface AccountsOfCampaign {
  campaignId: number;
  linkedInAccountIds: number[];
}

export interface AddLeadsToCampaignRequest {
  campaignId: number;
  /** 1 to 100; with an account id the lead is pinned to that sender, without one HeyReach distributes. */
  accountLeadPairs: { linkedInAccountId?: number | undefined; lead: LeadInput }[];
  resumeFinishedCampaign?: boolean | undefined;
  resumePausedCampaign?: boolean | undefined;
}

interface OneCampaign {
  campaignId: number;
}
const byQuery = { query: ['campaignId'], body: false } as const;

const createdCampaign = z.looseObject({ campaignId: id });
/** Per-account results whose exact shape nobody has published: read the campaign back instead. */
const accountResults = z.unknown();

export const campaigns = {
  getAll: operation<
    PageRequest & {
      keyword?: string | undefined;
      statuses?: CampaignStatus[] | undefined;
      accountIds?: number[] | undefined;
    }
  >().answering('POST /campaign/GetAll', pageOf(campaign), { repeat: 'safe' }),
  getById: operation<OneCampaign>().answering('GET /campaign/GetById', campaign, { repeat: 'safe', ...byQuery }),
  create: operation<
    CampaignExclusions & {
      name: string;
      linkedInUserListId?: number | undefined;
      linkedInAccountIds: number[];
      schedule?: CampaignSchedule | undefined;
      sequence?: SequenceNode | undefined;
    }
  >().answering('POST /campaign/Create', createdCampaign, { repeat: 'once' }),
  createFromTemplate: operation<
    CampaignExclusions & {
      campaignIdForTemplate: number;
      name: string;
      linkedInUserListId?: number | undefined;
      /** The vendor's spelling, three c's. */
      linkedInAcccountIdsForCampaign: number[];
    }
  >().answering('POST /campaign/CreateCampaignFromTemplate', createdCampaign, { repeat: 'once' }),
  start: operation<OneCampaign>().silent('POST /campaign/StartCampaign', { repeat: 'same', ...byQuery }),
  pause: operation<OneCampaign>().silent('POST /campaign/Pause', { repeat: 'same', ...byQuery }),
  resume: operation<OneCampaign>().silent('POST /campaign/Resume', { repeat: 'once', ...byQuery }),
  updateSettings: operation<
    CampaignExclusions & { campaignId: number; name?: string | undefined; linkedInUserListId?: number | undefined }
  >().silent('POST /campaign/UpdateSettings', { repeat: 'same' }),
  updateSequence: operation<{ campaignId: number; sequence: SequenceNode }>().silent('POST /campaign/UpdateSequence', {
    repeat: 'same',
  }),
  updateAccounts: operation<AccountsOfCampaign>().silent('POST /campaign/UpdateAccounts', { repeat: 'same' }),
  addAccounts: operation<AccountsOfCampaign>().answering(
    'POST /campaign/AddLinkedInAccountsToCampaign',
    accountResults,
    { repeat: 'same', answers: 'anything' },
  ),
  removeAccounts: operation<AccountsOfCampaign>().answering(
    'POST /campaign/RemoveLinkedInAccountsFromCampaign',
    accountResults,
    { repeat: 'same', answers: 'anything' },
  ),
  updateSchedule: operation<{ campaignId: number; schedule: CampaignSchedule }>().silent(
    'POST /campaign/UpdateSchedule',
    { repeat: 'same' },
  ),
  /** An empty 200 when the campaign has no sequence yet. */
  getSequence: operation<OneCampaign>().answering('GET /campaign/GetCampaignSequence', sequenceAnswer.optional(), {
    repeat: 'safe',
    answers: 'maybe_object',
    ...byQuery,
  }),
  addLeads: operation<AddLeadsToCampaignRequest>().answering('POST /campaign/AddLeadsToCampaignV2', addedCounts, {
    repeat: 'same',
  }),
  /** Retired form of addLeads: answers one number, the leads added. */
  addLeadsV1: operation<AddLeadsToCampaignRequest>().answering('POST /campaign/AddLeadsToCampaign', z.number(), {
    repeat: 'same',
    answers: 'number',
  }),
  stopLead: operation<{
    campaignId: number;
    leadMemberId?: string | undefined;
    leadUrl?: string | undefined;
  }>().silent('POST /campaign/StopLeadInCampaign', { repeat: 'same' }),
  getLeads: operation<
    PageRequest & {
      campaignId: number;
      timeFrom?: string | undefined;
      timeTo?: string | undefined;
      timeFilter?: (typeof LEAD_TIME_FILTERS)[number] | undefined;
    }
  >().answering('POST /campaign/GetLeadsFromCampaign', pageOf(campaignLead), { repeat: 'safe' }),
  getForLead: operation<LeadIdentity & PageRequest>().answering(
    'POST /campaign/GetCampaignsForLead',
    z.looseObject({ leadFullName: outsideText, totalCount: count, items: z.array(campaignOfLead).nullish() }),
    { repeat: 'safe' },
  ),
};
