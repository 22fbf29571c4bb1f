import { conversation } from '../../client/operations/inbox.ts';
import { defineTool } from '../define.ts';
import { detail, paging, whole } from '../fields.ts';
import { pageAnswer, pageOutput } from '../page.ts';
import { conversationRow, wholeConversation } from './conversation-row.ts';
import { checkFilters, filterFields, tagFilter, toFilters } from './filters.ts';

export const listConversations = defineTool({
  name: 'list_conversations',
  title: 'List conversations',
  description:
    'Inbox conversations, newest first, filtered by sender, campaign, person, tag, text or read state. Read one with get_conversation; sweep a long inbox or a time span with scan_conversations.',
  toolset: 'inbox',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: {
    ...filterFields,
    ...tagFilter,
    messages: whole('Newest messages to include per row', 0, 20).default(0),
    ...paging(),
    ...detail,
  },
  check: checkFilters,
  output: pageOutput(conversation),
  async run({ messages, offset, limit, ...filters }, { client, call, full }) {
    const page = await client.inbox.getConversationsV2({ filters: toFilters(filters), offset, limit }, call);
    const row = full ? wholeConversation : conversationRow;
    return pageAnswer(page, offset, (item) => row(item, messages));
  },
});
