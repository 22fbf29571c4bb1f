import { company } from '../../client/operations/lists.ts';
import { detail, id, paging, text } from '../../mcp/arguments/fields.ts';
import { pageOutput, pageResult } from '../../mcp/results/page.ts';
import { defineTool } from '../../mcp/tool.ts';
import { assertListType } from '../../workflows/shared/list-type.ts';

export const listCompaniesInList = defineTool({
  name: 'list_companies_in_list',
  title: 'List companies in a list',
  description:
    'Lists the companies in a COMPANY_LIST, fewer than limit if the result would be too large. For people use list_leads_in_list.',
  toolset: 'lists',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ listId: id('List id'), keyword: text('Search text').optional(), ...paging(1_000), ...detail() }),
  output: () => pageOutput(company()),
  clipAt: 200,
  async run({ listId, keyword, offset, limit }, context) {
    const { client, call } = context;
    const page = await client.lists.getCompanies({ listId, keyword, offset, limit }, call);
    if (page.totalCount === 0) await assertListType(listId, 'COMPANY_LIST', context);
    return pageResult(page, offset);
  },
});
