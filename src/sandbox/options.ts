/** Switches for the API's silent or disputed behaviours. */
export interface Quirks {
  /** One campaign counts more finished leads than it has, so that its totalUsersInProgress is negative. */
  negativeInProgress: boolean;
  /** V2 conversations also carry `campaignId`, and their profile an `id`, as the vendor's samples show and live answers do not. */
  documentedIds: boolean;
  /** Leads can be added to a SCHEDULED campaign (otherwise 400). */
  scheduledAcceptsLeads: boolean;
  /** The `leadCampaignStatus` a lead shows after StopLeadInCampaign. */
  stoppedLeadStatus: 'Finished' | 'Paused' | 'Failed';
  /** How long StartCampaign stays in STARTING before IN_PROGRESS, in clock milliseconds. */
  startingMs: number;
  /** How long a campaign without runnable leads stays IN_PROGRESS before it pauses itself. */
  emptyListMs: number;
  /** How long SendMessage takes to show in the conversation, in clock milliseconds. */
  sendDelayMs: number;
  /** The offset from which GetConversationsV2 refuses to page on. */
  v2MaxOffset: number;
  /** Leads without a first or last name are dropped without being counted. */
  dropNamelessLeads: boolean;
}

/** How many requests a key may make, and how the 429 speaks. */
export interface RateLimitOptions {
  perMinute?: number;
  window?: 'fixed' | 'sliding';
  /** How long such a minute is, 60,000 by default: tests shorten it. */
  windowMs?: number;
  retryAfter?: 'none' | 'seconds' | 'date';
}

/** What a sandbox can be started with. */
export interface SandboxOptions {
  /** 0, the default, picks a free port. */
  port?: number;
  /** The same seed and the same `startAt` give the same data, byte for byte. */
  seed?: number;
  /** The sandbox clock at the start, in epoch milliseconds; data is laid out relative to it. */
  startAt?: number;
  /** `running` moves with real time and `advance()`; `manual` only with `advance()`. */
  clock?: 'running' | 'manual';
  /** Counted per key in real time; `false` switches it off. */
  rateLimit?: RateLimitOptions | false;
  quirks?: Partial<Quirks>;
  /** `large`: 120 campaigns and 5,000 conversations of the same shape. */
  size?: 'default' | 'large';
}

/** The behaviour that is believed to be the live one. */
export const defaultQuirks: Quirks = {
  negativeInProgress: true,
  documentedIds: false,
  scheduledAcceptsLeads: false,
  stoppedLeadStatus: 'Finished',
  startingMs: 0,
  emptyListMs: 1_000,
  sendDelayMs: 300,
  v2MaxOffset: 1_000,
  dropNamelessLeads: true,
};
