import type { LeadProfile } from '../../../client/operations/fields.ts';
import { identityOf } from '../../../lib/linkedin-url.ts';
import { optionalRead } from '../../../mcp/reads.ts';
import type { ToolContext } from '../../../mcp/tool.ts';

const PAGE = 1_000;
const MAX_PAGES = 5;

/** The people of a list, as far as they were read. */
export interface ListMembers {
  /** By member id and by profile. */
  byKey: Map<string, LeadProfile>;
  /** The whole list was read. */
  isAll: boolean;
}

/** Reads the people of a list, at most 5,000. undefined when they cannot be read. */
export async function readListMembers(listId: number, { client, call }: ToolContext): Promise<ListMembers | undefined> {
  const byKey = new Map<string, LeadProfile>();
  let read = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const result = await optionalRead(client.lists.getLeads({ listId, offset: read, limit: PAGE }, call));
    if (result === undefined && page === 0) return undefined;
    const { items, totalCount } = result ?? {};
    for (const person of items ?? []) {
      for (const key of [person.linkedin_id, profileKey(person.profileUrl ?? '')]) if (key) byKey.set(key, person);
    }
    read += items?.length ?? 0;
    if (items != null && read === totalCount) return { byKey, isAll: true };
    if (items == null || items.length === 0) break;
  }
  return { byKey, isAll: false };
}

/** Equal for all `/in/` URLs of a person. Lists hold no Sales Navigator URLs, so those have no key. */
export function profileKey(url: string): string | undefined {
  const identity = identityOf(url);
  return identity?.startsWith('in/') === true ? identity : undefined;
}
