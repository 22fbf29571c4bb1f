import { createHash } from 'node:crypto';
import { type InboxPage, type InboxStart, readInboxPage } from '../../client/inbox-pages.ts';
import type { CallOptions, HeyReachClient } from '../../client/index.ts';
import type { Campaign } from '../../client/operations/campaigns.ts';
import type { Conversation } from '../../client/operations/inbox.ts';
import { settle } from '../../workflows/shared/settle.ts';
import { failuresOf } from '../shared/failures.ts';

/** Campaigns on the first page, and conversations: one call each. */
const FIRST_PAGE_ROWS = 50;
/** The same on each further page. */
const PAGE_ROWS = 100;
/** The SDK's clients fetch all pages in a row, and fail after 64. */
const MAX_PAGES = 60;

/** Where a page of `resources/list` starts. */
export interface ListPosition {
  page: number;
  /** The offset of the next campaign. Null after the last one. */
  campaigns: number | null;
  /** The id of the last campaign listed. A new campaign shifts the rows after it. */
  lastCampaign: number | null;
  /** Where the inbox continues, empty on the first page. Null after the last conversation. */
  inbox: InboxStart;
}

/** The position of a call without a cursor. */
export const FIRST_PAGE: ListPosition = { page: 0, campaigns: 0, lastCampaign: null, inbox: '' };

interface ListPage {
  campaigns: Campaign[];
  conversations: Conversation[];
  next: ListPosition | undefined;
  /** Set on the last page where the page limit leaves rows out. */
  unlisted: { campaigns: boolean; conversations: boolean } | undefined;
  /** Why a listing could not be read, by its name. Further pages do not have it. */
  notReadable: Record<string, string>;
}

const NO_CAMPAIGNS = { rows: [], next: null };
const NO_CONVERSATIONS: InboxPage = { items: [], totalCount: undefined, next: null };

/** Reads the campaigns and conversations of a page with at most two calls, and one more where the inbox has no cursors. */
export async function readListPage(
  client: HeyReachClient,
  call: CallOptions,
  position: ListPosition,
): Promise<ListPage> {
  const { page, inbox } = position;
  const limit = page === 0 ? FIRST_PAGE_ROWS : PAGE_ROWS;
  const [campaigns, conversations] = await Promise.all([
    settle(readCampaigns(client, call, position, limit)),
    settle(
      inbox === null
        ? Promise.resolve(NO_CONVERSATIONS)
        : readInboxPage(client, { start: inbox === '' ? null : inbox, limit }, call),
    ),
  ]);
  const campaignPage = campaigns.ok ? campaigns.value : NO_CAMPAIGNS;
  const inboxPage = conversations.ok ? conversations.value : NO_CONVERSATIONS;
  const next = {
    page: page + 1,
    campaigns: campaignPage.next,
    lastCampaign: campaignPage.rows.at(-1)?.id ?? position.lastCampaign,
    inbox: inboxPage.next,
  };
  const isEnd = next.campaigns === null && next.inbox === null;
  const isTruncated = !isEnd && next.page >= MAX_PAGES;
  return {
    campaigns: campaignPage.rows,
    conversations: inboxPage.items,
    next: isEnd || isTruncated ? undefined : next,
    unlisted: isTruncated ? { campaigns: next.campaigns !== null, conversations: next.inbox !== null } : undefined,
    notReadable: failuresOf({ campaigns, conversations }),
  };
}

async function readCampaigns(
  client: HeyReachClient,
  call: CallOptions,
  { campaigns: offset, lastCampaign }: ListPosition,
  limit: number,
): Promise<{ rows: Campaign[]; next: number | null }> {
  if (offset === null) return { rows: [], next: null };
  const { items, totalCount } = await client.campaigns.getAll({ offset, limit }, call);
  const rows = items ?? [];
  const next = offset + rows.length;
  const isLast = rows.length === 0 || (totalCount == null ? rows.length < limit : next >= totalCount);
  // Rows up to the last listed one come again where campaigns were added meanwhile.
  const repeated = lastCampaign === null ? -1 : rows.findIndex(({ id }) => id === lastCampaign);
  return { rows: rows.slice(repeated + 1), next: isLast ? null : next };
}

/** Encodes a position as an opaque cursor that is valid for one key. */
export function encodeCursor({ page, campaigns, lastCampaign, inbox }: ListPosition, key: string): string {
  const parts = [page, campaigns, lastCampaign, inbox];
  return Buffer.from(JSON.stringify([...parts, checksumOf(parts, key)])).toString('base64url');
}

function checksumOf(parts: unknown[], key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([...parts, key]))
    .digest('base64url')
    .slice(0, 12);
}

/** @returns undefined for a cursor that was altered or issued to another key. */
export function decodeCursor(cursor: string, key: string | undefined): ListPosition | undefined {
  if (key === undefined) return undefined;
  try {
    const [page, campaigns, lastCampaign, inbox] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const position: ListPosition = { page, campaigns, lastCampaign, inbox };
    return encodeCursor(position, key) === cursor ? position : undefined;
  } catch {
    return undefined;
  }
}
