import type { CallOptions } from '../../client/index.ts';
import type { AddedCounts, LeadInput } from '../../client/operations/fields.ts';
import { lazy } from '../../lib/lazy.ts';
import { id, list } from '../../mcp/arguments/fields.ts';
import { rowByRow } from '../../mcp/arguments/row-by-row.ts';
import { defineTool, type InputOf } from '../../mcp/tool.ts';
import { leadRow, toLeadInput } from '../../workflows/leads/lead-input.ts';
import { type AddLeadsTask, addLeads, addLeadsOutput } from '../shared/add-leads.ts';
import { checkListInDraft } from '../shared/target-in-draft.ts';
import { previewAddToList } from './shared/add-to-list-preview.ts';

export const addToListInput = lazy(() => ({
  listId: id('List id (USER_LIST)'),
  leads: rowByRow(
    list(leadRow('A person'), 'The people; omit with confirmToken', { min: 1, max: 1_000 }),
    (rejected) => ({ rejected }),
  ),
}));

/** A task that adds rows to a list over the current or the retired route. */
export function addToListTask(
  { listId, leads }: InputOf<ReturnType<typeof addToListInput>>,
  add: (
    request: { listId: number; leads: LeadInput[] },
    call: CallOptions,
  ) => Promise<AddedCounts | number | undefined>,
): AddLeadsTask {
  return {
    rows: leads,
    send: (indexes, _isLast, call) => add({ listId, leads: indexes.map((index) => toLeadInput(leads[index]!)) }, call),
  };
}

export const addLeadsToList = defineTool({
  name: 'add_leads_to_list',
  title: 'Add leads to a list',
  description:
    'Adds people to a list, and updates those already in it. Asks for confirmation if a running campaign uses the list and would contact them. Returns for every row whether it was sent, refused, duplicate or unknown.',
  toolset: 'lists',
  risk: 'outreach',
  retry: 'idempotent',
  confirmation: 'conditional',
  input: addToListInput,
  bulkParameter: 'leads',
  output: addLeadsOutput,
  preview: previewAddToList,
  draftCheck: checkListInDraft,
  // Verifying 1,000 people would take many reads. Adding them again is cheaper and leaves the same state.
  verifyAfterRetry: null,
  run: (input, context) => addLeads(addToListTask(input, context.client.lists.addLeads), context),
});
