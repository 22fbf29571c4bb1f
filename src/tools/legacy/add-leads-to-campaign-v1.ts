import { defineTool } from '../../mcp/tool.ts';
import { addLeadsTaskOf, addToCampaignInput, nextStepAfterRejectedAdd } from '../campaigns/add-leads-to-campaign.ts';
import { previewAddLeads } from '../campaigns/shared/add-to-campaign-preview.ts';
import { addLeads, addLeadsOutput } from '../shared/add-leads.ts';
import { checkCampaignInDraft } from '../shared/target-in-draft.ts';

export const addLeadsToCampaignV1 = defineTool({
  name: 'add_leads_to_campaign_v1',
  title: 'Add leads to a campaign (retired route)',
  description: 'Works like add_leads_to_campaign over the retired route, which counts only the added leads.',
  toolset: 'legacy',
  risk: 'outreach',
  retry: 'idempotent',
  confirmation: 'always',
  input: addToCampaignInput,
  bulkParameter: 'accountLeadPairs',
  output: addLeadsOutput,
  preview: previewAddLeads,
  draftCheck: checkCampaignInDraft,
  // As in add_leads_to_campaign.
  verifyAfterRetry: null,
  nextStep: nextStepAfterRejectedAdd,
  run: (input, context) => addLeads(addLeadsTaskOf(input, context.client.campaigns.addLeadsV1), context),
});
