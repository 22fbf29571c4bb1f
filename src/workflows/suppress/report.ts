import type { HeyReachError } from '../../client/index.ts';
import { identityOf } from '../../lib/linkedin-url.ts';
import type { ToolOutput } from '../../mcp/tool.ts';
import { type CampaignOfLead, UNKNOWN_URL } from '../leads/campaign-reach.ts';
import type { Person, PersonItem } from '../leads/person-rows.ts';
import { isUnresolvedKey } from '../people-index/person-keys.ts';
import { incompleteIf, type MissingPart } from '../shared/incomplete.ts';
import { gravest, isRepeatable, reportOutcomes, type WriteResult } from '../shared/outcomes.ts';
import type { Settled } from '../shared/settle.ts';
import { toTable } from '../shared/table.ts';
import type { TagState } from './add-tag.ts';
import type { Listed } from './add-to-blacklist.ts';
import type { FeedingList, FeedingLists } from './feeding-lists.ts';
import type { StopReport } from './stop-in-campaigns.ts';

/** The requests about one person and their results. */
export interface Suppressed {
  person: Person;
  /** undefined where the person was not begun: `notBegun` says why. */
  stops?: StopReport | undefined;
  notBegun?: HeyReachError;
  tag?: WriteResult<TagState>;
  /** undefined where no entry was asked for. */
  listed?: Listed | undefined;
  /** undefined where the lists were not read, because the blacklist excludes the person. */
  lists?: Settled<FeedingLists> | undefined;
}

const NOT_WHOLE = 'not read whole';

/** The row of one person. */
interface SuppressedItem extends PersonItem {
  isClear: boolean;
  stopped?: number[];
  alreadyThrough?: number[];
  blacklist?: string | undefined;
  tag?: string | undefined;
  lists?: number[];
  /** Only another URL can help: HeyReach knows no person by this one. */
  needsUrl: boolean;
}

/** The result of a suppression: an outcome per row, and whether nothing can contact any of the people any more. */
export function reportSuppression(
  suppressed: readonly Suppressed[],
  others: readonly PersonItem[],
  isBlacklisting: boolean,
): ToolOutput {
  const people = suppressed.map((entry) => itemOf(entry, isBlacklisting));
  // A row that repeats a person is as clear as the first one.
  const rest = others.map(
    (item): SuppressedItem => ({
      ...item,
      isClear: item.outcome === 'duplicate',
      needsUrl: false,
    }),
  );
  const items = [...people, ...rest];
  const open = items.filter(({ isClear }) => !isClear).length;
  const remaining = people.filter((item) => isRepeatable(item) && !item.needsUrl).map(({ person }) => person);
  const campaigns = campaignsIn(suppressed);
  const lists = listsIn(suppressed);
  const nextStep = nextStepOf(people, { remaining, lists });
  return reportOutcomes<SuppressedItem>(
    items,
    {
      index: ({ index }) => index,
      person: ({ person }) => person,
      outcome: ({ outcome }) => outcome,
      stopped: ({ stopped }) => stopped,
      alreadyThrough: ({ alreadyThrough }) => alreadyThrough,
      blacklist: ({ blacklist }) => blacklist,
      tag: ({ tag }) => tag,
      lists: ({ lists }) => lists,
    },
    {
      clear: open === 0,
      ...(open === 0 ? {} : { reason: `${open} of ${items.length} rows are not clear: see their notes.` }),
      ...(remaining.length === 0 ? {} : { remaining }),
      ...(campaigns.length === 0
        ? {}
        : {
            campaigns: toTable(campaigns, {
              campaignId: ({ campaignId }) => campaignId,
              name: ({ campaignName }) => campaignName,
              status: ({ campaignStatus }) => campaignStatus,
            }),
          }),
      ...(lists.length === 0
        ? {}
        : {
            lists: toTable(lists, {
              listId: ({ listId }) => listId,
              name: ({ name }) => name,
              feeds: ({ campaignIds }) => campaignIds,
            }),
          }),
      ...incompleteIf(missingIn(suppressed)),
      ...(nextStep === '' ? {} : { nextStep }),
    },
  );
}

function itemOf(entry: Suppressed, isBlacklisting: boolean): SuppressedItem {
  const { person, stops, notBegun, tag, listed, lists } = entry;
  const failed = [
    ...(notBegun === undefined ? [] : [{ reason: notBegun.message, error: notBegun }]),
    ...(stops?.open ?? []).map(({ campaignId, reason, error }) => ({
      reason: `${campaignId === undefined ? 'a campaign' : `campaign ${campaignId}`}: ${reason}`,
      error,
    })),
    ...(tag === undefined || tag.ok ? [] : [{ reason: `tag: ${tag.error.message}`, error: tag.error }]),
    ...(isBlacklisting ? blacklistFailure(listed) : []),
  ];
  const error = gravest(failed);
  const isListed = listed?.status !== undefined && listed.status !== 'none';
  const wasAccepted =
    isListed ||
    listed?.isAccepted === true ||
    (tag?.ok === true && tag.value !== 'unknown_person') ||
    (stops !== undefined &&
      (stops.stopped.length > 0 ||
        stops.open.some(({ campaignId, error }) => campaignId !== undefined && error === undefined)));
  const unknown = unknownReason(entry);
  const needsUrl = unknown !== undefined && failed.length === 0;
  const open = needsUrl && !wasAccepted ? ('refused' as const) : ('not_confirmed' as const);
  const ok = failed.length === 0 && !needsUrl ? ('done' as const) : open;
  const outcome = error === undefined ? ok : wasAccepted ? 'partial' : error.outcome;
  const later = laterContact({ listed, lists }, isBlacklisting);
  const remarks = tag?.ok === true && tag.value === 'unknown_person' ? ['tag: HeyReach has no such person'] : [];
  const notes = [...(unknown ?? []), ...failed.map(({ reason }) => reason), ...later, ...remarks];
  return {
    index: person.index,
    person: person.shown,
    outcome,
    isClear: outcome === 'done' && later.length === 0,
    needsUrl,
    error,
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
    ...(stops === undefined ? {} : { stopped: stops.stopped, alreadyThrough: stops.through }),
    blacklist: listed?.status,
    ...(tag?.ok === true ? { tag: tag.value } : {}),
    ...(lists?.ok === true ? { lists: lists.value.lists.map(({ listId }) => listId) } : {}),
  };
}

/**
 * Why HeyReach seems to know no person by a URL, where no read and no write showed one. A Sales Navigator URL without a campaign
 * shows nothing of the campaigns that know the person by another URL.
 */
function unknownReason({ person, stops, tag, listed, lists }: Suppressed): [string] | undefined {
  if (stops?.isUnknown !== true) return undefined;
  if (isUnresolvedKey(identityOf(person.url) ?? '')) return [UNKNOWN_URL];
  const isTagged = tag?.ok === true && tag.value !== 'unknown_person';
  const isKnown = isTagged || listed?.status === 'Matched' || (lists?.ok === true && lists.value.isMember);
  return isKnown ? undefined : ['HeyReach knows no person by this URL: check the URL'];
}

/** Why a person is not on the blacklist, or not known to be. */
function blacklistFailure(listed: Suppressed['listed']): { reason: string; error?: Suppressed['notBegun'] }[] {
  if (listed === undefined) return [{ reason: 'blacklist: not read back' }];
  const { status, error, reason } = listed;
  if (status !== undefined && status !== 'none') return [];
  if (error !== undefined) return [{ reason: `blacklist: ${error.message}`, error }];
  if (status === undefined) return [{ reason: `blacklist: not read back (${reason})` }];
  return [{ reason: `blacklist: ${reason ?? 'HeyReach accepted the person, but does not list them'}` }];
}

/** What can contact a person later, although everything was done. */
function laterContact({ listed, lists }: Pick<Suppressed, 'listed' | 'lists'>, isBlacklisting: boolean): string[] {
  const status = listed?.status;
  if (isBlacklisting) {
    return status === undefined || status === 'none' || status === 'Matched'
      ? []
      : [`blacklist: only Matched excludes this person, and the entry is ${status}`];
  }
  if (lists === undefined) return [];
  if (!lists.ok) return [`lists: not read (${lists.error.message})`];
  return [
    ...lists.value.lists.map(({ listId, campaignIds }) => `list ${listId} feeds campaign ${campaignIds.join(', ')}`),
    ...(lists.value.isAll ? [] : [`lists: ${NOT_WHOLE}`]),
  ];
}

function nextStepOf(
  people: readonly SuppressedItem[],
  { remaining, lists }: { remaining: readonly string[]; lists: readonly FeedingList[] },
): string {
  const needsUrl = people.some((item) => item.needsUrl);
  const isUnmatched = people.some(({ blacklist }) => blacklist === 'Matching' || blacklist === 'NotFound');
  return [
    ...(remaining.length === 0 ? [] : ['Call again with remaining as profileUrls. Repeating a person does no harm.']),
    ...(needsUrl ? ['Where HeyReach knows no person, check the URL and call again with the right one.'] : []),
    ...(isUnmatched ? ['Only Matched excludes a person: read the status again with list_blacklisted_leads.'] : []),
    ...(lists.length === 0
      ? []
      : ['Lists that feed campaigns not yet started keep their people: remove_leads_from_list_by_url removes them.']),
  ].join(' ');
}

/** The campaigns that the rows name, each once. */
function campaignsIn(suppressed: readonly Suppressed[]): CampaignOfLead[] {
  const byId = new Map<number, CampaignOfLead>();
  for (const campaign of suppressed.flatMap(({ stops }) => stops?.campaigns ?? [])) {
    if (campaign.campaignId != null) byId.set(campaign.campaignId, campaign);
  }
  return [...byId.values()];
}

function listsIn(suppressed: readonly Suppressed[]): FeedingList[] {
  const feeding = suppressed.flatMap(({ lists }) => (lists?.ok === true ? lists.value.lists : []));
  return [...new Map(feeding.map((list) => [list.listId, list])).values()];
}

function missingIn(suppressed: readonly Suppressed[]): MissingPart[] {
  return suppressed.flatMap(({ person, lists }) => {
    if (lists === undefined || (lists.ok && lists.value.isAll)) return [];
    return [{ part: `lists of ${person.shown}`, reason: lists.ok ? NOT_WHOLE : lists.error.message }];
  });
}
