/** The eight states of a campaign. */
export type CampaignStatus =
  | 'DRAFT'
  | 'IN_PROGRESS'
  | 'PAUSED'
  | 'FINISHED'
  | 'CANCELED'
  | 'FAILED'
  | 'STARTING'
  | 'SCHEDULED';

export interface NamedValue {
  name: string;
  value: string;
}

/** A person HeyReach holds: a lead, a connection or both. */
export interface Person {
  /** The member id, a numeric string: `linkedin_id` on the wire. */
  linkedinId: string;
  /** The opaque profile id, `ACoAA…`. */
  profileId: string;
  slug: string;
  profileUrl: string;
  firstName: string;
  lastName: string;
  headline: string | null;
  imageUrl: string | null;
  location: string | null;
  companyName: string | null;
  companyUrl: string | null;
  position: string | null;
  about: string | null;
  summary: string | null;
  industry: string | null;
  connections: number;
  followers: number;
  emailAddress: string | null;
  enrichedEmailAddress: string | null;
  customEmailAddress: string | null;
  emailEnrichments: string[];
  /** JSON in a string, as the API gives it. */
  experiences: string;
  education: string;
  openProfile: boolean;
  tags: string[];
  autoTags: { name: string; campaignId: number }[];
  customFields: NamedValue[];
}

export interface AccountLimits {
  connectioRequestLimit: number;
  connectioRequestMax: number;
  messageLimit: number;
  messageLimitMax: number;
  inMailLimit: number;
  inMailLimitMax: number;
  profileViewLimit: number;
  profileViewLimitMax: number;
  followLimit: number;
  followLimitMax: number;
  postLikeLimit: number;
  postLikeLimitMax: number;
}

/** A LinkedIn account (sender, seat). */
export interface Account {
  id: number;
  emailAddress: string;
  firstName: string;
  lastName: string;
  profileUrl: string;
  isActive: boolean;
  authIsValid: boolean;
  isValidNavigator: boolean;
  isValidRecruiter: boolean;
  connectionRequestCooldown: boolean;
  connectionNoteCooldown: boolean;
  inMailCooldown: boolean;
  searchCooldown: boolean;
  accountLimits: AccountLimits;
}

export interface Company {
  name: string;
  description: string | null;
  industry: string | null;
  imageUrl: string | null;
  companySize: string | null;
  employeesOnLinkedIn: number;
  location: string | null;
  specialities: string | null;
  website: string | null;
}

export interface LeadList {
  id: number;
  name: string;
  listType: 'USER_LIST' | 'COMPANY_LIST';
  creationTime: number;
  /** Member id to the time it was put in. */
  members: Map<string, number>;
  companies: Company[];
}

export interface Schedule {
  dailyStartTime: string;
  dailyEndTime: string;
  timeZoneId: string;
  enabledMonday: boolean;
  enabledTuesday: boolean;
  enabledWednesday: boolean;
  enabledThursday: boolean;
  enabledFriday: boolean;
  enabledSaturday: boolean;
  enabledSunday: boolean;
  startDate: string | null;
  endDate: string | null;
}

export type NodeType =
  | 'CONNECTION_REQUEST'
  | 'CHECK_IS_CONNECTION'
  | 'CHECK_IS_OPEN_PROFILE'
  | 'FIND_EMAIL'
  | 'MESSAGE'
  | 'INMAIL'
  | 'LIKE_POST'
  | 'VIEW_PROFILE'
  | 'FOLLOW'
  | 'SEND_LEAD_TO_INSTANTLY'
  | 'SEND_LEAD_TO_SMARTLEAD'
  | 'SEND_LEAD_TO_BISON'
  | 'END';

/** A step of a sequence, as the public API reads and writes it. */
export interface SequenceNode {
  nodeType: NodeType;
  actionDelay: number;
  actionDelayUnit: 'HOUR' | 'DAY';
  payload?: Record<string, unknown>;
  externalReference?: string;
  conditionalNode?: SequenceNode;
  unconditionalNode?: SequenceNode;
}

/** Where a lead stands in a campaign. `Waiting` leads are not inserted yet, so analytics do not show them. */
export type EnrolmentStatus = 'Waiting' | 'Pending' | 'InSequence' | 'Finished' | 'Failed' | 'Excluded' | 'Stopped';

/** A lead in a campaign. */
export interface Enrolment {
  id: number;
  personId: string;
  senderId: number;
  addedAt: number;
  insertedAt: number | null;
  status: EnrolmentStatus;
  connection: 'None' | 'ConnectionSent' | 'ConnectionAccepted';
  message: 'None' | 'MessageSent' | 'MessageReply';
  lastActionTime: number | null;
  failedTime: number | null;
  errorCode: string | null;
  statusMessage: string | null;
  /** The way from the root of the sequence to the present node: `c` conditional, `u` unconditional. */
  path: string;
  dueAt: number | null;
  /** Raised at every move, so that a task of an earlier position does nothing. */
  token: number;
  /** The invitation's note, for webhook bodies. */
  note: string;
  contacted: boolean;
}

export interface Campaign {
  id: number;
  name: string;
  creationTime: number;
  listId: number | null;
  accountIds: number[];
  status: CampaignStatus;
  startedAt: number | null;
  excludeInOtherCampaigns: boolean;
  excludeHasOtherAccConversations: boolean;
  excludeContactedFromSenderInOtherCampaign: boolean;
  excludeListId: number | null;
  schedule: Schedule;
  sequence: SequenceNode | null;
  /** By member id, in the order they were added. */
  enrolments: Map<string, Enrolment>;
  /** Leads counted as finished on top of the real ones: makes the in-progress residual negative. */
  finishedSkew: number;
  /** When waiting leads are looked at next. */
  insertAt: number | null;
  /** When it pauses itself, having found nothing to do. */
  autoPauseAt: number | null;
}

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

/** A delivery that would have been made. Nothing is ever sent. */
export interface WebhookDelivery {
  at: number;
  webhookId: number;
  url: string;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

export interface Tag {
  displayName: string;
  color: string;
}

export interface BlacklistEntry {
  id: number;
  creationTime: number;
  linkedInProfileId: string | null;
  profileUrl: string | null;
  email: string | null;
  fullName: string | null;
  matchingStatus: 'Matching' | 'Matched' | 'NotFound' | 'BroadMatch';
  resolutionStage: string;
  /** The person it was matched to. */
  personId: string | null;
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

/** One counted thing; all statistics are sums of these. */
export interface Activity {
  at: number;
  kind: ActivityKind;
  accountId: number;
  campaignId: number;
}

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

/** Places in the seeded data that tests want to find. */
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

/** Everything the sandbox holds, live: tests may look at it and arrange it. */
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
  /** `accountId:day:action` to how much of the daily allowance is used. */
  usage: Map<string, number>;
  orgWorkspaces: Map<number, OrgWorkspace>;
  orgUsers: Map<number, OrgUser>;
  /** The next free id of each kind. */
  nextId: Record<'campaign' | 'list' | 'webhook' | 'enrolment' | 'blacklist' | 'person' | 'org', number>;
  fixtures: Fixtures;
}
