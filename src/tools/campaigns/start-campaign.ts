import { defineTool } from '../define.ts';
import { id } from '../fields.ts';
import { previewRun } from './campaign-preview.ts';
import { statusAnswer, statusOutput } from './read-status.ts';
import { isRunning, SETTLES_AFTER_MS, settledAnswer } from './running.ts';

const JUST_NOW_MS = 120_000;

export const startCampaign = defineTool({
  name: 'start_campaign',
  title: 'Start a campaign',
  description:
    'Starts a DRAFT campaign, which then contacts the people of its list, and answers the status found 1.6 s later: with an empty list it pauses itself. A paused, finished or failed one goes on with resume_campaign.',
  toolset: 'campaigns',
  kind: 'outreach',
  repeat: 'same',
  asks: 'yes',
  input: { campaignId: id('Campaign id') },
  output: statusOutput,
  preview: ({ campaignId }, context) => previewRun(campaignId, { verb: 'Start', context }),
  async readBack({ campaignId }, { client, call, wait }) {
    await wait(SETTLES_AFTER_MS);
    const found = await client.campaigns.getById({ campaignId }, call);
    // One that paused itself for want of leads was started all the same.
    const startedNow = Date.now() - Date.parse(found.startedAt ?? '') < JUST_NOW_MS;
    return isRunning(found) || startedNow
      ? statusAnswer(campaignId, found, 'An earlier attempt of this call started it.')
      : undefined;
  },
  nextStep: (error) =>
    error.status === 400
      ? 'Read it with get_campaign and get_campaign_sequence: a start needs a DRAFT with a sequence, a connected sender and a list. resume_campaign is for PAUSED, FINISHED and FAILED.'
      : undefined,
  async run({ campaignId }, context) {
    await context.client.campaigns.start({ campaignId }, context.call);
    return settledAnswer(campaignId, context);
  },
});
