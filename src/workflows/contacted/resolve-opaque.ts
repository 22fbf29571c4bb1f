import { identityOf } from '../../lib/linkedin-url.ts';
import { type Answers, askEach, type IndexedPerson } from '../people-index/ask-people.ts';
import { isOpaque, memberKey } from '../people-index/person-keys.ts';
import type { IndexSource } from '../people-index/source.ts';
import { settlePerson } from '../shared/settle.ts';

/** The URL and the keys under which HeyReach knows a person. */
interface Profile {
  url: string;
  keys: string[];
}

/** People with Sales Navigator URLs and member ids in place of a name. */
export interface OpaquePeople {
  profiles: ReadonlyMap<string, Profile>;
  /** HeyReach does not know them under this URL, so that they cannot be compared. */
  unresolved: ReadonlySet<string>;
  error: Answers<unknown>['error'];
}

/**
 * Looks up people whose URL names no one, one by one. HeyReach knows most people by another URL.
 * @param people by comparison key. Those whom an index holds under this or another key need no request.
 */
export async function resolveOpaque(
  people: ReadonlyMap<string, IndexedPerson>,
  isHeld: (keys: readonly string[]) => boolean,
  source: IndexSource,
): Promise<OpaquePeople> {
  const opaque = [...people].filter(([person, { keys }]) => isOpaque(person) && keys.length === 1 && !isHeld(keys));
  const { byPerson, unread, error } = await askEach(new Map(opaque), source, 'profile of', async (profileUrl, part) => {
    const read = await settlePerson(part.client.leads.getLead({ profileUrl }, part.call), undefined);
    if (!read.ok) throw read.error;
    const { profileUrl: url, linkedin_id: memberId } = read.value ?? {};
    const keys = [identityOf(url), memberKey(memberId)].filter((key) => key !== undefined);
    const isNamed = keys.some((key) => !isOpaque(key));
    return { value: isNamed ? { url: url ?? profileUrl, keys } : undefined, rows: 1, isWhole: true };
  });
  const profiles = new Map(
    [...byPerson].flatMap(([person, profile]) => (profile === undefined ? [] : [[person, profile]])),
  );
  const unresolved = opaque.flatMap(([person]) => (profiles.has(person) ? [] : [person]));
  return { profiles, unresolved: new Set([...unresolved, ...unread]), error };
}
