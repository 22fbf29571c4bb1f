import { array, bind, date, long, paging, required, text } from '../http/model-binding.ts';
import { type ApiResponse, apiError, emptyResponse, jsonResponse } from '../http/response.ts';
import type { Route, RouteCall } from '../http/router.ts';
import type { LeadList } from '../model/index.ts';
import { readProfileUrl } from '../profile-url.ts';
import * as lifecycle from '../simulation/campaign-lifecycle.ts';
import type { World } from '../state.ts';
import { addOrUpdateLead, checkCustomFields, leadInput } from './shared/lead-input.ts';
import { contains, listOf, pageOf, personBy, personByUrl } from './shared/lookup.ts';
import { listLeadView } from './shared/views.ts';

function getLeads({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, {
    ...paging,
    listId: required(long),
    keyword: text(),
    leadProfileUrl: text(),
    leadLinkedInId: text(),
    createdFrom: date,
    createdTo: date,
  });
  const { workspace } = world;
  const { members } = listOf(workspace, input.listId);
  const { createdFrom = Number.NEGATIVE_INFINITY, createdTo = Number.POSITIVE_INFINITY } = input;
  const personId =
    input.leadProfileUrl || input.leadLinkedInId
      ? (personBy(workspace, { url: input.leadProfileUrl, memberId: input.leadLinkedInId })?.linkedinId ?? 'unknown')
      : undefined;
  const people = [...members]
    .filter(([id, addedAt]) => (personId ?? id) === id && addedAt >= createdFrom && addedAt <= createdTo)
    .map(([id]) => workspace.people.get(id)!)
    .filter((person) =>
      contains(input.keyword, `${person.firstName} ${person.lastName}`, person.headline, person.companyName),
    );
  return jsonResponse(pageOf(people, input, listLeadView, 1_000, 100));
}

/** Running campaigns enrol the new leads of their list. A finished campaign does not resume. */
function feedCampaigns(world: World, list: LeadList): void {
  for (const campaign of world.workspace.campaigns.values()) {
    if (campaign.listId !== list.id || campaign.status !== 'IN_PROGRESS') continue;
    lifecycle.enrolList(world, campaign, world.now());
    lifecycle.planInsertion(world, campaign, world.now());
  }
}

function addLeads({ world, body }: RouteCall) {
  const input = bind(body, { listId: required(long), leads: required(array(leadInput, { min: 1, max: 100 })) });
  const list = listOf(world.workspace, input.listId);
  if (list.listType !== 'USER_LIST') throw apiError('Leads can only be added to a list of type USER_LIST.');
  checkCustomFields(input.leads);
  const counts = { addedLeadsCount: 0, updatedLeadsCount: 0, failedLeadsCount: 0 };
  for (const lead of input.leads) {
    const added = addOrUpdateLead(world, lead);
    if (added === 'dropped') continue;
    if (added === 'failed') counts.failedLeadsCount++;
    else if (list.members.has(added.person.linkedinId)) counts.updatedLeadsCount++;
    else {
      counts.addedLeadsCount++;
      list.members.set(added.person.linkedinId, world.now());
    }
  }
  feedCampaigns(world, list);
  return counts;
}

/** Removes a lead from a list. Campaigns of the list drop it unless they have started with it. */
function removeLead(world: World, list: LeadList, personId: string): boolean {
  if (!list.members.delete(personId)) return false;
  world.workspace.journal.push({ kind: 'listRemoval', at: world.now(), listId: list.id, personId });
  for (const campaign of world.workspace.campaigns.values()) {
    if (campaign.listId !== list.id) continue;
    if (campaign.enrolments.get(personId)?.status === 'Waiting') campaign.enrolments.delete(personId);
  }
  return true;
}

function removeByIds({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { listId: required(long), leadMemberIds: required(array(text())) });
  const list = listOf(world.workspace, input.listId);
  for (const id of input.leadMemberIds) removeLead(world, list, id);
  return emptyResponse();
}

function slugOf(url: string): string {
  const ref = readProfileUrl(url);
  if (ref?.kind === 'slug') return ref.slug;
  return ref?.profileId ?? url.replace(/\/$/, '').split('/').at(-1) ?? url;
}

function removeByUrls({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { listId: required(long), profileUrls: required(array(text())) });
  const list = listOf(world.workspace, input.listId);
  const notFoundInList = input.profileUrls
    .filter((url) => {
      const person = personByUrl(world.workspace, url);
      return person === undefined || person === 'unresolvable' || !removeLead(world, list, person.linkedinId);
    })
    .map(slugOf);
  return jsonResponse({ notFoundInList });
}

export const listLeadRoutes: Route[] = [
  { method: 'POST', path: '/list/GetLeadsFromList', body: true, handle: getLeads },
  { method: 'POST', path: '/list/AddLeadsToListV2', body: true, handle: (call) => jsonResponse(addLeads(call)) },
  {
    method: 'POST',
    path: '/list/AddLeadsToList',
    body: true,
    handle: (call) => jsonResponse(addLeads(call).addedLeadsCount),
  },
  { method: 'DELETE', path: '/list/DeleteLeadsFromList', body: true, handle: removeByIds },
  { method: 'DELETE', path: '/list/DeleteLeadsFromListByProfileUrl', body: true, handle: removeByUrls },
];
