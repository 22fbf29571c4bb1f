import { HeyReachError } from '../../client/index.ts';
import type { LeadProfile } from '../../client/operations/fields.ts';
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
  try {
    const { items, totalCount } = await client.lists.getLeads({ listId, offset: 0, limit: PAGE }, call);
    const byKey = new Map<string, LeadProfile>();
    for (const person of items ?? []) {
      for (const key of [person.linkedin_id, identityOf(person.profileUrl ?? '')]) if (key) byKey.set(key, person);
    }
    return { byKey, isAll: items != null && items.length === totalCount };
  } catch (error) {
    if (error instanceof HeyReachError) return undefined;
    throw error;
  }
}

/** Equal for all `/in/` URLs of a person; what a Sales Navigator URL names stands in no list. */
export function identityOf(url: string): string | undefined {
  const read = readProfileUrl(url);
  return read.ok && read.identity.startsWith('in/') ? read.identity : undefined;
}
