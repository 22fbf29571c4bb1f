import { id } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { runOutput, settledStatusResult } from './shared/campaign-status.ts';
import { previewRun } from './shared/start-preview.ts';

export const resumeCampaign = defineTool({
  name: 'resume_campaign',
  title: 'Resume a campaign',
  description:
    'Resumes a PAUSED, FINISHED or FAILED campaign, which then contacts people again. Returns the status after 1.6 s. Use start_campaign for a DRAFT.',
  toolset: 'campaigns',
  risk: 'outreach',
  retry: 'never',
  confirmation: 'always',
  input: () => ({ campaignId: id('Campaign id') }),
  output: runOutput,
  // It compares the leads with the whole workspace.
  previewMayTakeLong: true,
  preview: ({ campaignId }, context) => previewRun('Resume', campaignId, context),
  async run({ campaignId }, context) {
    await context.client.campaigns.resume({ campaignId }, context.call);
    return settledStatusResult(campaignId, context);
  },
});
