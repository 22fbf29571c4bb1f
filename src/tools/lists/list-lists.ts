import * as z from 'zod';
import { LIST_TYPES, list } from '../../client/operations/lists.ts';
import { ids, paging, text } from '../../mcp/arguments/fields.ts';
import { pageOutput, pageResult } from '../../mcp/results/page.ts';
import { defineTool } from '../../mcp/tool.ts';
import { assertListed } from '../../workflows/shared/filter-ids.ts';

export const listLists = defineTool({
  name: 'list_lists',
  title: 'List lists',
  description:
    'Returns the lists of people and companies, with size and the campaigns that use them. Read rows with list_leads_in_list or list_companies_in_list.',
  toolset: 'lists',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    keyword: text('Part of the list name').optional(),
    listType: z.enum(LIST_TYPES).describe('People or companies').optional(),
    campaignIds: ids('Only lists used by these campaigns').optional(),
    ...paging(),
  }),
  output: () => pageOutput(list()),
  async run({ keyword, listType, campaignIds, offset, limit }, context) {
    const { client, call } = context;
    const page = await client.lists.getAll({ keyword, listType, campaignIds, offset, limit }, call);
    if (offset === 0 && !page.items?.length) await assertListed({ campaignIds }, context);
    return pageResult(page, offset);
  },
});
