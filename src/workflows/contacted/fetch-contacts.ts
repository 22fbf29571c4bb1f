import { readAllPages } from '../../lib/read-pages.ts';
import { countNoun } from '../../lib/text-format.ts';
import { readConversationsOf } from '../inbox/person-conversations.ts';
import { type BlacklistStatus, foundStatusOf, SEARCH_HAS_MORE, searchBlacklist } from '../opt-outs/blacklist-status.ts';
import { type PersonConversation, personConversation } from '../people-index/conversations.ts';
import { type Answers, fetchPerPerson, type IndexedPerson } from '../people-index/fetch-per-person.ts';
import type { IndexSource } from '../people-index/source.ts';
import { type MissingPart, missing } from '../shared/incomplete.ts';
import { settleRowsOfPerson } from '../shared/settle.ts';

/** Of 100 lists each. */
const MAX_LIST_PAGES = 3;

/** The names under which the answers about each person are kept. */
export const CACHE_NAMES = { lists: 'lists of', conversations: 'inbox of', blacklist: 'blacklist of' } as const;

/** What HeyReach says about people one by one. */
export interface PerPersonResult<Value> {
  byPerson: ReadonlyMap<string, Value>;
  /** People about whom something is missing. */
  unread: ReadonlySet<string>;
  incomplete: MissingPart[];
}

type People = ReadonlyMap<string, IndexedPerson>;

/** The ids of the lists of each person. */
export async function fetchLists(people: People, source: IndexSource): Promise<PerPersonResult<number[]>> {
  const answers = await fetchPerPerson(people, source, CACHE_NAMES.lists, async (profileUrl, { client, call }) => {
    const read = await settleRowsOfPerson(
      readAllPages((page) => client.lists.getForLead({ profileUrl, ...page }, call), { maxPages: MAX_LIST_PAGES }),
      { rows: [], isAll: true },
    );
    if (!read.ok) throw read.error;
    const { rows, isAll } = read.value;
    const ids = rows.flatMap(({ listId }) => (listId == null ? [] : [listId]));
    return { value: { ids, isAll }, rows: 1, isWhole: isAll };
  });
  const partial = [...answers.byPerson].flatMap(([person, { isAll }]) => (isAll ? [] : [person]));
  const byPerson = new Map([...answers.byPerson].map(([person, { ids }]) => [person, ids]));
  return finish('lists', { ...answers, byPerson }, source, partial, 'HeyReach did not return all of them');
}

/** The conversations of each person. */
export async function fetchConversations(
  people: People,
  source: IndexSource,
): Promise<PerPersonResult<PersonConversation[]>> {
  const answers = await fetchPerPerson(
    people,
    source,
    CACHE_NAMES.conversations,
    async (profileUrl, { client, call }) => {
      const read = await readConversationsOf(profileUrl, client, call);
      if (!read.ok) throw read.error;
      return { value: read.value.map(personConversation), rows: 1, isWhole: true };
    },
  );
  return finish('conversations', answers, source);
}

/** The strongest status of each person on the blacklist. */
export async function fetchBlacklist(people: People, source: IndexSource): Promise<PerPersonResult<BlacklistStatus>> {
  const answers = await fetchPerPerson(people, source, CACHE_NAMES.blacklist, async (profileUrl, { client, call }) => ({
    value: await searchBlacklist(profileUrl, client, call),
    rows: 1,
    isWhole: true,
  }));
  const statuses = [...answers.byPerson].map(([person, entries]) => {
    const { url: profileUrl, keys } = people.get(person)!;
    const memberId = keys.find((key) => key.startsWith('id/'))?.slice('id/'.length);
    return [person, foundStatusOf(entries, { profileUrl, memberId })] as const;
  });
  const partial = statuses.flatMap(([person, status]) => (status === undefined ? [person] : []));
  const byPerson = new Map(statuses.flatMap(([person, status]) => (status === undefined ? [] : [[person, status]])));
  return finish('blacklist entries', { ...answers, byPerson }, source, partial, SEARCH_HAS_MORE);
}

function finish<Value>(
  what: string,
  { byPerson, unread, error }: Answers<Value>,
  { time }: IndexSource,
  partial: readonly string[] = [],
  reason = '',
): PerPersonResult<Value> {
  const partOf = (people: number) => `${what} of ${countNoun(people, 'person', 'people')}`;
  return {
    byPerson,
    unread: new Set([...unread, ...partial]),
    incomplete: [
      ...(error === undefined ? [] : [missing(partOf(unread.length), error, time)]),
      ...(partial.length === 0 ? [] : [{ part: partOf(partial.length), reason }]),
    ],
  };
}
