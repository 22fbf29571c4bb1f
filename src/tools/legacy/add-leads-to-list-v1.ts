import { defineTool } from '../../mcp/tool.ts';
import { addToListInput, addToListTask } from '../lists/add-leads-to-list.ts';
import { previewAddToList } from '../lists/shared/add-to-list-preview.ts';
import { addLeads, addLeadsOutput } from '../shared/add-leads.ts';
import { checkListInDraft } from '../shared/target-in-draft.ts';

export const addLeadsToListV1 = defineTool({
  name: 'add_leads_to_list_v1',
  title: 'Add leads to a list (retired route)',
  description:
    'Works like add_leads_to_list over the retired route, which counts only the added leads. Asks for confirmation as add_leads_to_list does.',
  toolset: 'legacy',
  risk: 'outreach',
  retry: 'idempotent',
  confirmation: 'conditional',
  input: addToListInput,
  bulkParameter: 'leads',
  output: addLeadsOutput,
  preview: previewAddToList,
  draftCheck: checkListInDraft,
  // As in add_leads_to_list.
  verifyAfterRetry: null,
  run: (input, context) => addLeads(addToListTask(input, context.client.lists.addLeadsV1), context),
});
