import { array, bind, bool, date, int, long, object, readPage, required, text } from '../http/model-binding.ts';
import { type ApiResponse, apiError, emptyResponse, jsonResponse } from '../http/response.ts';
import { parseId, type Route, type RouteCall } from '../http/router.ts';
import type { Conversation } from '../model/index.ts';
import { recordReached } from '../simulation/actions.ts';
import { lastAt } from '../simulation/conversations.ts';
import type { World } from '../state.ts';
import { DAY, dayOf } from '../time.ts';
import { readCursor, writeCursor } from './shared/cursor.ts';
import { contains, pageOf, personBy } from './shared/lookup.ts';
import { conversationView } from './shared/views.ts';

const filters = object({
  linkedInAccountIds: array(int),
  campaignIds: array(long),
  searchString: text(),
  leadLinkedInId: text(),
  leadProfileUrl: text(),
  tags: array(text()),
  latestAutoTagNames: array(text()),
  seen: bool,
});

/** Filters of the retired first version. */
const filtersOfV1 = object({
  linkedInAccountIds: array(int),
  campaignIds: array(long),
  searchString: text(),
  seen: bool,
});

type Filters = Partial<NonNullable<ReturnType<typeof filters.read>>>;

function checkTags(world: World, tags: string[]): void {
  const unknown = tags.filter((tag) => !world.workspace.tags.has(tag.toLowerCase()));
  if (unknown.length > 0) throw apiError(`Tags not found: ${unknown.join(', ')}`);
}

function personIdOf(world: World, filter: Filters): string | undefined {
  const { leadLinkedInId: memberId, leadProfileUrl: url } = filter;
  if (!memberId && !url) return undefined;
  if (memberId && url) throw apiError('Only one of leadLinkedInId and leadProfileUrl can be provided.');
  const person = personBy(world.workspace, { memberId, url });
  if (!person && url) throw apiError(`Could not resolve a LinkedIn lead from the URL ${url}`);
  return person?.linkedinId ?? 'unknown';
}

/** The conversations that match the filters, newest first. */
function searchConversations(world: World, filter: Filters): Conversation[] {
  const { workspace } = world;
  const { linkedInAccountIds = [], campaignIds = [], tags = [], latestAutoTagNames = [], searchString, seen } = filter;
  checkTags(world, tags);
  const wantedTags = new Set(tags.map((tag) => tag.toLowerCase()));
  const personId = personIdOf(world, filter);
  return [...workspace.conversations.values()]
    .filter((conversation) => conversation.messages.length > 0)
    .filter((conversation) => linkedInAccountIds.length === 0 || linkedInAccountIds.includes(conversation.accountId))
    .filter(
      (conversation) => campaignIds.length === 0 || conversation.campaignIds.some((id) => campaignIds.includes(id)),
    )
    .filter((conversation) => seen === undefined || conversation.read === seen)
    .filter((conversation) => personId === undefined || conversation.personId === personId)
    .filter((conversation) => {
      const person = workspace.people.get(conversation.personId);
      if (wantedTags.size > 0 && !person?.tags.some((tag) => wantedTags.has(tag.toLowerCase()))) return false;
      const latest = person?.autoTags.at(-1)?.name;
      return latestAutoTagNames.length === 0 || (latest !== undefined && latestAutoTagNames.includes(latest));
    })
    .filter((conversation) => {
      if (!searchString) return true;
      const person = workspace.people.get(conversation.personId);
      const name = person ? `${person.firstName} ${person.lastName}` : '';
      return contains(searchString, name, ...conversation.messages.map(({ body }) => body));
    })
    .sort((a, b) => lastAt(b) - lastAt(a) || (a.id < b.id ? -1 : 1));
}

function getByOffset({ world, body }: RouteCall, supported: typeof filters | typeof filtersOfV1): ApiResponse {
  const input = bind(body, { filters: supported, offset: int, limit: int });
  const conversations = searchConversations(world, input.filters ?? {});
  if ((input.offset ?? 0) > world.quirks.v2MaxOffset) {
    throw apiError('The offset is too large. Use GetConversationsV3 to page further.');
  }
  return jsonResponse(pageOf(conversations, input, (conversation) => conversationView(world, conversation)));
}

function getByCursor({ world, body }: RouteCall): ApiResponse {
  if (!world.quirks.hasInboxV3) return emptyResponse(404);
  const input = bind(body, { filters, limit: int, cursor: text(), from: date, to: date });
  const { limit } = readPage({ limit: input.limit });
  const { from = Number.NEGATIVE_INFINITY, to = world.now() } = input;
  if (from > to) throw apiError('The from date must not be after the to date.');
  // Both bounds count as whole days. Their time of day is ignored.
  const [first, end] = [dayOf(from), dayOf(to) + DAY];
  const conversations = searchConversations(world, input.filters ?? {}).filter(
    (conversation) => lastAt(conversation) >= first && lastAt(conversation) < end,
  );
  const after = input.cursor ? readCursor(world.seed, input.cursor) : undefined;
  if (input.cursor && !after) throw apiError('The cursor is not valid.');
  const rest = after
    ? conversations.filter(
        (conversation) =>
          lastAt(conversation) < after.at || (lastAt(conversation) === after.at && conversation.id > after.id),
      )
    : conversations;
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const hasNextPage = rest.length > limit;
  return jsonResponse({
    items: items.map((conversation) => conversationView(world, conversation, 'v3')),
    totalCount: conversations.length,
    nextCursor: hasNextPage && last ? writeCursor(world.seed, { at: lastAt(last), id: last.id }) : null,
    hasNextPage,
  });
}

/** The conversation of an account. @throws ApiError 404 for another account's conversation. */
function conversationOf(world: World, accountId: number, conversationId: string): Conversation {
  const conversation = world.workspace.conversations.get(conversationId);
  if (conversation?.accountId !== accountId) throw apiError('The conversation was not found.', 404);
  return conversation;
}

function getChatroom({ world, params }: RouteCall): ApiResponse {
  const accountId = parseId(params.accountId ?? '', 'accountId');
  return jsonResponse(conversationView(world, conversationOf(world, accountId, params.conversationId ?? '')));
}

function sendMessage({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, {
    message: required(text()),
    conversationId: required(text()),
    linkedInAccountId: required(int),
    subject: text(),
  });
  if (input.message.trim() === '') throw apiError('The message cannot be empty.');
  const conversation = conversationOf(world, input.linkedInAccountId, input.conversationId);
  const now = world.now();
  const profileUrl = world.workspace.people.get(conversation.personId)?.profileUrl ?? '';
  // An accepted message counts as reached at once, although the thread shows it later.
  recordReached(world, 'messages', {
    at: now,
    accountId: conversation.accountId,
    campaignId: null,
    profileUrl,
    text: input.message,
  });
  world.tasks.push({
    kind: 'deliver',
    at: now + world.quirks.sendDelayMs,
    conversationId: conversation.id,
    body: input.message,
    subject: input.subject ?? null,
  });
  return emptyResponse();
}

function setSeen({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, {
    conversationId: required(text()),
    linkedInAccountId: required(int),
    seen: required(bool),
  });
  conversationOf(world, input.linkedInAccountId, input.conversationId).read = input.seen;
  return emptyResponse();
}

export const inboxRoutes: Route[] = [
  { method: 'POST', path: '/inbox/GetConversations', body: true, handle: (call) => getByOffset(call, filtersOfV1) },
  { method: 'POST', path: '/inbox/GetConversationsV2', body: true, handle: (call) => getByOffset(call, filters) },
  { method: 'POST', path: '/inbox/GetConversationsV3', body: true, handle: getByCursor },
  { method: 'GET', path: '/inbox/GetChatroom/{accountId}/{conversationId}', handle: getChatroom },
  { method: 'POST', path: '/inbox/SendMessage', body: true, handle: sendMessage },
  { method: 'POST', path: '/inbox/SetSeenStatus', body: true, handle: setSeen },
];
