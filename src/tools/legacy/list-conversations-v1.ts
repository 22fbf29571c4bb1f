import { conversation } from '../../client/operations/inbox.ts';
import { defineTool } from '../define.ts';
import { detail, flag, ids, paging, text, whole } from '../fields.ts';
import { conversationRow, wholeConversation } from '../inbox/conversation-row.ts';
import { pageAnswer, pageOutput } from '../page.ts';

export const listConversationsV1 = defineTool({
  name: 'list_conversations_v1',
  title: 'List conversations (retired route)',
  description: 'As list_conversations, over the retired route, which knows no filter by person or tag.',
  toolset: 'legacy',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: {
    linkedInAccountIds: ids('Only these senders').default([]),
    campaignIds: ids('Only these campaigns').default([]),
    searchString: text('Text to search for').optional(),
    seen: flag('true: read; false: unread').optional(),
    messages: whole('Newest messages to include per row', 0, 20).default(0),
    ...paging(),
    ...detail,
  },
  output: pageOutput(conversation),
  nextStep: (error) => (error.status === 404 ? 'Use list_conversations: HeyReach has retired this route.' : undefined),
  async run({ messages, offset, limit, ...given }, { client, call, full }) {
    const { linkedInAccountIds, campaignIds, searchString = null, seen = null } = given;
    const filters = { linkedInAccountIds, campaignIds, searchString, seen };
    const page = await client.inbox.getConversationsV1({ filters, offset, limit }, call);
    const row = full ? wholeConversation : conversationRow;
    return pageAnswer(page, offset, (item) => row(item, messages));
  },
});
