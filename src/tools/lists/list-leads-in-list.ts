import { leadProfile } from '../../client/operations/fields.ts';
import { checkRange } from '../../mcp/arguments/date-range.ts';
import {
  date,
  detail,
  endOfDate,
  id,
  paging,
  profileUrl,
  startOfDate,
  text,
  textId,
} from '../../mcp/arguments/fields.ts';
import { pageOutput, pageResult } from '../../mcp/results/page.ts';
import { defineTool } from '../../mcp/tool.ts';
import { personRow } from '../../views/people.ts';
import { assertListType } from '../../workflows/shared/list-type.ts';

export const listLeadsInList = defineTool({
  name: 'list_leads_in_list',
  title: 'List leads in a list',
  description:
    'Lists the people in a list, fewer than limit if the result would be too large. For companies use list_companies_in_list.',
  toolset: 'lists',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    listId: id('List id'),
    keyword: text('Search text').optional(),
    leadProfileUrl: profileUrl("One person's profile URL").optional(),
    leadLinkedInId: textId("One person's LinkedIn member id", 60).optional(),
    createdFrom: date('Added on or after').optional(),
    createdTo: date('Added on or before').optional(),
    ...paging(1_000),
    ...detail(),
  }),
  check: ({ createdFrom, createdTo }) => checkRange({ createdFrom, createdTo }),
  output: () => pageOutput(leadProfile()),
  async run({ createdFrom, createdTo, ...args }, context) {
    const { client, call, full } = context;
    const { listId, keyword, leadProfileUrl, leadLinkedInId, offset, limit } = args;
    const page = await client.lists.getLeads(
      {
        listId,
        keyword,
        leadProfileUrl,
        leadLinkedInId,
        createdFrom: createdFrom === undefined ? undefined : startOfDate(createdFrom),
        createdTo: createdTo === undefined ? undefined : endOfDate(createdTo),
        offset,
        limit,
      },
      call,
    );
    // That one person is not in the list holds for a list of either type.
    const isForOne = leadProfileUrl !== undefined || leadLinkedInId !== undefined;
    if (page.totalCount === 0 && !isForOne) await assertListType(listId, 'USER_LIST', context);
    return pageResult(page, offset, full ? undefined : personRow);
  },
});
