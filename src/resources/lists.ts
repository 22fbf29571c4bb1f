import * as z from 'zod';
import { leadProfile, outsideString } from '../client/operations/fields.ts';
import { company, list } from '../client/operations/lists.ts';
import { lazy } from '../lib/lazy.ts';
import { ROWS_PER_PAGE } from '../lib/read-pages.ts';
import { personRow } from '../views/people.ts';
import { settle } from '../workflows/shared/settle.ts';
import { reasonOf } from './shared/failures.ts';
import { readById } from './shared/read-by-id.ts';
import { indexOutput, readIndex } from './shared/read-index.ts';
import { type Resource, restFields, restOf } from './shared/types.ts';

/** About as many members as fit. */
const MAX_MEMBERS = 300;

export const listsResource: Resource = {
  uri: 'heyreach://lists',
  tool: 'list_lists',
  name: 'lists',
  title: 'Lists',
  description: 'The first 300 lists of people or companies, with their sizes and campaigns.',
  output: lazy(() => indexOutput('lists', list())),
  read: (_, context) =>
    readIndex(context, {
      key: 'lists',
      read: (page) => context.client.lists.getAll(page, context.call),
      row: (item) => item,
      tool: 'list_lists',
    }),
};

export const listResource: Resource = {
  uri: 'heyreach://lists/{listId}',
  tool: 'get_list',
  name: 'list',
  title: 'A list',
  description: 'One list: type, size, campaigns, and first members.',
  output: lazy(() =>
    list().extend({
      returned: z.number().optional(),
      members: z.array(leadProfile().extend(company().shape)).optional(),
      notReadable: z.looseObject({ members: outsideString }).optional(),
      ...restFields(),
    }),
  ),
  async read(values, context) {
    const { client, call } = context;
    const listId = Number(values.listId);
    const [list] = await readById(client.lists.getById({ listId }, call));
    const isOfCompanies = list.listType === 'COMPANY_LIST';
    const page = { listId, offset: 0, limit: MAX_MEMBERS };
    const reading = isOfCompanies ? client.lists.getCompanies(page, call) : client.lists.getLeads(page, call);
    const read = await settle<Awaited<typeof reading>>(reading);
    if (!read.ok) return { data: { ...list, notReadable: { members: reasonOf(read.error) } } };
    const { items, totalCount } = read.value;
    const members = (items ?? []).map((item) => (isOfCompanies ? item : personRow(item)));
    const total = totalCount ?? list.totalItemsCount;
    const tool = isOfCompanies ? 'list_companies_in_list' : 'list_leads_in_list';
    return {
      data: { ...list, returned: members.length, members },
      fullArguments: { listId },
      rows: {
        key: 'members',
        continuation(returned) {
          const left = total == null ? 'unknown' : Math.max(0, total - returned);
          return restOf(context, left, tool, { listId, offset: returned, limit: ROWS_PER_PAGE });
        },
      },
    };
  },
};
