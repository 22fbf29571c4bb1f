import { HeyReachError } from '../../client/index.ts';
import { defineTool } from '../define.ts';
import { id } from '../fields.ts';
import { readBackCampaign, statusAnswer, statusOutput } from './read-status.ts';

export const pauseCampaign = defineTool({
  name: 'pause_campaign',
  title: 'Pause a campaign',
  description:
    'Pauses a campaign that is STARTING or IN_PROGRESS, so that nothing more goes out, and answers the status read back. resume_campaign continues it.',
  toolset: 'campaigns',
  kind: 'stop',
  repeat: 'same',
  asks: 'no',
  input: { campaignId: id('Campaign id') },
  output: statusOutput,
  async readBack({ campaignId }, { client, call }) {
    const found = await client.campaigns.getById({ campaignId }, call);
    return found.status === 'PAUSED'
      ? statusAnswer(campaignId, found, 'An earlier attempt of this call paused it.')
      : undefined;
  },
  async run({ campaignId }, context) {
    try {
      await context.client.campaigns.pause({ campaignId }, context.call);
    } catch (error) {
      // HeyReach is known to answer 400 or 500 to a pause that took effect: the status decides.
      if (!(error instanceof HeyReachError) || error.outcome === 'not_sent') throw error;
      if (error.outcome === 'refused' && error.status !== 400) throw error;
      const found = await readBackCampaign(campaignId, context);
      if (found?.status !== 'PAUSED') throw error;
      return statusAnswer(campaignId, found, `It is paused, although HeyReach answered: ${error.message}`);
    }
    return statusAnswer(campaignId, await readBackCampaign(campaignId, context));
  },
});
