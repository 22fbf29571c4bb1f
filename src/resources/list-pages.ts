import { createHash } from 'node:crypto';
import type { CallOptions, HeyReachClient } from '../client/index.ts';
import type { Campaign } from '../client/operations/campaigns.ts';
import type { Conversation } from '../client/operations/inbox.ts';
import { WHOLE_INBOX } from '../tools/inbox/filters.ts';

/** So many campaigns and so many conversations stand on the first page and on each further one; each is one call. */
const FIRST_ROWS = 50;
const ROWS = 100;
/** The SDK's clients go through all pages at once, and fail past 64. */
const MOST_PAGES = 60;

/** Where a page of the listing begins. */
export interface Position {
  page: number;
  /** Campaigns to skip; null where there are no more. */
  campaigns: number | null;
  /** The last campaign listed: a new one moves all others on by a row. */
  lastCampaign: number | null;
  /** HeyReach's cursor into the inbox, empty at its beginning; null where there is no more. */
  inbox: string | null;
}

export const FIRST_PAGE: Position = { page: 0, campaigns: 0, lastCampaign: null, inbox: '' };

interface Page {
  campaigns: Campaign[];
  conversations: Conversation[];
  /** undefined at the end. */
  next: Position | undefined;
  /** What is left where the listing ends before its time. */
  unlisted: { campaigns: boolean; conversations: boolean } | undefined;
}

/** Reads what stands on a page of the listing, with at most two calls. */
export async function readPage(client: HeyReachClient, call: CallOptions, position: Position): Promise<Page> {
  const { page, inbox } = position;
  const limit = page === 0 ? FIRST_ROWS : ROWS;
  const [ofCampaigns, ofInbox] = await Promise.all([
    readCampaigns(client, call, position, limit),
    inbox === null
      ? undefined
      : client.inbox.getConversationsV3({ limit, cursor: inbox || null, filters: WHOLE_INBOX }, call),
  ]);
  const nextInbox = ofInbox?.hasNextPage === false ? null : ofInbox?.nextCursor || null;
  const next = {
    page: page + 1,
    campaigns: ofCampaigns.next,
    lastCampaign: ofCampaigns.rows.at(-1)?.id ?? position.lastCampaign,
    inbox: nextInbox,
  };
  const isEnd = next.campaigns === null && next.inbox === null;
  const isCut = !isEnd && next.page >= MOST_PAGES;
  return {
    campaigns: ofCampaigns.rows,
    conversations: ofInbox?.items ?? [],
    next: isEnd || isCut ? undefined : next,
    unlisted: isCut ? { campaigns: next.campaigns !== null, conversations: next.inbox !== null } : undefined,
  };
}

async function readCampaigns(
  client: HeyReachClient,
  call: CallOptions,
  { campaigns: offset, lastCampaign }: Position,
  limit: number,
): Promise<{ rows: Campaign[]; next: number | null }> {
  if (offset === null) return { rows: [], next: null };
  const { items, totalCount } = await client.campaigns.getAll({ offset, limit }, call);
  const read = items ?? [];
  const after = offset + read.length;
  const isLast = read.length === 0 || (totalCount == null ? read.length < limit : after >= totalCount);
  const known = lastCampaign === null ? -1 : read.findIndex(({ id }) => id === lastCampaign);
  return { rows: read.slice(known + 1), next: isLast ? null : after };
}

/** Packs a position into an opaque cursor of one key. */
export function packPosition({ page, campaigns, lastCampaign, inbox }: Position, key: string): string {
  const parts = [page, campaigns, lastCampaign, inbox];
  return Buffer.from(JSON.stringify([...parts, checkOf(parts, key)])).toString('base64url');
}

function checkOf(parts: unknown[], key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([...parts, key]))
    .digest('base64url')
    .slice(0, 12);
}

/** @returns undefined for a cursor that was altered, or was not made for this key. */
export function unpackPosition(cursor: string, key: string | undefined): Position | undefined {
  if (key === undefined) return undefined;
  try {
    const [page, campaigns, lastCampaign, inbox] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const position: Position = { page, campaigns, lastCampaign, inbox };
    return packPosition(position, key) === cursor ? position : undefined;
  } catch {
    return undefined;
  }
}
