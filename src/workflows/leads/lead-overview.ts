import type { Conversation } from '../../client/operations/inbox.ts';
import { identityOf } from '../../lib/linkedin-url.ts';
import { readAllPages } from '../../lib/read-pages.ts';
import { fullName, inline } from '../../lib/text-format.ts';
import type { ToolContext } from '../../mcp/tool.ts';
import { personRow } from '../../views/people.ts';
import { readConversationsOf } from '../inbox/person-conversations.ts';
import { isBlocked, waitingOf } from '../inbox/waiting.ts';
import { foundStatusOf, SEARCH_HAS_MORE, searchBlacklist } from '../opt-outs/blacklist-status.ts';
import { isUnresolvedKey } from '../people-index/person-keys.ts';
import { incompleteIf, missing } from '../shared/incomplete.ts';
import { settle, settlePerson, settleRowsOfPerson } from '../shared/settle.ts';
import { toTable } from '../shared/table.ts';
import { startWork } from '../shared/work-time.ts';
import { type CampaignOfLead, canStillReach, UNKNOWN_URL } from './campaign-reach.ts';
import { connectionTable } from './connections.ts';

/** A person in more campaigns or lists than this has no short overview. */
const MAX_PAGES = 3;
const MAX_MESSAGE = 300;

/** Whom an overview is about, and what it shows besides. */
export interface LeadOverviewRequest {
  profileUrl: string;
  /** The newest messages to include, over all conversations. */
  messages: number;
  /** Ask each sender whether the person is a connection. */
  connections: boolean;
}

/**
 * Everything HeyReach knows about one person: six reads side by side, and one for each sender where connections are asked for.
 * @throws HeyReachError where no read succeeded.
 */
export async function readLeadOverview(
  { profileUrl, messages, connections }: LeadOverviewRequest,
  { client, call: callOptions }: ToolContext,
): Promise<Record<string, unknown>> {
  const time = startWork(callOptions);
  const { call } = time;
  const [lead, tags, campaigns, lists, conversations, blacklist, connected] = await Promise.all([
    settlePerson(client.leads.getLead({ profileUrl }, call), undefined),
    settlePerson(client.leads.getTags({ profileUrl }, call), {}),
    settleRowsOfPerson(
      readAllPages((page) => client.campaigns.getForLead({ profileUrl, ...page }, call), { maxPages: MAX_PAGES }),
      { rows: [], isAll: true },
    ),
    settleRowsOfPerson(
      readAllPages((page) => client.lists.getForLead({ profileUrl, ...page }, call), { maxPages: MAX_PAGES }),
      { rows: [], isAll: true },
    ),
    readConversationsOf(profileUrl, client, call),
    settle(searchBlacklist(profileUrl, client, call)),
    connections ? connectionTable(profileUrl, client, time) : undefined,
  ]);
  const parts = { profile: lead, tags, campaigns, lists, conversations, blacklist };
  const failed = Object.entries(parts).flatMap(([part, read]) => (read.ok ? [] : [{ part, error: read.error }]));
  if (failed.length === Object.keys(parts).length) throw failed[0]!.error;

  const profile = lead.ok ? lead.value : undefined;
  const memberships = campaigns.ok ? campaigns.value.rows : [];
  const inLists = lists.ok ? lists.value.rows : [];
  const threads = conversations.ok ? conversations.value : [];
  const excluded = blacklist.ok
    ? foundStatusOf(blacklist.value, { profileUrl, memberId: profile?.linkedin_id })
    : undefined;
  const isKnown =
    profile !== undefined ||
    memberships.length + inLists.length + threads.length > 0 ||
    (excluded !== undefined && excluded !== 'none');
  // HeyReach may know the person by another URL, so what it does not show is not known to be missing.
  const isUnsure = !isKnown && isUnresolvedKey(identityOf(profileUrl) ?? '');
  const cut = Object.entries({ campaigns, lists }).flatMap(([part, read]) =>
    read.ok && !read.value.isAll
      ? [{ part, reason: `HeyReach may have more than the ${read.value.rows.length} shown` }]
      : [],
  );
  if (isUnsure) cut.push({ part: 'campaigns, lists, blacklist, conversations', reason: UNKNOWN_URL });
  else if (blacklist.ok && excluded === undefined) cut.push({ part: 'blacklist', reason: SEARCH_HAS_MORE });
  return {
    asOf: new Date().toISOString(),
    ...(isKnown || failed.length + cut.length === 0 ? { known: isKnown } : {}),
    ...(profile === undefined ? {} : { profile: withoutEmpty(personRow(profile)) }),
    ...(tags.ok && !isUnsure ? { tags: tags.value.tags ?? [] } : {}),
    ...(campaigns.ok && !isUnsure ? campaignFields(memberships) : {}),
    ...(lists.ok && !isUnsure
      ? { lists: toTable(inLists, { listId: ({ listId }) => listId, name: ({ listName }) => listName }) }
      : {}),
    ...(excluded === undefined || isUnsure ? {} : { blacklist: excluded }),
    ...(conversations.ok && !isUnsure ? conversationFields(threads, messages) : {}),
    ...(connected === undefined ? {} : { connections: connected.table }),
    ...incompleteIf([
      ...failed.map(({ part, error }) => missing(part, error, time)),
      ...cut,
      ...(connected?.incomplete ?? []),
    ]),
  };
}

function campaignFields(memberships: readonly CampaignOfLead[]) {
  return {
    canBeReachedBy: memberships.filter(canStillReach).map(({ campaignId }) => campaignId ?? 0),
    campaigns: toTable(memberships, {
      campaignId: ({ campaignId }) => campaignId,
      name: ({ campaignName }) => campaignName,
      status: ({ campaignStatus }) => campaignStatus,
      leadStatus: ({ leadStatus }) => leadStatus,
      since: ({ creationTime }) => creationTime?.slice(0, 10),
    }),
  };
}

function conversationFields(threads: readonly Conversation[], messages: number) {
  const isWaiting = (thread: Conversation) => waitingOf(thread) !== undefined && !isBlocked(thread);
  const all = threads
    .flatMap(({ messages: own }, index) => (own ?? []).map((message) => ({ ...message, index })))
    .sort((a, b) => ((a.createdAt ?? '') < (b.createdAt ?? '') ? -1 : 1));
  return {
    waitingForUs: threads.some(isWaiting),
    conversations: toTable(threads, {
      conversationId: ({ id }) => id,
      linkedInAccountId: ({ linkedInAccountId }) => linkedInAccountId,
      sender: ({ linkedInAccount: sender }) => fullName(sender),
      lastMessageAt: ({ lastMessageAt }) => lastMessageAt,
      waitingSince: (thread) => (isWaiting(thread) ? waitingOf(thread)?.since : null),
      read: ({ read }) => read,
      totalMessages: ({ totalMessages, messages: own }) => totalMessages ?? own?.length,
    }),
    ...(messages === 0
      ? {}
      : {
          messages: toTable(all.slice(-messages), {
            ...(threads.length > 1 ? { conversation: ({ index }) => index } : {}),
            at: ({ createdAt }) => createdAt?.slice(0, 16),
            from: ({ sender }) => sender,
            text: ({ body }) => inline(body, MAX_MESSAGE),
          }),
        }),
  };
}

/** A profile without its unknown fields. */
function withoutEmpty(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value != null && value !== ''));
}
