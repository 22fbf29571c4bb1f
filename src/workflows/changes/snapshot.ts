import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { CampaignLead } from '../../client/operations/campaigns.ts';
import { lazy } from '../../lib/lazy.ts';

/** How far a lead was: its connection and its message in one number, which takes 20 bytes a lead with its id. */
const CONNECTIONS = ['None', 'ConnectionSent', 'ConnectionAccepted'];
const MESSAGES = ['None', 'MessageSent', 'MessageReply'];

/** The state of a lead by which later changes show. */
export function leadCode({ leadConnectionStatus, leadMessageStatus }: CampaignLead): number {
  const connection = Math.max(0, CONNECTIONS.indexOf(leadConnectionStatus ?? 'None'));
  return connection * MESSAGES.length + Math.max(0, MESSAGES.indexOf(leadMessageStatus ?? 'None'));
}

/** Whether the code of a lead says that the person accepted the invitation. */
export const hasAccepted = (code: number) => Math.floor(code / MESSAGES.length) === 2;
/** Whether the code of a lead says that the person replied. */
export const hasReplied = (code: number) => code % MESSAGES.length === 2;

const campaignState = lazy(() =>
  z.object({
    status: z.string(),
    /** HeyReach's number of failed leads. */
    failed: z.number(),
    /** The codes of all leads by enrolment id. Undefined where they were not read. */
    leads: z.record(z.string(), z.number()).optional(),
  }),
);
export type CampaignState = z.infer<ReturnType<typeof campaignState>>;

const position = lazy(() =>
  z.object({
    /** An ISO time. Events until then are known, but for those that HeyReach shows later. */
    at: z.string(),
    /** Marks of known events after `at` minus OVERLAP_MS, each with its time in ms since the epoch. */
    seen: z.record(z.string(), z.number()),
    campaigns: z.record(z.string(), campaignState()),
    /** Members by list id. */
    lists: z.record(z.string(), z.number()),
    /** What is wrong with each sender, empty where it works. */
    senders: z.record(z.string(), z.string()),
  }),
);

/** What a bookmark knows of a workspace. */
export type Position = z.infer<ReturnType<typeof position>>;

const bookmark = lazy(() => z.object({ version: z.literal(1), current: position(), previous: position().optional() }));
/** The last two positions of a bookmark. The earlier one repeats an answer that did not arrive. */
export type Bookmark = z.infer<ReturnType<typeof bookmark>>;

/** Reads the file of a bookmark. undefined where there is none, or none that this version understands. */
export function readBookmark(content: unknown): Bookmark | undefined {
  const read = bookmark().safeParse(content);
  return read.success ? read.data : undefined;
}

const MARK_LENGTH = 10;

/** A short mark of an event. */
export function markOf(...parts: readonly (string | number | null | undefined)[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, MARK_LENGTH);
}

/** How long before its time a bookmark remembers events. HeyReach shows some only hours after they happened. */
export const OVERLAP_MS = 24 * 3_600_000;
