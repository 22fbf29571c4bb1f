import { type InboxStart, readInboxPage } from '../client/inbox-pages.ts';
import type { CallOptions, HeyReachClient } from '../client/index.ts';
import { WHOLE_INBOX } from '../client/operations/inbox.ts';
import { slugOf } from '../lib/linkedin-url.ts';
import { sanitizeText } from '../lib/sanitize-text.ts';
import { fullName } from '../lib/text-format.ts';
import { isValue } from '../resources/shared/uri-template.ts';
import type { Listing } from '../resources/subscriptions/affected-resources.ts';
import type { Row } from './match.ts';

/** The fields of a row that completion needs. */
export interface ListedRow extends Row {
  /** The sender of a conversation. */
  accountId?: string;
  /** The person of a conversation. */
  slug?: string | undefined;
}

/** The rows read from a listing, in HeyReach's order: newest first for most listings. */
export interface Listed {
  rows: readonly ListedRow[];
  /** HeyReach has no more rows. */
  isAll: boolean;
  /** HeyReach's own total. */
  total: number | undefined;
}

/** A listing, perhaps narrowed. */
export interface ListingQuery {
  listing: Listing;
  keyword?: string | undefined;
  /** Only conversations of this sender. */
  accountId?: string | undefined;
}

interface ListingPage {
  rows: ListedRow[];
  total: number | undefined;
  /** The start of the next page. Undefined after the last page. */
  next: Start | undefined;
}

/** Undefined is the first page. */
type Start = NonNullable<InboxStart> | undefined;

type ReadPage = (client: HeyReachClient, start: Start, query: ListingQuery, call: CallOptions) => Promise<ListingPage>;

const PAGE_SIZE = 100;
const MAX_NAME = 120;

/**
 * Reads the newest rows of a listing, in pages of 100. A later page that fails ends the reading, and the rows before it are
 * returned.
 * @throws HeyReachError where the first page cannot be read.
 */
export async function readListing(
  query: ListingQuery,
  { client, call, maxPages }: { client: HeyReachClient; call: CallOptions; maxPages: number },
): Promise<Listed> {
  const readPage = PAGES[query.listing];
  let { rows, total, next } = await readPage(client, undefined, query, call);
  for (let pages = 1; pages < maxPages && next !== undefined; pages += 1) {
    const page = await readPage(client, next, query, call).catch(() => undefined);
    if (page === undefined) break;
    rows = [...rows, ...page.rows];
    next = page.next;
  }
  return { rows, isAll: next === undefined, total };
}

const PAGES: Record<Listing, ReadPage> = {
  campaigns: async (client, start, { keyword }, call) =>
    byOffset(start, await client.campaigns.getAll({ ...from(start), keyword }, call), ({ id, name }) =>
      rowOf('campaignId', id, name),
    ),
  lists: async (client, start, { keyword }, call) =>
    byOffset(start, await client.lists.getAll({ ...from(start), keyword }, call), ({ id, name }) =>
      rowOf('listId', id, name),
    ),
  'linkedin-accounts': async (client, start, { keyword }, call) =>
    byOffset(start, await client.linkedInAccounts.getAll({ ...from(start), keyword }, call), (account) =>
      rowOf('accountId', account.id, fullName(account)),
    ),
  async conversations(client, start, { keyword, accountId }, call) {
    const filters = {
      ...WHOLE_INBOX,
      searchString: keyword ?? null,
      linkedInAccountIds: accountId === undefined ? [] : [Number(accountId)],
    };
    const page = await readInboxPage(client, { start: start ?? null, limit: PAGE_SIZE, filters }, call);
    const rows = page.items.flatMap(({ id, linkedInAccountId, correspondentProfile: person }) => {
      const slug = slugOf(person?.profileUrl);
      const name = person?.companyName ? `${fullName(person)} (${person.companyName})` : fullName(person);
      if (linkedInAccountId == null) return [];
      return rowOf('conversationId', id, name).map((row) => ({
        ...row,
        accountId: String(linkedInAccountId),
        slug: slug !== undefined && isValue('slug', slug) ? slug : undefined,
      }));
    });
    return { rows, total: page.totalCount, next: page.next ?? undefined };
  },
};

function from(start: Start) {
  return { offset: Number(start ?? 0), limit: PAGE_SIZE };
}

function byOffset<Item>(
  start: Start,
  { items, totalCount }: { items?: Item[] | null | undefined; totalCount?: number | null | undefined },
  toRows: (item: Item) => ListedRow[],
): ListingPage {
  const page = items ?? [];
  const next = Number(start ?? 0) + page.length;
  const hasMore = page.length > 0 && (totalCount == null ? page.length === PAGE_SIZE : next < totalCount);
  return { rows: page.flatMap(toRows), total: totalCount ?? undefined, next: hasMore ? next : undefined };
}

/** @returns no row for an id that no resource URI can hold. */
function rowOf(variable: string, id: number | string | null | undefined, name: string | null | undefined): ListedRow[] {
  const value = String(id ?? '');
  if (!isValue(variable, value)) return [];
  const cleanName = sanitizeText(name ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return [{ id: value, name: [...cleanName].slice(0, MAX_NAME).join('') }];
}
