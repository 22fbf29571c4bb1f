import { type CallOptions, type HeyReachClient, HeyReachError } from '../../client/index.ts';
import { readAllPages } from '../../lib/read-pages.ts';
import type { MissingPart } from './incomplete.ts';
import { settle } from './settle.ts';

/** The ids that a call filters by. An empty filter selects all. */
export interface IdFilters {
  linkedInAccountIds?: readonly number[] | undefined;
  campaignIds?: readonly number[] | undefined;
}

const KINDS = {
  linkedInAccountIds: {
    title: 'LinkedIn account',
    listTool: 'list_linkedin_accounts',
    reason: 'not among the senders read',
  },
  campaignIds: { title: 'campaign', listTool: 'list_campaigns', reason: 'HeyReach lists no such campaign' },
} as const;
type Filter = keyof typeof KINDS;

/** Which ids of filters the workspace does not have. HeyReach answers for such an id as for one without activity. */
export interface UnlistedIds {
  incomplete: MissingPart[];
  /** The error of a call that finds nothing because a filter names only such ids. */
  none: HeyReachError | undefined;
}

const MAX_PAGES = 30;
const MAX_SHOWN = 10;

/** Compares the ids of one filter with a listing. `isAll` is false where HeyReach may have more. */
export function compareIds(
  filter: Filter,
  ids: readonly number[] = [],
  { rows, isAll }: { rows: readonly { id?: number | null | undefined }[]; isAll: boolean },
): UnlistedIds {
  const { title, listTool, reason } = KINDS[filter];
  const listed = new Set(rows.map(({ id }) => id));
  const unlisted = [...new Set(ids)].filter((id) => !listed.has(id));
  const isNone = isAll && unlisted.length > 0 && ids.every((id) => !listed.has(id));
  const shown = unlisted.slice(0, MAX_SHOWN).join(', ');
  return {
    incomplete: unlisted.map((id) => ({ part: `${title} ${id}`, reason })),
    none: !isNone
      ? undefined
      : new HeyReachError({
          kind: 'bad_request',
          outcome: 'not_sent',
          afterReads: true,
          message: `The workspace has no ${title} ${shown}.`,
          meaning: 'The filter selects nothing, so a zero would say nothing about the workspace.',
          nextStep: `Take the ids from ${listTool}.`,
        }),
  };
}

/** Reads the listings of filters that are given, and compares the ids with them. A listing takes a request for 100 rows. */
export async function readUnlistedIds(
  filters: IdFilters,
  client: HeyReachClient,
  call: CallOptions,
): Promise<UnlistedIds> {
  const read = {
    linkedInAccountIds: (page: { offset: number; limit: number }) => client.linkedInAccounts.getAll(page, call),
    campaignIds: (page: { offset: number; limit: number }) => client.campaigns.getAll(page, call),
  };
  const used = (Object.keys(KINDS) as Filter[]).filter((filter) => (filters[filter]?.length ?? 0) > 0);
  const compared = await Promise.all(
    used.map(async (filter): Promise<UnlistedIds> => {
      const ids = filters[filter] ?? [];
      const isEnough = (rows: readonly { id?: number | null | undefined }[]) =>
        ids.every((id) => rows.some((row) => row.id === id));
      const listing = await settle(
        readAllPages<{ id?: number | null | undefined }>(read[filter], { maxPages: MAX_PAGES, isEnough }),
      );
      if (listing.ok) return compareIds(filter, ids, listing.value);
      return { incomplete: [{ part: `check of ${filter}`, reason: listing.error.message }], none: undefined };
    }),
  );
  return {
    incomplete: compared.flatMap(({ incomplete }) => incomplete),
    none: compared.find(({ none }) => none !== undefined)?.none,
  };
}

/**
 * Checks the filters of an operation whose result is empty.
 * @throws HeyReachError where a filter names only ids that the workspace does not have.
 */
export async function assertListed(
  filters: IdFilters,
  { client, call }: { client: HeyReachClient; call: CallOptions },
): Promise<void> {
  const { none } = await readUnlistedIds(filters, client, call);
  if (none !== undefined) throw none;
}
