import { z } from 'zod';
import { sendInCalls } from '../calls.ts';
import { defineTool } from '../define.ts';
import { id } from '../fields.ts';
import { removalAnswer, removalOutput } from './removal.ts';
import { previewRemoveByIds } from './removal-preview.ts';

export const removeLeadsFromList = defineTool({
  name: 'remove_leads_from_list',
  title: 'Remove leads from a list',
  description:
    'Removes up to 1,000 people from a list by LinkedIn member id (linkedin_id). HeyReach does not say which were in it; remove_leads_from_list_by_url does.',
  toolset: 'lists',
  kind: 'destructive',
  repeat: 'same',
  asks: 'yes',
  input: {
    listId: id('List id'),
    leadMemberIds: z.array(z.string().min(1).max(60)).min(1).max(1_000).describe('LinkedIn member ids'),
  },
  output: removalOutput,
  preview: previewRemoveByIds,
  // The route answers 200 whether or not anybody was there, so a refusal is about the list, not an echo.
  readBack: null,
  async run({ listId, leadMemberIds }, context) {
    const report = await sendInCalls(
      leadMemberIds.map((_, index) => index),
      (part, _isLast, call) =>
        context.client.lists.removeLeads({ listId, leadMemberIds: part.map((index) => leadMemberIds[index]!) }, call),
      context,
    );
    return removalAnswer(listId, leadMemberIds.length, report, {});
  },
});
