import { readPage } from '../../http/model-binding.ts';
import { apiError } from '../../http/response.ts';
import type { Account, Campaign, LeadList, Person, Workspace } from '../../model/index.ts';
import { readProfileUrl } from '../../profile-url.ts';

export function campaignOf(workspace: Workspace, id: number): Campaign {
  const campaign = workspace.campaigns.get(id);
  if (!campaign) throw apiError(`Campaign with id ${id} was not found.`, 404);
  return campaign;
}

export function listOf(workspace: Workspace, id: number): LeadList {
  const list = workspace.lists.get(id);
  if (!list) throw apiError(`List with id ${id} was not found.`, 404);
  return list;
}

export function accountOf(workspace: Workspace, id: number): Account {
  const account = workspace.accounts.get(id);
  if (!account) throw apiError(`LinkedIn account with id ${id} was not found.`, 404);
  return account;
}

/** The person of a profile URL. undefined for an unknown person, `unresolvable` for an invalid URL. */
export function personByUrl(workspace: Workspace, url: string): Person | undefined | 'unresolvable' {
  const ref = readProfileUrl(url);
  if (ref === undefined) return 'unresolvable';
  if (ref.kind === 'slug') return workspace.people.get(workspace.slugs.get(ref.slug) ?? '');
  const profileId = ref.profileId.toLowerCase();
  for (const person of workspace.people.values()) if (person.profileId.toLowerCase() === profileId) return person;
  return undefined;
}

/** The person with a URL, member id or e-mail address. Empty strings count as missing. 400 when all are missing. */
export function personBy(
  workspace: Workspace,
  identifiers: { url?: string | undefined; memberId?: string | undefined; email?: string | undefined },
): Person | undefined {
  const { url, memberId, email } = identifiers;
  if (!url && !memberId && !email) throw apiError('At least one lead identifier must be provided.');
  if (memberId) return workspace.people.get(memberId);
  if (url) {
    const person = personByUrl(workspace, url);
    if (person === 'unresolvable') throw apiError(`Could not resolve a LinkedIn lead from the URL ${url}`);
    return person;
  }
  const address = email?.toLowerCase();
  return [...workspace.people.values()].find((person) =>
    [person.emailAddress, person.enrichedEmailAddress, person.customEmailAddress].some(
      (mail) => mail?.toLowerCase() === address,
    ),
  );
}

/** Whether any of the texts contains the keyword, in any letter case. An empty keyword matches all. */
export function contains(keyword: string | undefined, ...texts: (string | null)[]): boolean {
  const needle = keyword?.trim().toLowerCase() ?? '';
  return needle === '' || texts.some((text) => text?.toLowerCase().includes(needle));
}

/** One page of a collection, with the total count. */
export function pageOf<T, R>(
  all: readonly T[],
  input: { offset?: number | undefined; limit?: number | undefined },
  view: (item: T) => R,
  cap = 100,
  fallback = 10,
): { totalCount: number; items: R[] } {
  const { offset, limit } = readPage(input, cap, fallback);
  return { totalCount: all.length, items: all.slice(offset, offset + limit).map(view) };
}
