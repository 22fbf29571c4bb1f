import { z } from 'zod';
import type { CallOptions } from '../../client/index.ts';
import type { AddedCounts, LeadInput } from '../../client/operations/fields.ts';
import { type AddLeadsJob, addLeads, addLeadsOutput } from '../add-leads.ts';
import { defineTool, type InputOf } from '../define.ts';
import { id } from '../fields.ts';
import { leadRow, toLeadInput } from '../lead-input.ts';
import { previewAddToList } from './add-to-list-preview.ts';

export const addToListInput = {
  listId: id('List id (USER_LIST)'),
  leads: z.array(leadRow('A person')).min(1).max(1_000).describe('The people'),
};

/** How rows are added to a list, over the present or the retired route. */
export function listJob(
  { listId, leads }: InputOf<typeof addToListInput>,
  add: (
    request: { listId: number; leads: LeadInput[] },
    call: CallOptions,
  ) => Promise<AddedCounts | number | undefined>,
): AddLeadsJob {
  return {
    rows: leads,
    send: (indexes, _isLast, call) => add({ listId, leads: indexes.map((index) => toLeadInput(leads[index]!)) }, call),
  };
}

export const addLeadsToList = defineTool({
  name: 'add_leads_to_list',
  title: 'Add leads to a list',
  description:
    'Adds up to 1,000 people to a list; a running campaign on that list will contact them. Answers for every row whether it was refused, duplicate, sent or unclear. Leads there already are updated.',
  toolset: 'lists',
  kind: 'outreach',
  repeat: 'same',
  asks: 'sometimes',
  input: addToListInput,
  output: addLeadsOutput,
  preview: previewAddToList,
  // Counting which of a thousand people arrived would take as many reads; adding again is the cheaper way to be sure.
  readBack: null,
  run: (input, context) => addLeads(listJob(input, context.client.lists.addLeads), context),
});
