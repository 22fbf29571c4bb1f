import { id, list, textId } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { sendInCalls } from '../shared/batch-calls.ts';
import { previewRemoveByIds } from './shared/removal-preview.ts';
import { removalOutput, removalResult } from './shared/removal-result.ts';

export const removeLeadsFromList = defineTool({
  name: 'remove_leads_from_list',
  title: 'Remove leads from a list',
  description:
    'Removes people from a list by LinkedIn member id (linkedin_id). HeyReach does not report which ids were found; remove_leads_from_list_by_url does.',
  toolset: 'lists',
  risk: 'destructive',
  retry: 'idempotent',
  confirmation: 'always',
  input: () => ({
    listId: id('List id'),
    leadMemberIds: list(textId(undefined), 'LinkedIn member ids; omit with confirmToken', { min: 1, max: 1_000 }),
  }),
  bulkParameter: 'leadMemberIds',
  output: removalOutput,
  preview: previewRemoveByIds,
  // The route returns 200 even for people who are not in the list, so an error is never caused by an earlier attempt.
  verifyAfterRetry: null,
  async run({ listId, leadMemberIds }, context) {
    const report = await sendInCalls(
      leadMemberIds.map((_, index) => index),
      (part, _isLast, call) =>
        context.client.lists.removeLeads({ listId, leadMemberIds: part.map((index) => leadMemberIds[index]!) }, call),
      context,
    );
    return removalResult(listId, leadMemberIds.length, report, {});
  },
});
