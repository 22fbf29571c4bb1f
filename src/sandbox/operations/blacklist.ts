import { array, bind, object, oneOf, paging, required, text } from '../http/binding.ts';
import { json, type Reply } from '../http/reply.ts';
import type { Call, Route } from '../http/router.ts';
import type { BlacklistEntry, Workspace } from '../model.ts';
import { readProfileUrl } from '../profile-url.ts';
import { iso, MINUTE } from '../time.ts';
import { contains, pageOf, personByUrl } from './find.ts';

const STATUSES = ['Matching', 'Matched', 'NotFound', 'BroadMatch'] as const;

function getLeads({ world, body }: Call): Reply {
  const input = bind(body, { ...paging, search: text(), matchingStatus: oneOf(STATUSES, 'Blacklist.MatchingStatus') });
  const { workspace } = world;
  const found = workspace.blacklist
    .filter((one) => input.matchingStatus === undefined || one.matchingStatus === input.matchingStatus)
    .filter((one) => {
      const person = workspace.people.get(one.personId ?? '');
      const name = person ? `${person.firstName} ${person.lastName}` : null;
      return contains(input.search, one.fullName, name, one.email, one.profileUrl, one.personId, one.linkedInProfileId);
    })
    .reverse();
  const view = (one: BlacklistEntry) => {
    const { creationTime, personId, ...rest } = one;
    return { ...rest, linkedInMemberId: personId, creationTime: iso(creationTime) };
  };
  return json(pageOf(found, input, view));
}

interface Row {
  linkedInProfileId?: string | undefined;
  profileUrl?: string | undefined;
  email?: string | undefined;
  fullName?: string | undefined;
}

/** What makes two rows the same; undefined when a row names nobody. */
function identity(row: Row): string | undefined {
  if (row.linkedInProfileId) return `id:${row.linkedInProfileId.toLowerCase()}`;
  if (row.profileUrl) {
    const ref = readProfileUrl(row.profileUrl);
    if (!ref) return undefined;
    return ref.kind === 'slug' ? `slug:${ref.slug}` : `id:${ref.profileId.toLowerCase()}`;
  }
  if (row.email?.includes('@')) return `mail:${row.email.toLowerCase()}`;
  return row.fullName?.trim() ? `name:${row.fullName.trim().toLowerCase()}` : undefined;
}

function personOf(workspace: Workspace, row: Row): string | null {
  if (row.linkedInProfileId) {
    const wanted = row.linkedInProfileId.toLowerCase();
    for (const one of workspace.people.values()) {
      if (one.profileId.toLowerCase() === wanted || one.linkedinId === wanted) return one.linkedinId;
    }
  }
  const person = row.profileUrl ? personByUrl(workspace, row.profileUrl) : undefined;
  return typeof person === 'object' ? person.linkedinId : null;
}

function entryFor(workspace: Workspace, row: Row, now: number): BlacklistEntry {
  const personId = personOf(workspace, row);
  const byName = !row.linkedInProfileId && !row.profileUrl && !row.email;
  const isKnown = personId !== null;
  return {
    id: workspace.nextId.blacklist++,
    creationTime: now,
    linkedInProfileId: row.linkedInProfileId ?? null,
    profileUrl: row.profileUrl ?? null,
    email: row.email ?? null,
    fullName: row.fullName ?? null,
    matchingStatus: isKnown ? 'Matched' : byName ? 'BroadMatch' : 'Matching',
    resolutionStage: isKnown || byName ? 'Resolved' : 'AwaitingReverseLookup',
    personId,
  };
}

/** Always 200: what landed, what was there before and what could not be read stand in the answer. */
function addLeads({ world, body }: Call): Reply {
  const row = object({ linkedInProfileId: text(), profileUrl: text(), email: text(), fullName: text() });
  const input = bind(body, { leads: required(array(row, { max: 100 })) });
  const { workspace } = world;
  const known = new Map(
    workspace.blacklist.map((one) => [
      identity({
        linkedInProfileId: one.linkedInProfileId ?? undefined,
        profileUrl: one.profileUrl ?? undefined,
        email: one.email ?? undefined,
        fullName: one.fullName ?? undefined,
      }),
      one.id,
    ]),
  );
  const entries: { inputIndex: number; id: number; created: boolean }[] = [];
  const duplicates: { inputIndex: number; duplicateOfIndex: number }[] = [];
  const validationErrors: { inputIndex: number; errorMessage: string }[] = [];
  const seen = new Map<string, number>();
  for (const [inputIndex, lead] of input.leads.entries()) {
    const key = identity(lead);
    if (key === undefined) {
      validationErrors.push({ inputIndex, errorMessage: 'The lead has no valid identifier.' });
      continue;
    }
    const first = seen.get(key);
    if (first !== undefined) {
      duplicates.push({ inputIndex, duplicateOfIndex: first });
      continue;
    }
    seen.set(key, inputIndex);
    const id = known.get(key);
    if (id !== undefined) {
      entries.push({ inputIndex, id, created: false });
      continue;
    }
    const entry = entryFor(workspace, lead, world.now());
    workspace.blacklist.push(entry);
    if (entry.matchingStatus === 'Matching') {
      world.tasks.push({ kind: 'blacklist', at: world.now() + MINUTE, entryId: entry.id });
    }
    entries.push({ inputIndex, id: entry.id, created: true });
  }
  return json({ added: entries.filter(({ created }) => created).length, entries, duplicates, validationErrors });
}

export const blacklistRoutes: Route[] = [
  { method: 'POST', path: '/blacklist/GetLeads', body: true, handle: getLeads },
  { method: 'POST', path: '/blacklist/AddLeads', body: true, handle: addLeads },
];
