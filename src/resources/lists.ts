import { z } from 'zod';
import { leadProfile } from '../client/operations/fields.ts';
import { company, list } from '../client/operations/lists.ts';
import { personRow } from '../tools/person-row.ts';
import { ROWS_A_PAGE } from '../tools/read-rows.ts';
import { indexOutput, readIndex } from './index-rows.ts';
import { readById } from './owner.ts';
import { type Resource, restFields, restOf } from './resource.ts';

/** As many members as are likely to fit. */
const MEMBERS = 300;

export const listIndex: Resource = {
  uri: 'heyreach://lists',
  tool: 'list_lists',
  name: 'lists',
  title: 'Lists',
  description: 'The first 300 lists of people and companies, with their sizes and the campaigns they feed.',
  output: indexOutput('lists', list),
  read: (_, context) =>
    readIndex(context, {
      key: 'lists',
      read: (page) => context.client.lists.getAll(page, context.call),
      row: (item) => item,
      tool: 'list_lists',
    }),
};

export const oneList: Resource = {
  uri: 'heyreach://lists/{listId}',
  tool: 'get_list',
  name: 'list',
  title: 'A list',
  description: 'One list: type, size, the campaigns it feeds, and its first members.',
  output: list.extend({
    returned: z.number(),
    members: z.array(leadProfile.extend(company.shape)),
    ...restFields,
  }),
  async read({ listId: given }, context) {
    const { client, call } = context;
    const listId = Number(given);
    const [found] = await readById(client.lists.getById({ listId }, call));
    const isOfCompanies = found.listType === 'COMPANY_LIST';
    const page = { listId, offset: 0, limit: MEMBERS };
    const { items, totalCount } = isOfCompanies
      ? await client.lists.getCompanies(page, call)
      : await client.lists.getLeads(page, call);
    const members = (items ?? []).map((item) => (isOfCompanies ? item : personRow(item)));
    const total = totalCount ?? found.totalItemsCount;
    const tool = isOfCompanies ? 'list_companies_in_list' : 'list_leads_in_list';
    return {
      data: { ...found, returned: members.length, members },
      wholeBy: { listId },
      rows: {
        key: 'members',
        goOn(kept) {
          const left = total == null ? 'unknown' : Math.max(0, total - kept);
          return restOf(context, left, tool, { listId, offset: kept, limit: ROWS_A_PAGE });
        },
      },
    };
  },
};
