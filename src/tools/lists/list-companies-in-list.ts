import { company } from '../../client/operations/lists.ts';
import { defineTool } from '../define.ts';
import { detail, id, paging, text } from '../fields.ts';
import { pageAnswer, pageOutput } from '../page.ts';

export const listCompaniesInList = defineTool({
  name: 'list_companies_in_list',
  title: 'List companies in a list',
  description:
    'Companies in a COMPANY_LIST, up to 1,000 a call as far as they fit. People come from list_leads_in_list.',
  toolset: 'lists',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { listId: id('List id'), keyword: text('Text to search for').optional(), ...paging(1_000), ...detail },
  output: pageOutput(company),
  clipAt: 200,
  async run({ listId, keyword, offset, limit }, { client, call }) {
    const page = await client.lists.getCompanies({ listId, keyword, offset, limit }, call);
    return pageAnswer(page, offset);
  },
});
