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

/** A step of a sequence, in the public API's form. */
export interface SequenceNode {
  nodeType: NodeType;
  actionDelay: number;
  actionDelayUnit: 'HOUR' | 'DAY';
  payload?: Record<string, unknown>;
  externalReference?: string;
  conditionalNode?: SequenceNode;
  unconditionalNode?: SequenceNode;
}

/** The state of a lead in a campaign. `Waiting` leads are not inserted yet, so analytics do not show them. */
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
  /** Branches from the root of the sequence to the current node: `c` conditional, `u` unconditional. */
  path: string;
  dueAt: number | null;
  /** Incremented at every move, so that a task of an earlier position does nothing. */
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
  /** When the next waiting leads are inserted. */
  insertAt: number | null;
  /** When it pauses itself for lack of leads. */
  autoPauseAt: number | null;
}
