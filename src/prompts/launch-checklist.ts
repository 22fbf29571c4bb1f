import { checkCampaignTool } from '../tools/workflows/check-campaign.ts';
import { CAMPAIGN } from './arguments.ts';
import type { Prompt } from './types.ts';

export const launchChecklist: Prompt = {
  name: 'launch_checklist',
  title: 'Check a campaign before its start',
  description:
    'Checks the status, texts, list, overlap, senders and capacity of a campaign, and asks before the campaign is started.',
  arguments: [CAMPAIGN],
  requiredTools: ['check_campaign'],
  callTools: async ({ campaignId }, call) => [await call(checkCampaignTool, { campaignId: Number(campaignId) })],
  write: ({ campaignId }) => [
    {
      requiresTools: ['check_campaign'],
      isAboutResults: true,
      text: `Say whether campaign ${campaignId} is ready to start, from the result of check_campaign above. Write one line per check: ready, missing, or for the user to decide, with its numbers and findings. A check with the state stop is missing. A check with the state unknown is neither ready nor missing.`,
    },
    { text: 'Only a DRAFT is started. A PAUSED, FINISHED or FAILED campaign is resumed instead.' },
    {
      text: 'Read the texts in renders as these leads get them. Say where a text does not suit its lead, or is a draft.',
    },
    {
      text: 'HeyReach does not return the schedule. Ask the user for the intended days, hours and time zone.',
    },
    {
      requiresTools: ['update_campaign_schedule'],
      text: 'If the schedule is to change, set it with update_campaign_schedule.',
    },
    {
      requiresTools: ['start_campaign'],
      text: 'Show the list of checks. If nothing is missing, end by asking whether the campaign is to start. Call start_campaign only after the user has confirmed that.',
    },
    {
      onlyWithoutTool: 'start_campaign',
      text: 'Show the list of checks. If nothing is missing, end by asking whether the campaign is to start. It has to be started in HeyReach, not from here.',
    },
  ],
};
