import type * as z from 'zod';
import type { CallOptions, HeyReachClient } from '../../client/index.ts';
import type { blacklistedLead, MATCHING_STATUSES } from '../../client/operations/blacklist.ts';
import { readProfileUrl } from '../../lib/linkedin-url.ts';

export type BlacklistedLead = z.infer<ReturnType<typeof blacklistedLead>>;
export type BlacklistStatus = (typeof MATCHING_STATUSES)[number] | 'none';

/** From the status that excludes the person to those that exclude no one. */
const BY_STRENGTH: readonly BlacklistStatus[] = ['Matched', 'BroadMatch', 'Matching', 'NotFound', 'none'];

/** Entries that a search found. `isAll` is false where it has more, so that their absence shows nothing. */
export interface FoundEntries {
  entries: BlacklistedLead[];
  isAll: boolean;
}

const LIMIT = 100;
export const SEARCH_HAS_MORE = 'the search of the blacklist has more entries than were read';

/** Reads the blacklist entries whose URL, name or member id contains a part of the person's profile URL, in one page. */
export async function searchBlacklist(
  profileUrl: string,
  client: HeyReachClient,
  call: CallOptions,
): Promise<FoundEntries> {
  const request = { search: searchTextOf(profileUrl), offset: 0, limit: LIMIT };
  const { items, totalCount } = (await client.blacklist.getLeads(request, call)) ?? {};
  const entries = items ?? [];
  const isAll = items != null && (totalCount == null ? entries.length < LIMIT : entries.length >= totalCount);
  return { entries, isAll };
}

/** The longest part of the slug that is written the same with and without percent-encoding. */
function searchTextOf(profileUrl: string): string {
  const url = readProfileUrl(profileUrl);
  const slug = url.ok ? url.slug : profileUrl;
  const parts = slug.split(/[^A-Za-z0-9_-]+/);
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '') || slug;
}

/**
 * The strongest status of the entries that mean this person: by profile URL, by member id, or by the id of an entry that
 * HeyReach gave for the person.
 */
export function blacklistStatusOf(
  entries: readonly BlacklistedLead[],
  person: { profileUrl: string; memberId?: string | null | undefined; entryId?: unknown },
): BlacklistStatus {
  const key = keyOf(person.profileUrl);
  const own = entries.filter(
    ({ id, profileUrl, linkedInMemberId }) =>
      (profileUrl != null && keyOf(profileUrl) === key) ||
      (linkedInMemberId != null && linkedInMemberId === person.memberId) ||
      // The entry may have another URL of the person.
      (id != null && person.entryId != null && String(id) === String(person.entryId)),
  );
  return strongestStatus(own.map(({ matchingStatus }) => matchingStatus));
}

/** The status of a person by the entries of a search. undefined where none means the person and the search has more. */
export function foundStatusOf(
  { entries, isAll }: FoundEntries,
  person: Parameters<typeof blacklistStatusOf>[1],
): BlacklistStatus | undefined {
  const status = blacklistStatusOf(entries, person);
  return status === 'none' && !isAll ? undefined : status;
}

/** The status of several entries of a person. */
export function strongestStatus(statuses: readonly (string | null | undefined)[]): BlacklistStatus {
  return BY_STRENGTH.find((status) => statuses.includes(status)) ?? 'none';
}

function keyOf(profileUrl: string): string {
  const url = readProfileUrl(profileUrl);
  return url.ok ? url.identity : profileUrl;
}
