import type * as z from 'zod';
import type { Campaign } from '../../client/operations/campaigns.ts';
import type { LeadProfile } from '../../client/operations/fields.ts';
import type { list } from '../../client/operations/lists.ts';
import { identityOf } from '../../lib/linkedin-url.ts';
import { quoteName } from '../../lib/outside-text.ts';
import { countNoun } from '../../lib/text-format.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import type { PartRead } from './part-cache.ts';
import { memberKey } from './person-keys.ts';
import { LIST_PAGE_ROWS, PAGE_ROWS } from './plan.ts';
import { type RowsRead, readPagedRows } from './read-paged-rows.ts';
import { gapOf, type PartSource } from './source.ts';

export type List = z.infer<ReturnType<typeof list>>;

/** Pages of one list that are read side by side. A page of 1,000 members can have 1 MB. */
const MAX_LIST_PAGES = 2;
const MAX_PAGES = 4;

/** The rows of a listing, and which rows are missing. */
export interface Listing<Row> {
  rows: Row[];
  incomplete: MissingPart[];
}

/** The lists of people. Lists of companies hold no one. */
export async function readLists({ client, call, time }: PartSource): Promise<PartRead<Listing<List>>> {
  const { rows, gap } = await readPagedRows((page) => client.lists.getAll(page, call), {
    limit: PAGE_ROWS,
    most: MAX_PAGES,
  });
  const value = {
    rows: rows.filter(({ listType }) => listType !== 'COMPANY_LIST'),
    incomplete: gapOf('lists', gap, time),
  };
  return { value, rows: rows.length, isWhole: gap === undefined };
}

/** Reads all campaigns of the workspace. */
export async function readCampaigns({ client, call, time }: PartSource): Promise<PartRead<Listing<Campaign>>> {
  const { rows, gap } = await readPagedRows((page) => client.campaigns.getAll(page, call), {
    limit: PAGE_ROWS,
    most: MAX_PAGES,
  });
  return { value: { rows, incomplete: gapOf('campaigns', gap, time) }, rows: rows.length, isWhole: gap === undefined };
}

/** The comparison keys of the members of a list, with their member ids as far as HeyReach has them. */
export interface Members {
  idByKey: Map<string, string>;
  incomplete: MissingPart[];
}

/** Reads the members of a list, 1,000 a request. */
export async function readMembers(list: List & { id: number }, source: PartSource): Promise<PartRead<Members>> {
  const { rows, gap } = await readListRows(list.id, source, memberOf);
  return {
    value: toMembers(list, rows, gapOf(membersTitle(list), gap, source.time)),
    rows: rows.length,
    isWhole: !gap,
  };
}

/** Reads what `pick` takes of each member of a list, so that no whole profile stays in memory. */
export function readListRows<Row>(
  listId: number,
  { client, call, progress }: PartSource,
  pick: (profile: LeadProfile) => Row,
): Promise<RowsRead<Row>> {
  const read = async (page: { offset: number; limit: number }) => {
    const { items, totalCount } = await client.lists.getLeads({ listId, ...page }, call);
    await progress.add((items ?? []).length);
    return { totalCount, items: items?.map(pick) };
  };
  return readPagedRows(read, { limit: LIST_PAGE_ROWS, most: MAX_LIST_PAGES });
}

/** The comparison key of a member, and the member id. */
export type Member = readonly [key: string | undefined, memberId: string];

/** A row of a list as the index keeps it: key and member id. */
export function memberOf({ profileUrl, linkedin_id: memberId }: LeadProfile): Member {
  return [identityOf(profileUrl) ?? memberKey(memberId), memberId ?? ''];
}

/** Members by their keys. Those without a key are among what is missing. */
export function toMembers(list: List, rows: readonly Member[], gaps: readonly MissingPart[]): Members {
  const idByKey = new Map<string, string>();
  let unknown = 0;
  for (const [key, memberId] of rows) {
    if (key === undefined) unknown += 1;
    else idByKey.set(key, memberId);
  }
  const incomplete = [
    ...gaps,
    ...(unknown === 0
      ? []
      : [
          {
            part: `${countNoun(unknown, 'person', 'people')} of the ${membersTitle(list)}`,
            reason: 'without a readable profile URL or a member id',
          },
        ]),
  ];
  return { idByKey, incomplete };
}

/** The name of the part of an index that has the members of a list with their names. */
export function peoplePart(listId: number): string {
  return `list ${listId} people`;
}

/** What `incomplete` calls the members of a list. */
export function membersTitle({ id, name }: List): string {
  return `members of list ${id}${name ? ` ${quoteName(name)}` : ''}`;
}
