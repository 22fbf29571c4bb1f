import { array, bind, date, long, paging, required, text } from '../http/binding.ts';
import { empty, json, type Reply, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/router.ts';
import type { LeadList } from '../model.ts';
import { readProfileUrl } from '../profile-url.ts';
import * as lifecycle from '../simulation/lifecycle.ts';
import type { World } from '../world.ts';
import { contains, listOf, pageOf, personBy, personByUrl } from './find.ts';
import { checkCustomFields, landLead, leadInput } from './lead-input.ts';
import { listLeadView } from './views.ts';

function getLeads({ world, body }: Call): Reply {
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
  const wanted =
    input.leadProfileUrl || input.leadLinkedInId
      ? (personBy(workspace, { url: input.leadProfileUrl, memberId: input.leadLinkedInId })?.linkedinId ?? 'nobody')
      : undefined;
  const found = [...members]
    .filter(([id, addedAt]) => (wanted ?? id) === id && addedAt >= createdFrom && addedAt <= createdTo)
    .map(([id]) => workspace.people.get(id)!)
    .filter((one) => contains(input.keyword, `${one.firstName} ${one.lastName}`, one.headline, one.companyName));
  return json(pageOf(found, input, listLeadView, 1_000, 100));
}

/** Running campaigns take up what their list gets; a finished one is not woken. */
function feedCampaigns(world: World, list: LeadList): void {
  for (const campaign of world.workspace.campaigns.values()) {
    if (campaign.listId !== list.id || campaign.status !== 'IN_PROGRESS') continue;
    lifecycle.takeInList(world, campaign, world.now());
    lifecycle.planInsertion(world, campaign, world.now());
  }
}

function addLeads({ world, body }: Call) {
  const input = bind(body, { listId: required(long), leads: required(array(leadInput, { min: 1, max: 100 })) });
  const list = listOf(world.workspace, input.listId);
  if (list.listType !== 'USER_LIST') throw refuse('Leads can only be added to a list of type USER_LIST.');
  checkCustomFields(input.leads);
  const counts = { addedLeadsCount: 0, updatedLeadsCount: 0, failedLeadsCount: 0 };
  for (const lead of input.leads) {
    const landed = landLead(world, lead);
    if (landed === 'dropped') continue;
    if (landed === 'failed') counts.failedLeadsCount++;
    else if (list.members.has(landed.person.linkedinId)) counts.updatedLeadsCount++;
    else {
      counts.addedLeadsCount++;
      list.members.set(landed.person.linkedinId, world.now());
    }
  }
  feedCampaigns(world, list);
  return counts;
}

/** Takes a lead off a list; campaigns forget it as long as they have not begun with it. */
function remove(world: World, list: LeadList, personId: string): boolean {
  if (!list.members.delete(personId)) return false;
  for (const campaign of world.workspace.campaigns.values()) {
    if (campaign.listId !== list.id) continue;
    if (campaign.enrolments.get(personId)?.status === 'Waiting') campaign.enrolments.delete(personId);
  }
  return true;
}

function removeByIds({ world, body }: Call): Reply {
  const input = bind(body, { listId: required(long), leadMemberIds: required(array(text())) });
  const list = listOf(world.workspace, input.listId);
  for (const id of input.leadMemberIds) remove(world, list, id);
  return empty();
}

function slugIn(url: string): string {
  const ref = readProfileUrl(url);
  if (ref?.kind === 'slug') return ref.slug;
  return ref?.profileId ?? url.replace(/\/$/, '').split('/').at(-1) ?? url;
}

function removeByUrls({ world, body }: Call): Reply {
  const input = bind(body, { listId: required(long), profileUrls: required(array(text())) });
  const list = listOf(world.workspace, input.listId);
  const notFoundInList = input.profileUrls
    .filter((url) => {
      const person = personByUrl(world.workspace, url);
      return person === undefined || person === 'unresolvable' || !remove(world, list, person.linkedinId);
    })
    .map(slugIn);
  return json({ notFoundInList });
}

export const listLeadRoutes: Route[] = [
  { method: 'POST', path: '/list/GetLeadsFromList', body: true, handle: getLeads },
  { method: 'POST', path: '/list/AddLeadsToListV2', body: true, handle: (call) => json(addLeads(call)) },
  { method: 'POST', path: '/list/AddLeadsToList', body: true, handle: (call) => json(addLeads(call).addedLeadsCount) },
  { method: 'DELETE', path: '/list/DeleteLeadsFromList', body: true, handle: removeByIds },
  { method: 'DELETE', path: '/list/DeleteLeadsFromListByProfileUrl', body: true, handle: removeByUrls },
];
