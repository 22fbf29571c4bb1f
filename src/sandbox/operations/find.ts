import { page } from '../http/binding.ts';
import { refuse } from '../http/reply.ts';
import type { Account, Campaign, LeadList, Person, Workspace } from '../model.ts';
import { readProfileUrl } from '../profile-url.ts';

export function campaignOf(workspace: Workspace, id: number): Campaign {
  const found = workspace.campaigns.get(id);
  if (!found) throw refuse(`Campaign with id ${id} was not found.`, 404);
  return found;
}

export function listOf(workspace: Workspace, id: number): LeadList {
  const found = workspace.lists.get(id);
  if (!found) throw refuse(`List with id ${id} was not found.`, 404);
  return found;
}

export function accountOf(workspace: Workspace, id: number): Account {
  const found = workspace.accounts.get(id);
  if (!found) throw refuse(`LinkedIn account with id ${id} was not found.`, 404);
  return found;
}

/** The person a URL points to: undefined for nobody we hold, `unresolvable` for a URL that is none. */
export function personByUrl(workspace: Workspace, url: string): Person | undefined | 'unresolvable' {
  const ref = readProfileUrl(url);
  if (ref === undefined) return 'unresolvable';
  if (ref.kind === 'slug') return workspace.people.get(workspace.slugs.get(ref.slug) ?? '');
  const wanted = ref.profileId.toLowerCase();
  for (const person of workspace.people.values()) if (person.profileId.toLowerCase() === wanted) return person;
  return undefined;
}

/** The person with a URL or a member id; empty strings count as left out. 400 when it is not clear who is meant. */
export function personBy(
  workspace: Workspace,
  given: { url?: string | undefined; memberId?: string | undefined; email?: string | undefined },
): Person | undefined {
  const { url, memberId, email } = given;
  if (!url && !memberId && !email) throw refuse('At least one lead identifier must be provided.');
  if (memberId) return workspace.people.get(memberId);
  if (url) {
    const person = personByUrl(workspace, url);
    if (person === 'unresolvable') throw refuse(`Could not resolve a LinkedIn lead from the URL ${url}`);
    return person;
  }
  const wanted = email?.toLowerCase();
  return [...workspace.people.values()].find((one) =>
    [one.emailAddress, one.enrichedEmailAddress, one.customEmailAddress].some((mail) => mail?.toLowerCase() === wanted),
  );
}

/** Does any of the texts contain the keyword, in any letter case? An empty keyword matches all. */
export function contains(keyword: string | undefined, ...texts: (string | null)[]): boolean {
  const wanted = keyword?.trim().toLowerCase() ?? '';
  return wanted === '' || texts.some((text) => text?.toLowerCase().includes(wanted));
}

/** One page of a collection, with the true count of all. */
export function pageOf<T, R>(
  all: readonly T[],
  input: { offset?: number | undefined; limit?: number | undefined },
  view: (item: T) => R,
  cap = 100,
  fallback = 10,
): { totalCount: number; items: R[] } {
  const { offset, limit } = page(input, cap, fallback);
  return { totalCount: all.length, items: all.slice(offset, offset + limit).map(view) };
}
