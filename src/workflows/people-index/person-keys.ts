import { profileUrlOf } from '../../lib/linkedin-url.ts';

/** The key of a person by the member id that HeyReach calls `linkedin_id`. */
export function memberKey(memberId: string | null | undefined): string | undefined {
  return memberId ? `id/${memberId}` : undefined;
}

/** A URL of Sales Navigator, or with a member id in place of a name. HeyReach knows most people by another URL. */
export function isUnresolvedKey(key: string): boolean {
  return key.startsWith('sales/') || /^in\/AC[A-Za-z]AA[\w-]+$/.test(key);
}

/**
 * The keys under which an index can hold each person: by the given URL, by the member id, and by the URL of a list
 * member with that id.
 * @param people the member ids by comparison key, as far as the caller has them.
 * @param lists the member id of each member by comparison key.
 */
export function indexKeysOf(
  people: ReadonlyMap<string, { memberId: string | undefined }>,
  lists: readonly { idByKey: ReadonlyMap<string, string> }[],
): Map<string, string[]> {
  const keysById = new Map<string, Set<string>>();
  const idsByKey = new Map<string, Set<string>>();
  for (const [key, { memberId }] of people) {
    const ids = new Set([memberId, ...lists.map(({ idByKey }) => idByKey.get(key))].filter((id) => id !== undefined));
    ids.delete('');
    idsByKey.set(key, ids);
    for (const id of ids) keysById.set(id, new Set([key, `id/${id}`]));
  }
  for (const { idByKey } of lists) for (const [key, id] of idByKey) keysById.get(id)?.add(key);
  return new Map(
    [...idsByKey].map(([key, ids]) => [key, [...new Set([key, ...[...ids].flatMap((id) => [...keysById.get(id)!])])]]),
  );
}

/** The URL that HeyReach knows a person by: of a list member with the same member id, where the keys hold one. */
export function knownUrl(url: string, [own, ...others]: readonly string[]): string {
  const member = others.find((key) => key.startsWith('in/'));
  return own === undefined || member === undefined ? url : profileUrlOf(member.slice('in/'.length));
}
