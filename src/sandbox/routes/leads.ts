import { array, bind, bool, object, oneOf, required, text } from '../http/model-binding.ts';
import { type ApiResponse, apiError, emptyResponse, jsonResponse } from '../http/response.ts';
import type { Route, RouteCall } from '../http/router.ts';
import type { Person, Workspace } from '../model/index.ts';
import { queueDeliveries } from '../simulation/webhooks.ts';
import { personBy } from './shared/lookup.ts';

const COLORS = ['Blue', 'Green', 'Purple', 'Pink', 'Red', 'Cyan', 'Yellow', 'Orange'] as const;

function leadByUrl(workspace: Workspace, url: string): Person {
  const person = personBy(workspace, { url });
  if (!person) throw apiError('The lead was not found.', 404);
  return person;
}

function getLead({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { profileUrl: required(text()) });
  const person = leadByUrl(world.workspace, input.profileUrl);
  return jsonResponse({
    linkedin_id: person.linkedinId,
    imageUrl: person.imageUrl,
    firstName: person.firstName,
    lastName: person.lastName,
    fullName: `${person.firstName} ${person.lastName}`,
    location: person.location,
    summary: person.summary,
    companyName: person.companyName,
    companyUrl: person.companyUrl,
    position: person.position,
    industry: person.industry,
    about: person.about,
    username: person.slug,
    emailAddress: person.emailAddress,
    connections: person.connections,
    followers: person.followers,
    experiences: person.experiences,
    education: person.education,
    profileUrl: person.profileUrl,
    enrichedEmailAddress: person.enrichedEmailAddress,
    customEmailAddress: person.customEmailAddress,
    headline: person.headline,
    emailEnrichments: person.emailEnrichments,
  });
}

function getTags({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { profileUrl: required(text()) });
  return jsonResponse({ tags: [...leadByUrl(world.workspace, input.profileUrl).tags].sort() });
}

function assignTags({ world, body }: RouteCall, replaces: boolean): ApiResponse {
  const input = bind(body, {
    leadProfileUrl: text(),
    leadLinkedInId: text(),
    tags: required(array(text())),
    createTagIfNotExisting: bool,
  });
  const { workspace } = world;
  const person = personBy(workspace, { url: input.leadProfileUrl, memberId: input.leadLinkedInId });
  if (!person) throw apiError('Could not resolve the lead.');
  const unknown = input.tags.filter((tag) => !workspace.tags.has(tag.toLowerCase()));
  if (unknown.length > 0 && !input.createTagIfNotExisting) {
    throw apiError(`The following tags do not exist: ${unknown.join(', ')}`);
  }
  for (const tag of unknown) workspace.tags.set(tag.toLowerCase(), { displayName: tag, color: 'Blue' });
  const present = new Set(replaces ? [] : person.tags);
  const newAssignedTags: string[] = [];
  for (const tag of input.tags) {
    const name = workspace.tags.get(tag.toLowerCase())?.displayName ?? tag;
    if (present.has(name)) continue;
    present.add(name);
    newAssignedTags.push(name);
  }
  person.tags = [...present].sort();
  queueDeliveries(world, 'LEAD_TAG_UPDATED', world.now(), { person });
  return jsonResponse({ newAssignedTags });
}

function createTags({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, {
    tags: required(
      array(object({ displayName: required(text({ min: 1, max: 100 })), color: oneOf(COLORS, 'Tags.TagColor') }), {
        min: 1,
      }),
    ),
  });
  const { tags } = world.workspace;
  for (const { displayName } of input.tags) {
    if (tags.has(displayName.toLowerCase())) throw apiError(`The tag '${displayName}' already exists.`);
  }
  for (const { displayName, color = 'Blue' } of input.tags) tags.set(displayName.toLowerCase(), { displayName, color });
  return emptyResponse();
}

export const leadRoutes: Route[] = [
  { method: 'POST', path: '/lead/GetLead', body: true, handle: getLead },
  { method: 'POST', path: '/lead/GetTags', body: true, handle: getTags },
  { method: 'POST', path: '/lead/AddTags', body: true, handle: (call) => assignTags(call, false) },
  { method: 'POST', path: '/lead/ReplaceTags', body: true, handle: (call) => assignTags(call, true) },
  { method: 'POST', path: '/lead_tags/CreateTags', body: true, handle: createTags },
];
