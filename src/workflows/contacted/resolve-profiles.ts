import { identityOf } from '../../lib/linkedin-url.ts';
import { type Answers, fetchPerPerson, type IndexedPerson } from '../people-index/fetch-per-person.ts';
import { isUnresolvedKey, memberKey } from '../people-index/person-keys.ts';
import type { IndexSource } from '../people-index/source.ts';
import { settlePerson } from '../shared/settle.ts';

/** The URL and the keys under which HeyReach knows a person. */
interface Profile {
  url: string;
  keys: string[];
}

/** People with Sales Navigator URLs and member ids in place of a name. */
export interface ResolvedProfiles {
  profiles: ReadonlyMap<string, Profile>;
  /** HeyReach does not know them under this URL, so that they cannot be compared. */
  unresolved: ReadonlySet<string>;
  error: Answers<unknown>['error'];
}

/**
 * Looks up people whose URL names no one, one by one. HeyReach knows most people by another URL.
 * @param people by comparison key. Those whom an index holds under this or another key need no request.
 */
export async function resolveProfiles(
  people: ReadonlyMap<string, IndexedPerson>,
  isHeld: (keys: readonly string[]) => boolean,
  source: IndexSource,
): Promise<ResolvedProfiles> {
  const toResolve = [...people].filter(
    ([person, { keys }]) => isUnresolvedKey(person) && keys.length === 1 && !isHeld(keys),
  );
  const { byPerson, unread, error } = await fetchPerPerson(
    new Map(toResolve),
    source,
    'profile of',
    async (profileUrl, part) => {
      const read = await settlePerson(part.client.leads.getLead({ profileUrl }, part.call), undefined);
      if (!read.ok) throw read.error;
      const { profileUrl: url, linkedin_id: memberId } = read.value ?? {};
      const keys = [identityOf(url), memberKey(memberId)].filter((key) => key !== undefined);
      const isNamed = keys.some((key) => !isUnresolvedKey(key));
      return { value: isNamed ? { url: url ?? profileUrl, keys } : undefined, rows: 1, isWhole: true };
    },
  );
  const profiles = new Map(
    [...byPerson].flatMap(([person, profile]) => (profile === undefined ? [] : [[person, profile]])),
  );
  const unresolved = toResolve.flatMap(([person]) => (profiles.has(person) ? [] : [person]));
  return { profiles, unresolved: new Set([...unresolved, ...unread]), error };
}
