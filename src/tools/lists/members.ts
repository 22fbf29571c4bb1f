import type { LeadProfile } from '../../client/operations/fields.ts';
import { unlessUnreadable } from '../decoration.ts';
import type { ToolContext } from '../define.ts';
import { readProfileUrl } from '../profile-url.ts';

/** One page of a list holds so many rows. */
const PAGE = 1_000;

export interface Members {
  /** By member id and by profile URL. */
  byKey: Map<string, LeadProfile>;
  /** The whole list was read. */
  isAll: boolean;
}

/** The people of a list, as far as one page has them: it only lends names, so undefined where it cannot be read. */
export async function readMembers(listId: number, { client, call }: ToolContext): Promise<Members | undefined> {
  const page = await unlessUnreadable(client.lists.getLeads({ listId, offset: 0, limit: PAGE }, call));
  if (page === undefined) return undefined;
  const { items, totalCount } = page;
  const byKey = new Map<string, LeadProfile>();
  for (const person of items ?? []) {
    for (const key of [person.linkedin_id, identityOf(person.profileUrl ?? '')]) if (key) byKey.set(key, person);
  }
  return { byKey, isAll: items != null && items.length === totalCount };
}

/** Equal for all `/in/` URLs of a person; what a Sales Navigator URL names stands in no list. */
export function identityOf(url: string): string | undefined {
  const read = readProfileUrl(url);
  return read.ok && read.identity.startsWith('in/') ? read.identity : undefined;
}
