import type * as z from 'zod';
import type { blacklistedLead } from '../../client/operations/blacklist.ts';
import { identityOf } from '../../lib/linkedin-url.ts';
import { type BlacklistStatus, strongestStatus } from '../opt-outs/blacklist-status.ts';
import type { MissingPart } from '../shared/incomplete.ts';
import type { PartRead } from './part-cache.ts';
import { PAGE_ROWS } from './plan.ts';
import { readPagedRows } from './read-paged-rows.ts';
import { gapOf, type PartSource } from './source.ts';

type BlacklistedLead = z.infer<ReturnType<typeof blacklistedLead>>;
const MAX_PAGES = 4;

export interface BlacklistStart {
  totalCount?: number | null | undefined;
  items?: BlacklistedLead[] | null | undefined;
}

/** The status of each entry by the comparison key and by the member id of its person. */
export interface Blacklist {
  byKey: Map<string, BlacklistStatus>;
  byMemberId: Map<string, BlacklistStatus>;
  incomplete: MissingPart[];
}

/** The first page of the blacklist, which says how many entries there are. */
export async function readBlacklistStart({ client, call }: PartSource): Promise<PartRead<BlacklistStart>> {
  const page = await client.blacklist.getLeads({ offset: 0, limit: PAGE_ROWS }, call);
  return { value: page, rows: PAGE_ROWS, isWhole: true };
}

/** Reads the whole blacklist. @param first its first page, where it was read a moment ago. */
export async function readBlacklist(
  first: BlacklistStart | undefined,
  { client, call, time }: PartSource,
): Promise<PartRead<Blacklist>> {
  const { rows, gap } = await readPagedRows((page) => client.blacklist.getLeads(page, call), {
    limit: PAGE_ROWS,
    most: MAX_PAGES,
    first,
  });
  const byKey = new Map<string, BlacklistStatus>();
  const byMemberId = new Map<string, BlacklistStatus>();
  for (const { profileUrl, linkedInMemberId, matchingStatus } of rows) {
    add(byKey, identityOf(profileUrl), matchingStatus);
    add(byMemberId, linkedInMemberId || undefined, matchingStatus);
  }
  return {
    value: { byKey, byMemberId, incomplete: gapOf('blacklist', gap, time) },
    rows: rows.length,
    isWhole: gap === undefined,
  };
}

function add(statuses: Map<string, BlacklistStatus>, key: string | undefined, status: string | null | undefined): void {
  if (key === undefined) return;
  statuses.set(key, strongestStatus([statuses.get(key), status]));
}
