import type { CallOptions, HeyReachClient } from '../client/index.ts';
import type { Listing } from '../resources/touched.ts';
import { isValue } from '../resources/uri.ts';
import { cleanText } from '../tools/clean.ts';
import { WHOLE_INBOX } from '../tools/inbox/filters.ts';
import { slugOf } from '../tools/profile-url.ts';
import type { Row } from './match.ts';

/** A row of a listing: what is kept of it, and no more. */
export interface ListedRow extends Row {
  /** The sender of a conversation. */
  accountId?: string;
  /** The person of a conversation. */
  slug?: string | undefined;
}

/** What was read of a listing, newest first where HeyReach orders so. */
export interface Listed {
  rows: readonly ListedRow[];
  /** There are no more. */
  isAll: boolean;
  /** How many HeyReach counts. */
  total: number | undefined;
}

/** Which rows are wanted; everything where nothing is said. */
export interface Wanted {
  keyword?: string | undefined;
  /** Only conversations of this sender. */
  accountId?: string | undefined;
}

interface Page {
  rows: ListedRow[];
  total: number | undefined;
  /** Where the next page begins, undefined behind the last. */
  next: Start | undefined;
}

/** An offset, or a cursor of HeyReach's; undefined is the beginning. */
type Start = number | string | undefined;

type ReadPage = (client: HeyReachClient, start: Start, wanted: Wanted, call: CallOptions) => Promise<Page>;

const A_PAGE = 100;
const MAX_NAME = 120;

/**
 * Reads the newest rows of a listing, so many pages of a hundred at most. What could be read is answered where a further
 * page cannot.
 * @throws HeyReachError where not even the first page can be read.
 */
export async function readListing(
  listing: Listing,
  { client, call, mostPages }: { client: HeyReachClient; call: CallOptions; mostPages: number },
  wanted: Wanted = {},
): Promise<Listed> {
  const readPage = PAGES[listing];
  let { rows, total, next } = await readPage(client, undefined, wanted, call);
  for (let pages = 1; pages < mostPages && next !== undefined; pages += 1) {
    const page = await readPage(client, next, wanted, call).catch(() => undefined);
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
    const cursor = typeof start === 'string' ? start : null;
    const page = await client.inbox.getConversationsV3({ limit: A_PAGE, cursor, filters }, call);
    const rows = (page.items ?? []).flatMap(({ id, linkedInAccountId, correspondentProfile: person }) => {
      const slug = slugOf(person?.profileUrl);
      const name = person?.companyName ? `${fullName(person)} (${person.companyName})` : fullName(person);
      if (linkedInAccountId == null) return [];
      return rowOf('conversationId', id, name).map((row) => ({
        ...row,
        accountId: String(linkedInAccountId),
        slug: slug !== undefined && isValue('slug', slug) ? slug : undefined,
      }));
    });
    return {
      rows,
      total: page.totalCount ?? undefined,
      next: page.hasNextPage ? (page.nextCursor ?? undefined) : undefined,
    };
  },
};

function from(start: Start) {
  return { offset: Number(start ?? 0), limit: A_PAGE };
}

function byOffset<Item>(
  start: Start,
  { items, totalCount }: { items?: Item[] | null | undefined; totalCount?: number | null | undefined },
  toRows: (item: Item) => ListedRow[],
): Page {
  const read = items ?? [];
  const next = Number(start ?? 0) + read.length;
  const hasMore = read.length > 0 && (totalCount == null ? read.length === A_PAGE : next < totalCount);
  return { rows: read.flatMap(toRows), total: totalCount ?? undefined, next: hasMore ? next : undefined };
}

/** @returns no row for an id that nothing could be read by. */
function rowOf(variable: string, id: number | string | null | undefined, name: string | null | undefined): ListedRow[] {
  const value = String(id ?? '');
  if (!isValue(variable, value)) return [];
  const shown = cleanText(name ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return [{ id: value, name: [...shown].slice(0, MAX_NAME).join('') }];
}

function fullName(
  person: { firstName?: string | null | undefined; lastName?: string | null | undefined } | null | undefined,
): string {
  return [person?.firstName, person?.lastName].filter(Boolean).join(' ');
}
