import { z } from 'zod';
import { LIST_TYPES, list } from '../../client/operations/lists.ts';
import { defineTool } from '../define.ts';
import { ids, paging, text } from '../fields.ts';
import { pageAnswer, pageOutput } from '../page.ts';

export const listLists = defineTool({
  name: 'list_lists',
  title: 'List lists',
  description:
    'Lists of people or companies, with sizes and the campaigns they feed. Rows come from list_leads_in_list or list_companies_in_list.',
  toolset: 'lists',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: {
    keyword: text('Part of the list name').optional(),
    listType: z.enum(LIST_TYPES).describe('People or companies').optional(),
    campaignIds: ids('Only lists of these campaigns').optional(),
    ...paging(),
  },
  output: pageOutput(list),
  async run({ keyword, listType, campaignIds, offset, limit }, { client, call }) {
    const page = await client.lists.getAll({ keyword, listType, campaignIds, offset, limit }, call);
    return pageAnswer(page, offset);
  },
});
