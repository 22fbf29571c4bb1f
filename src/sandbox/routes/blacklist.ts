import { array, bind, object, oneOf, paging, required, text } from '../http/model-binding.ts';
import { type ApiResponse, jsonResponse } from '../http/response.ts';
import type { Route, RouteCall } from '../http/router.ts';
import type { BlacklistEntry, Workspace } from '../model/index.ts';
import { readProfileUrl } from '../profile-url.ts';
import { iso, MINUTE } from '../time.ts';
import { contains, pageOf, personByUrl } from './shared/lookup.ts';

const STATUSES = ['Matching', 'Matched', 'NotFound', 'BroadMatch'] as const;

function getLeads({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { ...paging, search: text(), matchingStatus: oneOf(STATUSES, 'Blacklist.MatchingStatus') });
  const { workspace } = world;
  const entries = workspace.blacklist
    .filter((entry) => input.matchingStatus === undefined || entry.matchingStatus === input.matchingStatus)
    .filter((entry) => {
      const person = workspace.people.get(entry.personId ?? '');
      const name = person ? `${person.firstName} ${person.lastName}` : null;
      return contains(
        input.search,
        entry.fullName,
        name,
        entry.email,
        entry.profileUrl,
        entry.personId,
        entry.linkedInProfileId,
      );
    })
    .reverse();
  const view = (entry: BlacklistEntry) => {
    const { creationTime, personId, ...rest } = entry;
    return { ...rest, linkedInMemberId: personId, creationTime: iso(creationTime) };
  };
  return jsonResponse(pageOf(entries, input, view));
}

interface Row {
  linkedInProfileId?: string | undefined;
  profileUrl?: string | undefined;
  email?: string | undefined;
  fullName?: string | undefined;
}

/** The identifier of a row, in a form that is equal for rows of the same person. undefined without a valid identifier. */
function identity(row: Row): string | undefined {
  if (row.linkedInProfileId) return /^\d+$/.test(row.linkedInProfileId) ? `id:${row.linkedInProfileId}` : undefined;
  if (row.profileUrl) {
    const ref = readProfileUrl(row.profileUrl);
    if (!ref) return undefined;
    return ref.kind === 'slug' ? `slug:${ref.slug}` : `id:${ref.profileId.toLowerCase()}`;
  }
  if (row.email) return /^[^@\s]+@[^@\s]+$/.test(row.email) ? `mail:${row.email.toLowerCase()}` : undefined;
  return row.fullName?.trim() ? `name:${row.fullName.trim().toLowerCase()}` : undefined;
}

function personOf(workspace: Workspace, row: Row): string | null {
  if (row.linkedInProfileId) return workspace.people.get(row.linkedInProfileId)?.linkedinId ?? null;
  const person = row.profileUrl ? personByUrl(workspace, row.profileUrl) : undefined;
  if (typeof person === 'object') return person.linkedinId;
  if (row.profileUrl || !row.email) return null;
  const email = row.email.toLowerCase();
  for (const { linkedinId, emailAddress } of workspace.people.values()) {
    if (emailAddress?.toLowerCase() === email) return linkedinId;
  }
  return null;
}

function entryFor(workspace: Workspace, row: Row, now: number): BlacklistEntry {
  const personId = personOf(workspace, row);
  const byName = !row.linkedInProfileId && !row.profileUrl && !row.email;
  // A member id is exact, so it needs no look-up.
  const isResolved = personId !== null || row.linkedInProfileId !== undefined;
  return {
    id: workspace.nextId.blacklist++,
    creationTime: now,
    linkedInProfileId: row.linkedInProfileId ?? null,
    profileUrl: row.profileUrl ?? null,
    email: row.email ?? null,
    fullName: row.fullName ?? null,
    matchingStatus: isResolved ? 'Matched' : byName ? 'BroadMatch' : 'Matching',
    resolutionStage: isResolved || byName ? 'Resolved' : 'AwaitingReverseLookup',
    personId: personId ?? row.linkedInProfileId ?? null,
  };
}

/** Always 200. `entries` has a row per input, and `duplicates` lists identifiers that exist already or are repeated. */
function addLeads({ world, body }: RouteCall): ApiResponse {
  const row = object({ linkedInProfileId: text(), profileUrl: text(), email: text(), fullName: text() });
  const input = bind(body, { leads: required(array(row, { max: 100 })) });
  const { workspace } = world;
  const idByIdentity = new Map(
    workspace.blacklist.map((entry) => [
      identity({
        linkedInProfileId: entry.linkedInProfileId ?? undefined,
        profileUrl: entry.profileUrl ?? undefined,
        email: entry.email ?? undefined,
        fullName: entry.fullName ?? undefined,
      }),
      entry.id,
    ]),
  );
  const entries: { inputIndex: number; id: number | null; created: boolean }[] = [];
  const duplicates: string[] = [];
  const validationErrors: { inputIndex: number; errorMessage: string }[] = [];
  for (const [inputIndex, lead] of input.leads.entries()) {
    const key = identity(lead);
    if (key === undefined) {
      validationErrors.push({ inputIndex, errorMessage: 'The lead has no valid identifier.' });
      entries.push({ inputIndex, id: null, created: false });
      continue;
    }
    const id = idByIdentity.get(key);
    if (id !== undefined) {
      duplicates.push(lead.linkedInProfileId || lead.profileUrl || lead.email || lead.fullName || '');
      entries.push({ inputIndex, id, created: false });
      continue;
    }
    const entry = entryFor(workspace, lead, world.now());
    workspace.blacklist.push(entry);
    idByIdentity.set(key, entry.id);
    if (entry.matchingStatus === 'Matching') {
      world.tasks.push({ kind: 'blacklist', at: world.now() + MINUTE, entryId: entry.id });
    }
    entries.push({ inputIndex, id: entry.id, created: true });
  }
  return jsonResponse({
    added: entries.filter(({ created }) => created).length,
    entries,
    duplicates,
    validationErrors,
  });
}

export const blacklistRoutes: Route[] = [
  { method: 'POST', path: '/blacklist/GetLeads', body: true, handle: getLeads },
  { method: 'POST', path: '/blacklist/AddLeads', body: true, handle: addLeads },
];
