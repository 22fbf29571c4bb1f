/** Switches for the API's silent or disputed behaviours. */
export interface Quirks {
  /** One campaign counts more finished leads than it has, so that its totalUsersInProgress is negative. */
  negativeInProgress: boolean;
  /** V2 conversations also carry `campaignId`, and their profile an `id`, as in the vendor's samples and unlike live responses. */
  documentedIds: boolean;
  /** Leads can be added to a SCHEDULED campaign (otherwise 400). */
  scheduledAcceptsLeads: boolean;
  /** The `leadCampaignStatus` of a lead after StopLeadInCampaign. */
  stoppedLeadStatus: 'Finished' | 'Paused' | 'Failed';
  /** How long StartCampaign stays in STARTING before IN_PROGRESS, in clock milliseconds. */
  startingMs: number;
  /** How long a campaign without runnable leads stays IN_PROGRESS before it pauses itself. */
  emptyListMs: number;
  /** Delay before a sent message appears in the conversation, in clock milliseconds. */
  sendDelayMs: number;
  /** GetConversationsV3 exists (otherwise 404). The vendor's older documents have GetConversationsV2 only. */
  hasInboxV3: boolean;
  /** The largest offset that GetConversationsV2 accepts. */
  v2MaxOffset: number;
  /** The first attempts of every webhook delivery that the receiver answers with 500. HeyReach makes up to five retries. */
  webhookFailures: number;
  /** Leads without a first or last name are dropped without being counted. */
  dropNamelessLeads: boolean;
}

/** Requests per key, and the form of the 429. */
export interface RateLimitOptions {
  perMinute?: number;
  window?: 'fixed' | 'sliding';
  /** Length of the window, 60,000 by default. Tests shorten it. */
  windowMs?: number | undefined;
  retryAfter?: 'none' | 'seconds' | 'date';
}

/** Options of a sandbox. */
export interface SandboxOptions {
  /** 0, the default, picks a free port. */
  port?: number;
  /** The same seed and the same `startAt` give the same data, byte for byte. */
  seed?: number;
  /** The sandbox clock at the start, in epoch milliseconds. Seeded data is relative to it. */
  startAt?: number;
  /** `running` moves with real time and `advance()`, `manual` only with `advance()`. */
  clock?: 'running' | 'manual';
  /** Counts per key in real time. `false` turns it off. */
  rateLimit?: RateLimitOptions | false;
  quirks?: Partial<Quirks>;
  /** `large`: 120 campaigns and 5,000 conversations of the same shape. */
  size?: 'default' | 'large';
  /**
   * Adds what the plain data lacks:
   *
   * - people in two lists and two campaigns, and people that wait for two senders
   * - an automatic tag on a third of the inbox, several messages in a row, and conversations that the person opened
   * - accepted leads with a conversation by hand, and acceptances within days after the start
   */
  rich?: boolean;
  /** LinkedIn accounts, from 6 to 200. The further ones are senders of running campaigns. 6 by default. */
  senders?: number;
  /** Adds a list of this many people, from 600 to 25,000, with the leads of all other lists among them, and two campaigns for it. */
  people?: number;
  /** Real time that every API response takes longer, in milliseconds. 0 by default. */
  latencyMs?: number;
}

/** The behaviour that is believed to match the live service. */
export const defaultQuirks: Quirks = {
  negativeInProgress: true,
  documentedIds: false,
  scheduledAcceptsLeads: false,
  stoppedLeadStatus: 'Finished',
  startingMs: 0,
  emptyListMs: 1_000,
  sendDelayMs: 300,
  hasInboxV3: true,
  v2MaxOffset: 1_000,
  webhookFailures: 0,
  dropNamelessLeads: true,
};

/** The campaigns need the six senders and 600 leads of the plain data. */
export const sizeLimits = { senders: { min: 6, max: 200 }, people: { min: 600, max: 25_000 } };
