import type { Campaign, CampaignStatus } from './campaigns.ts';
import type { Account, BlacklistEntry, LeadList, Person, Tag } from './people.ts';

export interface Message {
  createdAt: number;
  body: string;
  subject: string | null;
  postLink: string | null;
  isInMail: boolean;
  sender: 'ME' | 'CORRESPONDENT';
}

export interface Conversation {
  id: string;
  accountId: number;
  personId: string;
  campaignIds: number[];
  read: boolean;
  groupChat: boolean;
  blockedByMe: boolean;
  blockedByParticipant: boolean;
  lastMessageType: string;
  /** Ascending and complete. */
  messages: Message[];
}

export interface Webhook {
  id: number;
  webhookName: string;
  webhookUrl: string;
  eventType: string;
  campaignIds: number[];
  isActive: boolean;
  customHeaders: Record<string, string> | null;
}

/** A webhook delivery that would have been sent. The sandbox sends nothing. */
export interface WebhookDelivery {
  at: number;
  webhookId: number;
  url: string;
  headers: Record<string, string>;
  body: Record<string, unknown>;
  /** 1, or 2 to 6 for a retry. */
  attempt: number;
  /** What the receiver answered. */
  status: 200 | 500;
}

export type ActivityKind =
  | 'profileViews'
  | 'postLikes'
  | 'follows'
  | 'messagesSent'
  | 'totalMessageStarted'
  | 'totalMessageReplies'
  | 'inmailMessagesSent'
  | 'totalInmailStarted'
  | 'totalInmailReplies'
  | 'connectionsSent'
  | 'connectionsAccepted'
  | 'uniqueLeadsContacted'
  | 'autoTaggedInterested'
  | 'totalAutoTagged';

/** One counted action. All statistics are sums of these. */
export interface Activity {
  at: number;
  kind: ActivityKind;
  accountId: number;
  campaignId: number;
  personId: string;
}

/** A change that leaves no trace in the other data. Only `/_sandbox/truth` reads these, because the API has no such history. */
export type JournalEntry = { at: number } & (
  | { kind: 'campaignStatus'; campaignId: number; from: CampaignStatus; to: CampaignStatus }
  | { kind: 'listRemoval'; listId: number; personId: string }
);

export interface OrgWorkspace {
  id: number;
  workspaceName: string;
  seatsLimit: number | null;
  creationTime: number;
  apiKeys: { id: number; apiKeyType: string; apiKey: string; isActive: boolean; creationTime: number }[];
}

export interface OrgUser {
  id: number;
  emailAddress: string;
  firstName: string | null;
  lastName: string | null;
  role: 'Admin' | 'Member' | 'Manager';
  invitationStatus: 'Unknown' | 'Pending' | 'Accepted' | 'Expired' | 'Revoked';
  creationTime: number;
  workspaceIds: number[];
  permissions: Record<string, boolean>;
}

/** Ids in the seeded data that tests use. */
export interface Fixtures {
  campaigns: Record<CampaignStatus, number[]>;
  campaignWithoutSequence: number;
  draftReadyToStart: number;
  emptyListCampaign: number;
  emptyList: number;
  companyList: number;
  deepSequenceCampaign: number;
  negativeInProgressCampaign: number;
  /** A sender whose `authIsValid` is false while `isActive` is true. */
  brokenAccount: number;
  longThreads: { accountId: number; conversationId: string }[];
  unreadReply: { accountId: number; conversationId: string; profileUrl: string; campaignIds: number[] };
  webhookWithHeaders: number;
}

/** All data of the sandbox. Tests read and change it. */
export interface Workspace {
  organizationUnitId: number;
  /** By member id. */
  people: Map<string, Person>;
  /** Lower-cased, decoded slug to member id. */
  slugs: Map<string, string>;
  accounts: Map<number, Account>;
  campaigns: Map<number, Campaign>;
  lists: Map<number, LeadList>;
  conversations: Map<string, Conversation>;
  /** `accountId:memberId` to conversation id. */
  threads: Map<string, string>;
  webhooks: Map<number, Webhook>;
  webhookDeliveries: WebhookDelivery[];
  /** By lower-cased name. */
  tags: Map<string, Tag>;
  blacklist: BlacklistEntry[];
  /** Sender id to its connections: member id to the time of connecting. */
  network: Map<number, Map<string, number>>;
  activity: Activity[];
  journal: JournalEntry[];
  /** `accountId:day:action` to the used part of the daily allowance. */
  usage: Map<string, number>;
  orgWorkspaces: Map<number, OrgWorkspace>;
  orgUsers: Map<number, OrgUser>;
  /** The next free id of each kind. */
  nextId: Record<'campaign' | 'list' | 'webhook' | 'enrolment' | 'blacklist' | 'person' | 'org', number>;
  fixtures: Fixtures;
}
