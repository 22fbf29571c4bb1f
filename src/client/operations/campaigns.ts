import * as z from 'zod';
import { lazy } from '../../lib/lazy.ts';
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

/** A campaign, without its schedule and sequence. `totalUsersInProgress` can be negative. */
export const campaign = lazy(() =>
  z.looseObject({
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
    // Older responses have these exclusions, which no request can set.
    excludeAlreadyMessagedGlobal: flag,
    excludeAlreadyMessagedCampaignAccounts: flag,
    excludeFirstConnectionCampaignAccounts: flag,
    excludeFirstConnectionGlobal: flag,
    excludeNoProfilePicture: flag,
    organizationUnitId: id,
  }),
);
export type Campaign = z.infer<ReturnType<typeof campaign>>;

/** A lead's enrolment in a campaign: `id` is the enrolment's, not the person's. */
export const campaignLead = lazy(() =>
  z.looseObject({
    id,
    linkedInUserProfileId: text,
    linkedInUserProfile: leadProfile().nullish(),
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
  }),
);
export type CampaignLead = z.infer<ReturnType<typeof campaignLead>>;

/** A campaign that a lead is in, with the lead's status in it. */
export const campaignOfLead = lazy(() =>
  z.looseObject({
    campaignId: id,
    campaignName: text,
    campaignStatus: text,
    leadStatus: text,
    creationTime: text,
  }),
);

/** When a campaign runs. Times of day are `HH:MM:SS`, dates are days. No operation returns it. */
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

/** Leads that a campaign excludes. `excludeContactedFromOtherCampaigns` reads back as `excludeInOtherCampaigns`. */
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

/** The body of both routes that add leads to a campaign. */
export interface AddLeadsToCampaignRequest {
  campaignId: number;
  /** 1 to 100. An account id pins the lead to that sender. Without one HeyReach distributes the leads. */
  accountLeadPairs: { linkedInAccountId?: number | undefined; lead: LeadInput }[];
  resumeFinishedCampaign?: boolean | undefined;
  resumePausedCampaign?: boolean | undefined;
}

interface OneCampaign {
  campaignId: number;
}
const byQuery = { query: ['campaignId'], body: false } as const;

const createdCampaign = lazy(() => z.looseObject({ campaignId: id }));
/** Results per account, in an undocumented shape. Read the campaign back instead. */
const accountResults = () => z.unknown();

export const campaigns = {
  getAll: operation<
    PageRequest & {
      keyword?: string | undefined;
      statuses?: CampaignStatus[] | undefined;
      accountIds?: number[] | undefined;
    }
  >().answering('POST /campaign/GetAll', () => pageOf(campaign()), { retry: 'safe' }),
  getById: operation<OneCampaign>().answering('GET /campaign/GetById', campaign, { retry: 'safe', ...byQuery }),
  create: operation<
    CampaignExclusions & {
      name: string;
      linkedInUserListId?: number | undefined;
      linkedInAccountIds: number[];
      schedule?: CampaignSchedule | undefined;
      sequence?: SequenceNode | undefined;
    }
  >().answering('POST /campaign/Create', createdCampaign, { retry: 'never' }),
  createFromTemplate: operation<
    CampaignExclusions & {
      campaignIdForTemplate: number;
      name: string;
      linkedInUserListId?: number | undefined;
      /** The vendor's spelling, three c's. */
      linkedInAcccountIdsForCampaign: number[];
    }
  >().answering('POST /campaign/CreateCampaignFromTemplate', createdCampaign, { retry: 'never' }),
  start: operation<OneCampaign>().silent('POST /campaign/StartCampaign', { retry: 'idempotent', ...byQuery }),
  pause: operation<OneCampaign>().silent('POST /campaign/Pause', { retry: 'idempotent', ...byQuery }),
  resume: operation<OneCampaign>().silent('POST /campaign/Resume', { retry: 'never', ...byQuery }),
  updateSettings: operation<
    CampaignExclusions & { campaignId: number; name?: string | undefined; linkedInUserListId?: number | undefined }
  >().silent('POST /campaign/UpdateSettings', { retry: 'idempotent' }),
  updateSequence: operation<{ campaignId: number; sequence: SequenceNode }>().silent('POST /campaign/UpdateSequence', {
    retry: 'idempotent',
  }),
  updateAccounts: operation<AccountsOfCampaign>().silent('POST /campaign/UpdateAccounts', { retry: 'idempotent' }),
  addAccounts: operation<AccountsOfCampaign>().answering(
    'POST /campaign/AddLinkedInAccountsToCampaign',
    accountResults,
    { retry: 'idempotent', answers: 'anything' },
  ),
  removeAccounts: operation<AccountsOfCampaign>().answering(
    'POST /campaign/RemoveLinkedInAccountsFromCampaign',
    accountResults,
    { retry: 'idempotent', answers: 'anything' },
  ),
  updateSchedule: operation<{ campaignId: number; schedule: CampaignSchedule }>().silent(
    'POST /campaign/UpdateSchedule',
    { retry: 'idempotent' },
  ),
  /** An empty 200 when the campaign has no sequence yet. */
  getSequence: operation<OneCampaign>().answering(
    'GET /campaign/GetCampaignSequence',
    () => sequenceAnswer().optional(),
    {
      retry: 'safe',
      answers: 'maybe_object',
      ...byQuery,
    },
  ),
  /** An empty 200 means that the rows were accepted without counts. */
  addLeads: operation<AddLeadsToCampaignRequest>().answering(
    'POST /campaign/AddLeadsToCampaignV2',
    () => addedCounts().optional(),
    { retry: 'idempotent', answers: 'maybe_object' },
  ),
  /** Retired form of addLeads. Returns one number, the leads added, or nothing. */
  addLeadsV1: operation<AddLeadsToCampaignRequest>().answering(
    'POST /campaign/AddLeadsToCampaign',
    () => z.number().optional(),
    { retry: 'idempotent', answers: 'maybe_number' },
  ),
  stopLead: operation<{
    campaignId: number;
    leadMemberId?: string | undefined;
    leadUrl?: string | undefined;
  }>().silent('POST /campaign/StopLeadInCampaign', { retry: 'idempotent' }),
  getLeads: operation<
    PageRequest & {
      campaignId: number;
      timeFrom?: string | undefined;
      timeTo?: string | undefined;
      timeFilter?: (typeof LEAD_TIME_FILTERS)[number] | undefined;
    }
  >().answering('POST /campaign/GetLeadsFromCampaign', () => pageOf(campaignLead()), { retry: 'safe' }),
  getForLead: operation<LeadIdentity & PageRequest>().answering(
    'POST /campaign/GetCampaignsForLead',
    () => z.looseObject({ leadFullName: outsideText, totalCount: count, items: z.array(campaignOfLead()).nullish() }),
    { retry: 'safe' },
  ),
};
