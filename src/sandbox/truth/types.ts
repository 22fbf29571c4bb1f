import type { CampaignStatus } from '../model/index.ts';

/**
 * What is true in the simulated workspace, for tests that compare the program's results with it.
 * The state of the simulation is the only source: neither the routes nor the program compute any of it.
 * Moments are ISO 8601 in UTC, exact to the millisecond. People are named by `slug`: the part of the profile URL after `/in/`,
 * percent-decoded and in lower case.
 */
export interface Truth {
  /** Conversations that end with the person's message, the longest waiting first. */
  waiting: WaitingConversation[];
  /** Every person of the workspace by slug, connections without any contact included. */
  people: Record<string, PersonTruth>;
  /** Leads that accepted an invitation and got no message of that campaign, in order of acceptance. */
  acceptedNotMessaged: AcceptedLead[];
  /** Every accepted invitation of the recorded past and since, in order of time. */
  acceptances: PersonEvent[];
  changesSince: Changes;
  /** By slug: the senders that contacted the person. People without contact are not in it. */
  contactedBy: Record<string, SenderContact[]>;
  stats: Statistics;
  /** Every campaign, in order of creation. */
  queues: CampaignQueue[];
  inboxTotals: InboxTotals;
}

export type TruthKey = keyof Truth;

/** What to compute. */
export interface TruthQuery<Key extends TruthKey = TruthKey> {
  /** The wanted keys. All by default. */
  only?: readonly Key[] | undefined;
  /** `changesSince`: changes after this moment, in ISO 8601 or epoch milliseconds. Seven days ago by default. */
  since?: string | number | undefined;
  /** `stats`: the first UTC day, `2026-11-18`. The day of the first recorded action by default. */
  from?: string | undefined;
  /** `stats`: the last UTC day, included. The present day by default. */
  to?: string | undefined;
  /** `people` and `contactedBy`: only these slugs. */
  slugs?: readonly string[] | undefined;
}

/** A conversation that ends with the person's message, whatever `read` says. */
export interface WaitingConversation {
  conversationId: string;
  linkedInAccountId: number;
  slug: string;
  /** The person's first message after the last message of the sender. */
  waitingSince: string;
  /** Messages of the person since then, at least 1. */
  inbound: number;
  lastMessageAt: string;
  read: boolean;
  /** Either side blocked the other. */
  blocked: boolean;
  group: boolean;
  /** The conversation holds no message of the sender. */
  theyWroteFirst: boolean;
}

/**
 * How far contact with a person went. The most severe verdict wins, from least to most severe:
 * - `clear`: in no campaign, and no sender wrote to them. Membership in lists does not count.
 * - `contacted`: in a campaign of any status, or a sender wrote to them. An `Excluded` lead does not count as in the campaign.
 * - `in_progress`: a campaign that is IN_PROGRESS, STARTING or SCHEDULED has steps left for the person, also when the person is
 *   still waiting for the first step.
 * - `answered`: a conversation holds a message of the person.
 * - `blacklisted`: a `Matched` entry of the blacklist. A `BroadMatch` is in `blacklist`, but is no verdict.
 */
export type Verdict = 'clear' | 'contacted' | 'in_progress' | 'answered' | 'blacklisted';

export interface PersonTruth {
  linkedInId: string;
  /** Ids of the lists with this person, ascending. */
  lists: number[];
  /** In order of the campaigns' creation. */
  campaigns: PersonCampaign[];
  /** In order of creation. */
  conversations: PersonConversation[];
  /** `BroadMatch`: an entry with exactly this name. Campaigns exclude both kinds. */
  blacklist: 'Matched' | 'BroadMatch' | null;
  verdict: Verdict;
}

export interface PersonCampaign {
  id: number;
  status: CampaignStatus;
  /** As in GetCampaignsForLead: `PendingOrExcludedToBeCalculated`, `Pending`, `InSequence`, `Paused`, `Finished`, `Failed` or `Excluded`. */
  leadStatus: string;
  linkedInAccountId: number;
  /** The campaign sent this person an invitation, a message or an InMail. */
  contacted: boolean;
  /** GetLeadsFromCampaign shows the lead: inserted, and not excluded. */
  inserted: boolean;
}

export interface PersonConversation {
  conversationId: string;
  linkedInAccountId: number;
  lastMessageBy: 'ME' | 'CORRESPONDENT';
  lastMessageAt: string;
  /** The conversation holds a message of the person. */
  theyAnswered: boolean;
  /** The conversation holds a message of the sender. */
  weWrote: boolean;
}

/** Something that happened to a person. */
export interface PersonEvent {
  slug: string;
  at: string;
  campaignId: number;
  linkedInAccountId: number;
}

/** A lead that accepted an invitation and got no message of the campaign. */
export interface AcceptedLead {
  slug: string;
  campaignId: number;
  campaignStatus: CampaignStatus;
  /** As in `PersonCampaign`. */
  leadStatus: string;
  linkedInAccountId: number;
  acceptedAt: string;
  /**
   * - `comes`: the campaign runs, and a message step follows at the lead's position.
   * - `held`: the campaign is paused and the lead is not through.
   * - `never`: all others.
   */
  outcome: 'comes' | 'held' | 'never';
  /** A sender wrote to the person in some conversation. It can only be by hand or by another campaign. */
  wroteOtherwise: boolean;
}

/** Changes after `since`, each list in order of time. */
export interface Changes {
  since: string;
  /** Messages of people. */
  inbound: { conversationId: string; linkedInAccountId: number; slug: string; at: string; text: string }[];
  invitations: PersonEvent[];
  acceptances: PersonEvent[];
  /** First replies of leads to a campaign's message or InMail. */
  replies: PersonEvent[];
  failures: (PersonEvent & { errorCode: string })[];
  campaignStatuses: { campaignId: number; at: string; from: CampaignStatus; to: CampaignStatus }[];
  listAdditions: { listId: number; slug: string; at: string }[];
  listRemovals: { listId: number; slug: string; at: string }[];
}

/** What one sender sent to a person. */
export interface SenderContact {
  linkedInAccountId: number;
  /** Campaigns that contacted the person through this sender, ascending. Empty where all contact was by hand. */
  campaignIds: number[];
  invitations: number;
  /** Messages and InMails, sent by campaigns or by hand. */
  messages: number;
  firstAt: string;
  lastAt: string;
}

/** Recorded actions of a period of whole UTC days. Campaigns and senders without an action in it are not in `rows`. */
export interface Statistics {
  from: string;
  /** Included. */
  to: string;
  rows: StatisticsRow[];
}

export interface StatisticsRow {
  campaignId: number;
  linkedInAccountId: number;
  invitationsSent: number;
  invitationsAccepted: number;
  /** Leads that got their first message. */
  messagesStarted: number;
  messageReplies: number;
  inmailsStarted: number;
  inmailReplies: number;
}

/** Leads of a campaign that have steps left. */
export interface CampaignQueue {
  campaignId: number;
  status: CampaignStatus;
  linkedInAccountIds: number[];
  /** Leads of any state. */
  total: number;
  /** Leads before their first step: `notInserted` and `pending`. It is the API's totalUsersPending. */
  waiting: number;
  /** Not yet in GetLeadsFromCampaign. */
  notInserted: number;
  pending: number;
  inSequence: number;
  /** `waiting` by sender id. The API does not tell this share. */
  waitingBySender: Record<string, number>;
}

export interface InboxTotals {
  conversations: number;
  unread: number;
  /** Conversations that end with the person's message. */
  waiting: number;
  /** Of `waiting`: neither blocked nor a group. */
  answerable: number;
  /** Conversations whose person has an automatic tag. */
  autoTagged: number;
  /** People that wait in conversations with more than one sender. */
  waitingWithSeveralSenders: number;
  /** By sender id. */
  bySender: Record<string, { conversations: number; unread: number; waiting: number }>;
}
