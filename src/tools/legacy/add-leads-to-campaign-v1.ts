import { addLeads, addLeadsOutput } from '../add-leads.ts';
import { addRefusedStep, addToCampaignInput, campaignJob } from '../campaigns/add-leads-to-campaign.ts';
import { previewAdd } from '../campaigns/add-preview.ts';
import { defineTool } from '../define.ts';

export const addLeadsToCampaignV1 = defineTool({
  name: 'add_leads_to_campaign_v1',
  title: 'Add leads to a campaign (retired route)',
  description:
    'As add_leads_to_campaign, over the retired route, which answers only how many were added: updated and failed stay unknown.',
  toolset: 'legacy',
  kind: 'outreach',
  repeat: 'same',
  asks: 'yes',
  input: addToCampaignInput,
  output: addLeadsOutput,
  preview: previewAdd,
  // As for add_leads_to_campaign: no read tells whether rows arrived.
  readBack: null,
  nextStep: addRefusedStep,
  run: (input, context) => addLeads(campaignJob(input, context.client.campaigns.addLeadsV1), context),
});
