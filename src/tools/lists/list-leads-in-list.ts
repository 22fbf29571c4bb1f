import { leadProfile } from '../../client/operations/fields.ts';
import { defineTool } from '../define.ts';
import { date, detail, endOf, id, paging, profileUrl, startOf, text } from '../fields.ts';
import { pageAnswer, pageOutput } from '../page.ts';
import { personRow } from '../person-row.ts';

export const listLeadsInList = defineTool({
  name: 'list_leads_in_list',
  title: 'List leads in a list',
  description: 'People in a list, up to 1,000 a call as far as they fit. Companies come from list_companies_in_list.',
  toolset: 'lists',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: {
    listId: id('List id'),
    keyword: text('Text to search for').optional(),
    leadProfileUrl: profileUrl("One person's profile URL").optional(),
    leadLinkedInId: text("One person's LinkedIn member id", 60).optional(),
    createdFrom: date('Put into the list from').optional(),
    createdTo: date('Put into the list until').optional(),
    ...paging(1_000),
    ...detail,
  },
  output: pageOutput(leadProfile),
  async run({ createdFrom, createdTo, ...given }, { client, call, full }) {
    const { listId, keyword, leadProfileUrl, leadLinkedInId, offset, limit } = given;
    const page = await client.lists.getLeads(
      {
        listId,
        keyword,
        leadProfileUrl,
        leadLinkedInId,
        createdFrom: createdFrom === undefined ? undefined : startOf(createdFrom),
        createdTo: createdTo === undefined ? undefined : endOf(createdTo),
        offset,
        limit,
      },
      call,
    );
    return pageAnswer(page, offset, full ? undefined : personRow);
  },
});
