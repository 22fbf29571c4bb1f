import { defineTool } from '../define.ts';
import { id } from '../fields.ts';
import { previewRun } from './campaign-preview.ts';
import { statusOutput } from './read-status.ts';
import { settledAnswer } from './running.ts';

export const resumeCampaign = defineTool({
  name: 'resume_campaign',
  title: 'Resume a campaign',
  description:
    'Lets a PAUSED, FINISHED or FAILED campaign contact people again, and answers the status found 1.6 s later. A DRAFT is started with start_campaign.',
  toolset: 'campaigns',
  kind: 'outreach',
  repeat: 'once',
  asks: 'yes',
  input: { campaignId: id('Campaign id') },
  output: statusOutput,
  preview: ({ campaignId }, context) => previewRun(campaignId, { verb: 'Resume', context }),
  async run({ campaignId }, context) {
    await context.client.campaigns.resume({ campaignId }, context.call);
    return settledAnswer(campaignId, context);
  },
});
