import { addLeads, addLeadsOutput } from '../add-leads.ts';
import { defineTool } from '../define.ts';
import { addToListInput, listJob } from '../lists/add-leads-to-list.ts';
import { previewAddToList } from '../lists/add-to-list-preview.ts';

export const addLeadsToListV1 = defineTool({
  name: 'add_leads_to_list_v1',
  title: 'Add leads to a list (retired route)',
  description:
    'As add_leads_to_list, over the retired route, which answers only how many were added: updated and failed stay unknown.',
  toolset: 'legacy',
  kind: 'outreach',
  repeat: 'same',
  asks: 'sometimes',
  input: addToListInput,
  output: addLeadsOutput,
  preview: previewAddToList,
  // As for add_leads_to_list.
  readBack: null,
  run: (input, context) => addLeads(listJob(input, context.client.lists.addLeadsV1), context),
});
