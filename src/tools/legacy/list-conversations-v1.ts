import { conversation } from '../../client/operations/inbox.ts';
import { detail, flag, ids, limit, paging, text } from '../../mcp/arguments/fields.ts';
import { pageOutput, pageResult } from '../../mcp/results/page.ts';
import { defineTool } from '../../mcp/tool.ts';
import { conversationRow, wholeConversation } from '../../views/conversation-row.ts';
import { assertListed } from '../../workflows/shared/filter-ids.ts';
import { stepAfterLargeOffset } from '../inbox/shared/conversation-filters.ts';

export const listConversationsV1 = defineTool({
  name: 'list_conversations_v1',
  title: 'List conversations (retired route)',
  description: 'Works like list_conversations over the retired route, which cannot filter by person or tag.',
  toolset: 'legacy',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    linkedInAccountIds: ids('Only these senders').default([]),
    campaignIds: ids('Only these campaigns').default([]),
    searchString: text('Text to search for').optional(),
    seen: flag('true: read; false: unread, answered or not').optional(),
    messages: limit('Newest messages per row', { min: 0, max: 20, byDefault: 0 }),
    ...paging(),
    ...detail(),
  }),
  output: () => pageOutput(conversation()),
  nextStep: (error, input) =>
    error.status === 404
      ? 'HeyReach has retired this route. Use list_conversations.'
      : stepAfterLargeOffset(error, input),
  async run({ messages, offset, limit, ...args }, context) {
    const { client, call, full } = context;
    const { linkedInAccountIds, campaignIds, searchString = null, seen = null } = args;
    const filters = { linkedInAccountIds, campaignIds, searchString, seen };
    const page = await client.inbox.getConversationsV1({ filters, offset, limit }, call);
    if (offset === 0 && !page.items?.length) await assertListed(filters, context);
    const row = full ? wholeConversation : conversationRow;
    return pageResult(page, offset, (item) => row(item, messages));
  },
});
