import { HeyReachError, saysNotFound } from './errors.ts';
import type { HeyReachClient } from './index.ts';
import { type Conversation, type ConversationFilters, WHOLE_INBOX } from './operations/inbox.ts';
import type { CallOptions } from './request-executor.ts';

/** A cursor of GetConversationsV3, or an offset of GetConversationsV2. Null starts with the newest conversation. */
export type InboxStart = string | number | null;

/** A page of the inbox, newest conversation first. */
export interface InboxPage {
  items: Conversation[];
  totalCount: number | undefined;
  /** Null after the last page. */
  next: InboxStart;
}

interface InboxPageRequest {
  start: InboxStart;
  limit: number;
  filters?: ConversationFilters | undefined;
  /** Only conversations whose last message is of this UTC day or later. GetConversationsV2 has no dates and returns all. */
  from?: string | undefined;
  /** The same for the latest day. */
  to?: string | undefined;
}

/**
 * Reads a page of the inbox with GetConversationsV3. HeyReach documents GetConversationsV2 only, so a workspace may not have
 * the newer operation. The first page is then read with V2, and its `next` continues there.
 * @throws HeyReachError where the page cannot be read, also for a response that has neither rows nor their number.
 */
export async function readInboxPage(
  client: HeyReachClient,
  { start, limit, filters = WHOLE_INBOX, from, to }: InboxPageRequest,
  call: CallOptions,
): Promise<InboxPage> {
  if (typeof start === 'number') return readByOffset(client, { offset: start, limit, filters }, call);
  try {
    return await readByCursor(client, { cursor: start, limit, filters, from, to }, call);
  } catch (error) {
    // A later page holds a cursor that only V3 understands.
    // An unknown person is unknown to V2 too.
    const isUnknownPerson = filters.leadProfileUrl != null && error instanceof HeyReachError && saysNotFound(error);
    if (start !== null || !isRejection(error) || isUnknownPerson || isUnknownTag(error, filters)) throw error;
    return readByOffset(client, { offset: 0, limit, filters }, call);
  }
}

const REJECTIONS: readonly (number | undefined)[] = [400, 403, 404, 405];

/** Whether HeyReach rejects one operation or its arguments. Other calls of the same key may still succeed. */
export function isRejection(error: unknown): boolean {
  return error instanceof HeyReachError && REJECTIONS.includes(error.status);
}

/** Whether HeyReach rejects a filter because the workspace has no such tag. */
export function isUnknownTag(error: unknown, { tags = [] }: Pick<ConversationFilters, 'tags'>): boolean {
  return tags.length > 0 && error instanceof HeyReachError && error.status === 400 && /\btags?\b/i.test(error.message);
}

async function readByCursor(
  client: HeyReachClient,
  {
    filters,
    ...page
  }: Omit<InboxPageRequest, 'start' | 'filters'> & { cursor: string | null; filters: ConversationFilters },
  call: CallOptions,
): Promise<InboxPage> {
  const request = { ...page, filters: { ...filters, latestAutoTagNames: [] } };
  const { items, totalCount, nextCursor, hasNextPage } = await client.inbox.getConversationsV3(request, call);
  return {
    items: rowsIn(items, totalCount),
    totalCount: totalCount ?? undefined,
    next: hasNextPage === false ? null : nextCursor || null,
  };
}

async function readByOffset(
  client: HeyReachClient,
  page: { offset: number; limit: number; filters: ConversationFilters },
  call: CallOptions,
): Promise<InboxPage> {
  const { items, totalCount } = await client.inbox.getConversationsV2(page, call);
  const rows = rowsIn(items, totalCount);
  const next = page.offset + rows.length;
  const isLast = rows.length === 0 || (totalCount == null ? rows.length < page.limit : next >= totalCount);
  return { items: rows, totalCount: totalCount ?? undefined, next: isLast ? null : next };
}

/** @throws HeyReachError where HeyReach returns neither rows nor their number. */
function rowsIn(items: Conversation[] | null | undefined, totalCount: number | null | undefined): Conversation[] {
  if (items == null && totalCount == null) throw withoutConversations();
  return items ?? [];
}

/** The error of a response that does not say which conversations there are. */
export function withoutConversations(): HeyReachError {
  return new HeyReachError({
    kind: 'unreadable_answer',
    status: 200,
    outcome: 'unknown',
    message: 'HTTP 200, but the response could not be read: it has no conversations',
    meaning: 'HeyReach did not say which conversations there are.',
    nextStep: 'Call again in a moment.',
  });
}
