import { canonicalProfileUrl, identityOf } from '../../lib/linkedin-url.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { isRunning } from '../leads/campaign-reach.ts';
import { strongestStatus } from '../opt-outs/blacklist-status.ts';
import { joinSameReasons, type MissingPart } from '../shared/incomplete.ts';
import type { Membership } from './campaign-parts.ts';
import { maxRequestsOf, openIndex } from './open-index.ts';
import { readPersonCampaigns } from './person-campaigns.ts';
import { indexKeysOf, isUnresolvedKey, knownUrl, memberKey } from './person-keys.ts';
import { type PeopleIndex, readPeopleIndex } from './read-people-index.ts';

const MAX_EXAMPLES = 3;

/** How many people are in a state, with the slugs of a few of them. */
export interface OverlapGroup {
  count: number;
  examples: string[];
}

/** How far people overlap with the outreach of a workspace. Null where it is unknown, and `incomplete` then says why. */
export interface Overlap {
  state: 'checked';
  /** In a campaign that is STARTING, IN_PROGRESS or SCHEDULED, and not excluded by it. */
  inRunningCampaigns: OverlapGroup | null;
  /** In a campaign of any status, the running ones included. */
  inAnyOtherCampaign: OverlapGroup | null;
  /** Of them, people who only wait in campaigns that do not run, and were not inserted into one yet. */
  onlyWaiting: OverlapGroup | null;
  inConversation: OverlapGroup | null;
  /** Of them, people who talk with no sender but those of `linkedInAccountIds`. Null without these too. */
  onlyWithOwnSenders: OverlapGroup | null;
  /** On the blacklist with the status Matched. No other status excludes a person. */
  blacklisted: OverlapGroup | null;
  /** People without a member id whose URL names no one, or holds an id of LinkedIn that HeyReach shows nowhere. */
  uncheckable: number;
  /** The seconds since the oldest part was read. */
  age: number;
  /** Requests that this check made. */
  requests: number;
  /** Parts that were not read. The counts are then lower bounds. */
  incomplete: MissingPart[];
}

/** The overlap, or why nothing was compared. */
export type OverlapResult = Overlap | { state: 'not_checked'; reason: string };

export interface OverlapOptions {
  /** The campaign whose people are checked. It is left out. */
  exceptCampaignId?: number | undefined;
  /** The senders of that campaign. */
  linkedInAccountIds?: readonly number[] | null | undefined;
  /** The requests that the check may make. */
  maxRequests?: number | undefined;
}

/**
 * How many of these people are in campaigns, in conversations or on the blacklist already.
 * @param people slugs or profile URLs. A person is also found by the member id alone.
 * @throws HeyReachError only when the call is cancelled.
 */
export async function overlapOf(
  people: readonly (string | { profileUrl: string; memberId?: string | null | undefined })[],
  context: ToolContext,
  { exceptCampaignId, linkedInAccountIds, maxRequests = maxRequestsOf(context.call) }: OverlapOptions = {},
): Promise<OverlapResult> {
  const source = await openIndex(context);
  const read = await readPeopleIndex(source, {
    checks: ['campaigns', 'conversations', 'blacklist'],
    maxRequests,
    exceptCampaignId,
  });
  if (read.state === 'not_checked') return read;
  const { index } = read;
  const readable = new Map<string, OverlapPerson>();
  let unreadable = 0;
  for (const person of people) {
    const { profileUrl, memberId } = typeof person === 'string' ? { profileUrl: person, memberId: undefined } : person;
    const key = identityOf(profileUrl) ?? memberKey(memberId);
    if (key === undefined) unreadable += 1;
    else
      readable.set(key, {
        url: key.startsWith('id/') ? '' : canonicalProfileUrl(profileUrl),
        memberId: memberId ?? undefined,
      });
  }
  const keys = indexKeysOf(readable, index.lists);
  const indexed = new Map(
    [...readable].map(([key, { url }]) => [
      key,
      { url: knownUrl(url, keys.get(key) ?? []), keys: keys.get(key) ?? [] },
    ]),
  );
  const { byPerson, incomplete } = await readPersonCampaigns(indexed, index, source, { exceptCampaignId, maxRequests });
  const { blacklist } = index;
  const known = index.conversations;
  const conversations = known && { has: (key: string) => keys.get(key)?.some((alias) => known.has(alias)) === true };
  const ownIds = linkedInAccountIds == null ? undefined : new Set(linkedInAccountIds);
  const talksOnlyWith = (own: ReadonlySet<number>) => (key: string) => {
    const all = (keys.get(key) ?? []).flatMap((alias) => known?.get(alias) ?? []);
    return all.length > 0 && all.every(({ linkedInAccountId }) => own.has(linkedInAccountId));
  };
  const isListed = statusIn(index);
  const group = (isIn: ((key: string) => boolean) | undefined) => (isIn === undefined ? null : groupOf(readable, isIn));
  const isAnywhere = (key: string) => byPerson?.has(key) || conversations?.has(key) || blacklist?.byKey.has(key);
  const isCompared = (key: string) => !isUnresolvedKey(key) || (keys.get(key)?.length ?? 0) > 1 || isAnywhere(key);
  const uncomparable = [...readable.keys()].filter((key) => !isCompared(key));
  return {
    state: 'checked',
    inRunningCampaigns: group(byPerson && ((key) => byPerson.get(key)?.some(mayContact) === true)),
    inAnyOtherCampaign: group(byPerson && ((key) => byPerson.has(key))),
    onlyWaiting: group(byPerson && ((key) => byPerson.get(key)?.every(onlyWaits) === true)),
    inConversation: group(conversations && ((key) => conversations.has(key))),
    onlyWithOwnSenders: group(known && ownIds && talksOnlyWith(ownIds)),
    blacklisted: group(blacklist && ((key) => isListed(key, readable.get(key)?.memberId) === 'Matched')),
    uncheckable: unreadable + uncomparable.length,
    age: index.age,
    requests: source.requests(),
    incomplete: joinSameReasons([...index.incomplete, ...incomplete]),
  };
}

interface OverlapPerson {
  url: string;
  memberId: string | undefined;
}

function mayContact({ status, leadStatus }: Membership): boolean {
  return isRunning({ status }) && leadStatus !== 'Excluded';
}

/** HeyReach has not calculated yet whether the campaign excludes the person. */
function onlyWaits({ status, leadStatus }: Membership): boolean {
  return leadStatus === 'PendingOrExcludedToBeCalculated' && !isRunning({ status });
}

/** The status of a person on the blacklist, by profile URL and by each member id that is known. */
function statusIn({ blacklist, lists }: PeopleIndex) {
  return (key: string, memberId: string | undefined) => {
    if (blacklist === undefined) return 'none';
    const ids = [memberId, key.slice(key.indexOf('/') + 1), ...lists.map(({ idByKey }) => idByKey.get(key))];
    return strongestStatus([
      blacklist.byKey.get(key),
      ...ids.map((id) => (id === undefined ? undefined : blacklist.byMemberId.get(id))),
    ]);
  };
}

function groupOf(people: ReadonlyMap<string, unknown>, isIn: (key: string) => boolean): OverlapGroup {
  const matching = [...people.keys()].filter(isIn);
  return {
    count: matching.length,
    examples: matching.slice(0, MAX_EXAMPLES).map((key) => key.slice(key.indexOf('/') + 1)),
  };
}
