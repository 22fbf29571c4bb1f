import { array, bind, long, oneOf, paging, required, text } from '../http/binding.ts';
import { json, type Reply } from '../http/reply.ts';
import { type Call, queryId, type Route } from '../http/router.ts';
import type { LeadList } from '../model.ts';
import { iso } from '../time.ts';
import { contains, listOf, pageOf, personBy } from './find.ts';
import { listView } from './views.ts';

const LIST_TYPES = ['USER_LIST', 'COMPANY_LIST'] as const;
const listType = oneOf(LIST_TYPES, 'Lists.ListType');

function getAll({ world, body }: Call): Reply {
  const input = bind(body, { ...paging, keyword: text(), listType, campaignIds: array(long) });
  const { campaignIds = [] } = input;
  const found = [...world.workspace.lists.values()]
    .filter((one) => contains(input.keyword, one.name))
    .filter((one) => input.listType === undefined || one.listType === input.listType)
    .sort((a, b) => b.creationTime - a.creationTime || b.id - a.id)
    .map((one) => listView(world, one))
    .filter((one) => campaignIds.length === 0 || one.campaignIds.some((id) => campaignIds.includes(id)));
  return json(pageOf(found, input, (one) => one));
}

function getById(call: Call): Reply {
  const { world } = call;
  return json(listView(world, listOf(world.workspace, queryId(call, 'listId'))));
}

function createEmpty({ world, body }: Call): Reply {
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
  return json({
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

function getCompanies({ world, body }: Call): Reply {
  const input = bind(body, { ...paging, listId: required(long), keyword: text() });
  const { companies } = listOf(world.workspace, input.listId);
  const found = companies.filter((one) => contains(input.keyword, one.name));
  return json(pageOf(found, input, (one) => one, 1_000, 100));
}

function forLead({ world, body }: Call): Reply {
  const input = bind(body, { ...paging, email: text(), linkedinId: text(), profileUrl: text() });
  const person = personBy(world.workspace, { url: input.profileUrl, memberId: input.linkedinId, email: input.email });
  const found = [...world.workspace.lists.values()].filter((one) => one.members.has(person?.linkedinId ?? ''));
  return json(pageOf(found, input, (one) => ({ listId: one.id, listName: one.name })));
}

export const listRoutes: Route[] = [
  { method: 'POST', path: '/list/GetAll', body: true, handle: getAll },
  { method: 'GET', path: '/list/GetById', handle: getById },
  { method: 'POST', path: '/list/CreateEmptyList', body: true, handle: createEmpty },
  { method: 'POST', path: '/list/GetCompaniesFromList', body: true, handle: getCompanies },
  { method: 'POST', path: '/list/GetListsForLead', body: true, handle: forLead },
];
