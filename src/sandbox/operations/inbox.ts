import { array, bind, bool, date, int, long, object, page, required, text } from '../http/binding.ts';
import { empty, json, type Reply, refuse } from '../http/reply.ts';
import { type Call, type Route, readId } from '../http/router.ts';
import type { Conversation } from '../model.ts';
import { reach } from '../simulation/actions.ts';
import { lastAt } from '../simulation/conversations.ts';
import { DAY, dayOf } from '../time.ts';
import type { World } from '../world.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { contains, pageOf, personBy } from './find.ts';
import { conversationView } from './views.ts';

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

/** The retired first version knew fewer filters. */
const firstFilters = object({
  linkedInAccountIds: array(int),
  campaignIds: array(long),
  searchString: text(),
  seen: bool,
});

type Filters = Partial<NonNullable<ReturnType<typeof filters.read>>>;

function checkTags(world: World, tags: string[]): void {
  const unknown = tags.filter((tag) => !world.workspace.tags.has(tag.toLowerCase()));
  if (unknown.length > 0) throw refuse(`Tags not found: ${unknown.join(', ')}`);
}

function personFilter(world: World, filter: Filters): string | undefined {
  const { leadLinkedInId: memberId, leadProfileUrl: url } = filter;
  if (!memberId && !url) return undefined;
  if (memberId && url) throw refuse('Only one of leadLinkedInId and leadProfileUrl can be provided.');
  const person = personBy(world.workspace, { memberId, url });
  if (!person && url) throw refuse(`Could not resolve a LinkedIn lead from the URL ${url}`);
  return person?.linkedinId ?? 'nobody';
}

/** The conversations that pass the filters, the newest first. */
function search(world: World, filter: Filters): Conversation[] {
  const { workspace } = world;
  const { linkedInAccountIds = [], campaignIds = [], tags = [], latestAutoTagNames = [], searchString, seen } = filter;
  checkTags(world, tags);
  const wantedTags = new Set(tags.map((tag) => tag.toLowerCase()));
  const personId = personFilter(world, filter);
  return [...workspace.conversations.values()]
    .filter((one) => one.messages.length > 0)
    .filter((one) => linkedInAccountIds.length === 0 || linkedInAccountIds.includes(one.accountId))
    .filter((one) => campaignIds.length === 0 || one.campaignIds.some((id) => campaignIds.includes(id)))
    .filter((one) => seen === undefined || one.read === seen)
    .filter((one) => personId === undefined || one.personId === personId)
    .filter((one) => {
      const person = workspace.people.get(one.personId);
      if (wantedTags.size > 0 && !person?.tags.some((tag) => wantedTags.has(tag.toLowerCase()))) return false;
      const latest = person?.autoTags.at(-1)?.name;
      return latestAutoTagNames.length === 0 || (latest !== undefined && latestAutoTagNames.includes(latest));
    })
    .filter((one) => {
      if (!searchString) return true;
      const person = workspace.people.get(one.personId);
      const name = person ? `${person.firstName} ${person.lastName}` : '';
      return contains(searchString, name, ...one.messages.map(({ body }) => body));
    })
    .sort((a, b) => lastAt(b) - lastAt(a) || (a.id < b.id ? -1 : 1));
}

function byOffset({ world, body }: Call, known: typeof filters | typeof firstFilters): Reply {
  const input = bind(body, { filters: known, offset: int, limit: int });
  const found = search(world, input.filters ?? {});
  if ((input.offset ?? 0) > world.quirks.v2MaxOffset) {
    throw refuse('The offset is too large. Use GetConversationsV3 to page further.');
  }
  return json(pageOf(found, input, (one) => conversationView(world, one)));
}

function byCursor({ world, body }: Call): Reply {
  const input = bind(body, { filters, limit: int, cursor: text(), from: date, to: date });
  const { limit } = page({ limit: input.limit });
  const { from = Number.NEGATIVE_INFINITY, to = world.now() } = input;
  if (from > to) throw refuse('The from date must not be after the to date.');
  // Both bounds work by whole days, whatever time they name.
  const [first, end] = [dayOf(from), dayOf(to) + DAY];
  const found = search(world, input.filters ?? {}).filter((one) => lastAt(one) >= first && lastAt(one) < end);
  const after = input.cursor ? readCursor(world.seed, input.cursor) : undefined;
  if (input.cursor && !after) throw refuse('The cursor is not valid.');
  const rest = after
    ? found.filter((one) => lastAt(one) < after.at || (lastAt(one) === after.at && one.id > after.id))
    : found;
  const items = rest.slice(0, limit);
  const last = items.at(-1);
  const hasNextPage = rest.length > limit;
  return json({
    items: items.map((one) => conversationView(world, one, 'v3')),
    totalCount: found.length,
    nextCursor: hasNextPage && last ? writeCursor(world.seed, { at: lastAt(last), id: last.id }) : null,
    hasNextPage,
  });
}

/** The conversation of an account; 404 for another account's one. */
function conversationOf(world: World, accountId: number, conversationId: string): Conversation {
  const found = world.workspace.conversations.get(conversationId);
  if (found?.accountId !== accountId) throw refuse('The conversation was not found.', 404);
  return found;
}

function chatroom({ world, params }: Call): Reply {
  const accountId = readId(params.accountId ?? '', 'accountId');
  return json(conversationView(world, conversationOf(world, accountId, params.conversationId ?? '')));
}

function sendMessage({ world, body }: Call): Reply {
  const input = bind(body, {
    message: required(text()),
    conversationId: required(text()),
    linkedInAccountId: required(int),
    subject: text(),
  });
  if (input.message.trim() === '') throw refuse('The message cannot be empty.');
  const conversation = conversationOf(world, input.linkedInAccountId, input.conversationId);
  const now = world.now();
  const profileUrl = world.workspace.people.get(conversation.personId)?.profileUrl ?? '';
  // Accepted means on its way: it counts from here, although the thread shows it only a little later.
  reach(world, 'messages', {
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
  return empty();
}

function setSeen({ world, body }: Call): Reply {
  const input = bind(body, {
    conversationId: required(text()),
    linkedInAccountId: required(int),
    seen: required(bool),
  });
  conversationOf(world, input.linkedInAccountId, input.conversationId).read = input.seen;
  return empty();
}

export const inboxRoutes: Route[] = [
  { method: 'POST', path: '/inbox/GetConversations', body: true, handle: (call) => byOffset(call, firstFilters) },
  { method: 'POST', path: '/inbox/GetConversationsV2', body: true, handle: (call) => byOffset(call, filters) },
  { method: 'POST', path: '/inbox/GetConversationsV3', body: true, handle: byCursor },
  { method: 'GET', path: '/inbox/GetChatroom/{accountId}/{conversationId}', handle: chatroom },
  { method: 'POST', path: '/inbox/SendMessage', body: true, handle: sendMessage },
  { method: 'POST', path: '/inbox/SetSeenStatus', body: true, handle: setSeen },
];
