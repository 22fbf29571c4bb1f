import { array, bind, long, oneOf, paging, required, text } from '../http/model-binding.ts';
import { type ApiResponse, jsonResponse } from '../http/response.ts';
import { type Route, type RouteCall, requiredQueryId } from '../http/router.ts';
import type { LeadList } from '../model/index.ts';
import { iso } from '../time.ts';
import { contains, listOf, pageOf, personBy } from './shared/lookup.ts';
import { listView } from './shared/views.ts';

const LIST_TYPES = ['USER_LIST', 'COMPANY_LIST'] as const;
const listType = oneOf(LIST_TYPES, 'Lists.ListType');

function getAll({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { ...paging, keyword: text(), listType, campaignIds: array(long) });
  const { campaignIds = [] } = input;
  const lists = [...world.workspace.lists.values()]
    .filter((list) => contains(input.keyword, list.name))
    .filter((list) => input.listType === undefined || list.listType === input.listType)
    .sort((a, b) => b.creationTime - a.creationTime || b.id - a.id)
    .map((list) => listView(world, list))
    .filter((list) => campaignIds.length === 0 || list.campaignIds.some((id) => campaignIds.includes(id)));
  return jsonResponse(pageOf(lists, input, (list) => list));
}

function getById(call: RouteCall): ApiResponse {
  const { world } = call;
  return jsonResponse(listView(world, listOf(world.workspace, requiredQueryId(call, 'listId'))));
}

function createEmpty({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { name: required(text()), type: listType });
  const { workspace } = world;
  const list: LeadList = {
    id: workspace.nextId.list++,
    name: input.name,
    listType: input.type ?? 'USER_LIST',
    creationTime: world.now(),
    members: new Map(),
    companies: [],
  };
  workspace.lists.set(list.id, list);
  return jsonResponse({
    id: list.id,
    name: list.name,
    count: 0,
    listType: list.listType,
    creationTime: iso(list.creationTime),
    isDeleted: false,
    campaigns: null,
    search: null,
    status: 'UNKNOWN',
  });
}

function getCompanies({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { ...paging, listId: required(long), keyword: text() });
  const { companies } = listOf(world.workspace, input.listId);
  const matching = companies.filter((company) => contains(input.keyword, company.name));
  return jsonResponse(pageOf(matching, input, (company) => company, 1_000, 100));
}

function getListsForLead({ world, body }: RouteCall): ApiResponse {
  const input = bind(body, { ...paging, email: text(), linkedinId: text(), profileUrl: text() });
  const person = personBy(world.workspace, { url: input.profileUrl, memberId: input.linkedinId, email: input.email });
  const lists = [...world.workspace.lists.values()].filter((list) => list.members.has(person?.linkedinId ?? ''));
  return jsonResponse(pageOf(lists, input, (list) => ({ listId: list.id, listName: list.name })));
}

export const listRoutes: Route[] = [
  { method: 'POST', path: '/list/GetAll', body: true, handle: getAll },
  { method: 'GET', path: '/list/GetById', handle: getById },
  { method: 'POST', path: '/list/CreateEmptyList', body: true, handle: createEmpty },
  { method: 'POST', path: '/list/GetCompaniesFromList', body: true, handle: getCompanies },
  { method: 'POST', path: '/list/GetListsForLead', body: true, handle: getListsForLead },
];
