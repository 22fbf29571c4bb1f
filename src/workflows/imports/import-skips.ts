import { HeyReachError } from '../../client/index.ts';
import { canonicalProfileUrl } from '../../lib/linkedin-url.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { isRunning } from '../leads/campaign-reach.ts';
import { strongestStatus } from '../opt-outs/blacklist-status.ts';
import { readTaggedPeople } from '../opt-outs/opt-out-tags.ts';
import type { Membership } from '../people-index/campaign-parts.ts';
import type { ContactCheck } from '../people-index/index-starts.ts';
import { openIndex } from '../people-index/open-index.ts';
import { readPersonCampaigns } from '../people-index/person-campaigns.ts';
import { indexKeysOf, isUnresolvedKey, knownUrl } from '../people-index/person-keys.ts';
import { type PeopleIndex, readPeopleIndex } from '../people-index/read-people-index.ts';
import { joinSameReasons, type MissingPart } from '../shared/incomplete.ts';
import type { SourceRow } from './lead-rows.ts';

/** Why a row that could be sent is left out. The first that fits counts. */
export const SKIPS = [
  ...(['do_not_contact', 'blacklisted', 'in_running_campaign', 'in_any_campaign', 'in_any_list'] as const),
  'in_conversation',
] as const;
export type Skip = (typeof SKIPS)[number];
export const DEFAULT_SKIPS: readonly Skip[] = [
  ...(['in_running_campaign', 'in_conversation', 'blacklisted', 'do_not_contact'] as const),
];

/** The part of the people index that a reason needs. */
const CHECK_OF: Partial<Record<Skip, ContactCheck>> = {
  blacklisted: 'blacklist',
  in_running_campaign: 'campaigns',
  in_any_campaign: 'campaigns',
  in_any_list: 'lists',
  in_conversation: 'conversations',
};

/** The list and the campaigns of the target itself. Being in one of them is no reason to skip a person. */
export interface OwnTarget {
  listId: number | undefined;
  campaignIds: readonly number[];
}

export interface Skips {
  /** Why a row is left out. undefined for a row that goes. */
  reasonOf(row: SourceRow): Skip | undefined;
  /** Whether something could not be compared that could leave the row out. */
  isUnread(row: SourceRow): boolean;
  incomplete: MissingPart[];
}

interface SkipScope {
  skip: readonly Skip[];
  own: OwnTarget;
}

/**
 * Finds out which people are left out: by the do-not-contact list of the server and the tag, and by what the workspace knows of them.
 * @throws HeyReachError `not_sent` where a part of the workspace that a reason needs could not be read to its end.
 */
export async function readSkips(
  rows: readonly SourceRow[],
  { skip, own }: SkipScope,
  context: ToolContext,
): Promise<Skips> {
  const reasons = SKIPS.filter((reason) => skip.includes(reason));
  const checks = [...new Set(reasons.flatMap((reason) => CHECK_OF[reason] ?? []))];
  const known = checks.length === 0 || rows.length === 0 ? NOTHING : await readKnown(rows, checks, context);
  const tagged =
    reasons.includes('do_not_contact') && rows.length > 0
      ? await readTaggedPeople(context)
      : { keys: NO_KEYS, incomplete: [] };
  const isListed = ({ lead, companyDomain, identity = '' }: SourceRow) =>
    context.doNotContact?.find({ ...lead, companyDomain }) !== undefined ||
    known.keysOf(identity).some((key) => tagged.keys.has(key));
  return {
    reasonOf: (row) =>
      reasons.find((reason) =>
        reason === 'do_not_contact' ? isListed(row) : known.has(reason, row.identity ?? '', own),
      ),
    isUnread: ({ identity = '' }) => known.isUnread(identity),
    incomplete: [...known.incomplete, ...tagged.incomplete],
  };
}

/** What the workspace knows of people, by comparison key. */
interface Known {
  has(reason: Skip, person: string, own: OwnTarget): boolean;
  isUnread(person: string): boolean;
  /** All comparison keys of a person. */
  keysOf(person: string): readonly string[];
  incomplete: MissingPart[];
}

const NOTHING: Known = { has: () => false, isUnread: () => false, keysOf: (person) => [person], incomplete: [] };
const NO_KEYS: ReadonlySet<string> = new Set();

async function readKnown(
  rows: readonly SourceRow[],
  checks: readonly ContactCheck[],
  context: ToolContext,
): Promise<Known> {
  const people = new Map(
    rows.flatMap(({ identity, url }) =>
      identity === undefined ? [] : [[identity, { url: canonicalProfileUrl(url), memberId: undefined }] as const],
    ),
  );
  const source = await openIndex(context);
  // The time of the call is the bound. Parts stay for ten minutes, so that the next call goes on.
  const read = await readPeopleIndex(source, { checks, maxRequests: Number.POSITIVE_INFINITY });
  if (read.state === 'not_checked') throw notChecked(checks, read.reason);
  const { index } = read;
  const cut = checks.filter((check) => index.gaps[check] || (check === 'campaigns' && index.gaps.lists));
  if (cut.length > 0) throw notChecked(cut, index.incomplete[0]?.reason ?? 'not read to the end');
  const keys = indexKeysOf(people, index.lists);
  const keysFor = (person: string) => keys.get(person) ?? [person];
  const indexed = new Map(
    [...people].map(([key, { url }]) => [key, { url: knownUrl(url, keysFor(key)), keys: keysFor(key) }]),
  );
  const campaigns = checks.includes('campaigns')
    ? await readPersonCampaigns(indexed, index, source, { maxRequests: Number.POSITIVE_INFINITY })
    : undefined;
  if (campaigns !== undefined && campaigns.byPerson === undefined) {
    throw notChecked(['campaigns'], campaigns.incomplete[0]?.reason ?? 'not read');
  }
  return {
    has: (reason, person, own) =>
      isKnown(reason, keysFor(person), { index, memberships: campaigns?.byPerson?.get(person) ?? [], own }),
    keysOf: keysFor,
    isUnread: (person) =>
      campaigns?.unread.has(person) === true || (isUnresolvedKey(person) && keysFor(person).length === 1),
    incomplete: joinSameReasons([...index.incomplete, ...(campaigns?.incomplete ?? [])]),
  };
}

interface Facts {
  index: PeopleIndex;
  memberships: readonly Membership[];
  own: OwnTarget;
}

function isKnown(reason: Skip, keys: readonly string[], { index, memberships, own }: Facts): boolean {
  const campaigns = memberships.filter(({ campaignId }) => !own.campaignIds.includes(campaignId ?? 0));
  switch (reason) {
    case 'do_not_contact':
      return false;
    case 'blacklisted':
      return isBlacklisted(keys, index);
    case 'in_running_campaign':
      return campaigns.some(({ status, leadStatus }) => isRunning({ status }) && leadStatus !== 'Excluded');
    case 'in_any_campaign':
      return campaigns.length > 0;
    case 'in_any_list':
      return index.lists.some(({ list, idByKey }) => list.id !== own.listId && keys.some((key) => idByKey.has(key)));
    case 'in_conversation':
      return keys.some((key) => index.conversations?.has(key));
  }
}

/** HeyReach excludes only people with the status Matched. */
function isBlacklisted(keys: readonly string[], { blacklist }: PeopleIndex): boolean {
  if (blacklist === undefined) return false;
  const statuses = keys.flatMap((key) => [
    blacklist.byKey.get(key),
    blacklist.byMemberId.get(key.slice(key.indexOf('/') + 1)),
  ]);
  return strongestStatus(statuses) === 'Matched';
}

/** A check that was not read to its end would let people through. */
function notChecked(checks: readonly ContactCheck[], reason: string): HeyReachError {
  return new HeyReachError({
    kind: 'not_checked',
    outcome: 'not_sent',
    message: `The people could not be compared with ${checks.join(', ')}: ${reason}.`,
    meaning: 'Nothing was sent.',
    nextStep:
      'Call without confirmToken: the comparison then continues as a job, and what it reads is kept for ten minutes. With `--confirm off`, call again to read the rest. Or remove the reasons that need it from skip.',
  });
}
