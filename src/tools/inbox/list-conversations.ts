import { conversation } from '../../client/operations/inbox.ts';
import { detail, limit, paging } from '../../mcp/arguments/fields.ts';
import { pageOutput, pageResult } from '../../mcp/results/page.ts';
import { defineTool } from '../../mcp/tool.ts';
import { conversationRow, wholeConversation } from '../../views/conversation-row.ts';
import { assertListed } from '../../workflows/shared/filter-ids.ts';
import {
  checkFilters,
  filterFields,
  stepAfterLargeOffset,
  tagFilter,
  toFilters,
} from './shared/conversation-filters.ts';

const BY_DATE = 'scan_conversations takes from, to and cursor';

export const listConversations = defineTool({
  name: 'list_conversations',
  title: 'List conversations',
  description:
    'Lists inbox conversations, newest first. Read one with get_conversation. For people who wait for an answer use list_unanswered, for a long inbox or a date range scan_conversations.',
  toolset: 'inbox',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    ...filterFields(),
    ...tagFilter(),
    messages: limit('Newest messages per row', { min: 0, max: 20, byDefault: 0 }),
    ...paging(),
    ...detail(),
  }),
  check: checkFilters,
  missingParameters: { from: BY_DATE, to: BY_DATE, startDate: BY_DATE, endDate: BY_DATE, cursor: BY_DATE },
  nextStep: stepAfterLargeOffset,
  output: () => pageOutput(conversation()),
  async run({ messages, offset, limit, ...filters }, context) {
    const { client, call, full } = context;
    const page = await client.inbox.getConversationsV2({ filters: toFilters(filters), offset, limit }, call);
    if (offset === 0 && !page.items?.length) await assertListed(filters, context);
    const row = full ? wholeConversation : conversationRow;
    return pageResult(page, offset, (item) => row(item, messages));
  },
});
