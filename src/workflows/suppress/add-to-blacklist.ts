import { type CallOptions, type HeyReachClient, HeyReachError } from '../../client/index.ts';
import { outcomesOf, type RowOutcome } from '../opt-outs/blacklist-rows.ts';
import {
  type BlacklistedLead,
  type BlacklistStatus,
  blacklistStatusOf,
  foundStatusOf,
  SEARCH_HAS_MORE,
  searchBlacklist,
} from '../opt-outs/blacklist-status.ts';
import { settle } from '../shared/settle.ts';
import { sideBySide } from '../shared/side-by-side.ts';

/** What HeyReach answered to adding people to the blacklist. */
export interface Blacklisting {
  rows: readonly RowOutcome[];
  error?: HeyReachError;
}

/** Where a person stands on the blacklist. */
export interface Listed {
  /** undefined where it could not be read. */
  status: BlacklistStatus | undefined;
  /** HeyReach accepted the entry. */
  isAccepted?: boolean;
  /** Why the person is not listed, where HeyReach did not accept the entry. */
  error?: HeyReachError | undefined;
  reason?: string | undefined;
}

/** Adds people to the blacklist in one call, at most 100. It protects all whom HeyReach can match at once. */
export async function addToBlacklist(
  profileUrls: readonly string[],
  client: HeyReachClient,
  call: CallOptions,
): Promise<Blacklisting> {
  const leads = profileUrls.map((profileUrl) => ({ profileUrl }));
  try {
    const response = await client.blacklist.addLeads({ leads }, call);
    return { rows: outcomesOf(leads, response ?? {}).outcomes };
  } catch (error) {
    if (!(error instanceof HeyReachError)) throw error;
    const isUnclear = error.outcome === 'refused' && error.afterUnclearAttempt;
    return { rows: [], error: isUnclear ? error.asUnknown() : error };
  }
}

const NEWEST = { offset: 0, limit: 100 };
const AT_ONCE = 5;

/** What is known of each person without reading the blacklist back. */
export function unreadListed(profileUrls: readonly string[], { rows, error }: Blacklisting): Listed[] {
  return profileUrls.map((_, index) => ({
    status: undefined,
    reason: 'the call was cancelled',
    isAccepted: rows[index]?.outcome === 'added' || rows[index]?.outcome === 'present',
    error,
  }));
}

/**
 * Reads the blacklist back: the newest entries in one request, and a search for each person who is not among them.
 * @returns one entry per URL, in their order.
 */
export async function readListed(
  profileUrls: readonly string[],
  { rows, error }: Blacklisting,
  client: HeyReachClient,
  call: CallOptions,
): Promise<Listed[]> {
  const newest = await settle(client.blacklist.getLeads(NEWEST, call));
  const entries = newest.ok ? (newest.value.items ?? []) : [];
  const tasks = profileUrls.map((profileUrl, index) => ({ profileUrl, entryId: rows[index]?.id, row: rows[index] }));
  return sideBySide(tasks, AT_ONCE, async ({ row, ...person }) => {
    const read = await readStatus(person, entries, client, call);
    const isListed = read.status !== undefined && read.status !== 'none';
    if (isListed) return { status: read.status };
    if (row?.outcome === 'invalid') return { ...read, reason: `refused: ${row.reason ?? 'HeyReach gave no reason'}` };
    return { ...read, error };
  });
}

async function readStatus(
  person: { profileUrl: string; entryId: unknown },
  newest: readonly BlacklistedLead[],
  client: HeyReachClient,
  call: CallOptions,
): Promise<Listed> {
  const status = blacklistStatusOf(newest, person);
  if (status !== 'none') return { status };
  const search = await settle(searchBlacklist(person.profileUrl, client, call));
  if (!search.ok) return { status: undefined, reason: search.error.message };
  const foundStatus = foundStatusOf(search.value, person);
  return foundStatus === undefined ? { status: undefined, reason: SEARCH_HAS_MORE } : { status: foundStatus };
}
