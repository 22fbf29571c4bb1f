import type { HeyReachError } from '../../client/index.ts';
import { type Settled, settle } from '../shared/settle.ts';
import { sideBySide } from '../shared/side-by-side.ts';
import type { PartRead } from './part-cache.ts';
import { type IndexSource, type PartSource, partOf } from './source.ts';

const MAX_SIDE_BY_SIDE = 8;

/** A person to fetch a part of, and the keys under which an index can hold them. */
export interface IndexedPerson {
  /** Empty where only a member id is known. */
  url: string;
  keys: readonly string[];
}

/** What HeyReach answered about each person. */
export interface Answers<Value> {
  byPerson: Map<string, Value>;
  /** The people whose answer is missing. */
  unread: string[];
  /** Why, for one of them. Undefined where they have no URL. */
  error: HeyReachError | undefined;
}

/**
 * Fetches a part of each person with a request per person. Answers are kept for ten minutes under `name` and the
 * comparison key.
 * @param read an answer that is not whole is used, and not kept.
 */
export async function fetchPerPerson<Value>(
  people: ReadonlyMap<string, IndexedPerson>,
  source: IndexSource,
  name: string,
  read: (profileUrl: string, source: PartSource) => Promise<PartRead<Value>>,
): Promise<Answers<Value>> {
  // By member id alone, HeyReach returns nothing about a person.
  const withUrl = [...people].filter(([, { url }]) => url !== '');
  let left = withUrl.filter(([person]) => !isFetched(source, name, person)).length;
  source.expect(left, name);
  const answers = await sideBySide(withUrl, MAX_SIDE_BY_SIDE, async ([person, { url }]) => {
    const isKnown = isFetched(source, name, person);
    const answer: Settled<Value> = await settle(
      partOf(source, `${name} ${person}`, (own) => read(url, own)).then(({ value }) => value),
    );
    if (!isKnown) {
      left -= 1;
      source.expect(left, name);
      await source.progress.add(1);
    }
    return [person, answer] as const;
  });
  const failed = answers.flatMap(([, answer]) => (answer.ok ? [] : [answer.error]));
  const byPerson = new Map(answers.flatMap(([person, answer]) => (answer.ok ? [[person, answer.value] as const] : [])));
  return { byPerson, unread: [...people.keys()].filter((person) => !byPerson.has(person)), error: failed[0] };
}

/** Whether the answer about a person needs no request. */
export function isFetched({ cache, client }: IndexSource, name: string, person: string): boolean {
  return cache.get(client.fingerprint, `${name} ${person}`) !== undefined;
}
