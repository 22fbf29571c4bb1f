import { z } from 'zod';
import { defineTool } from '../define.ts';
import { id } from '../fields.ts';
import { scheduleField, toSchedule } from './schedule.ts';

export const updateCampaignSchedule = defineTool({
  name: 'update_campaign_schedule',
  title: 'Replace a campaign schedule',
  description:
    'Replaces the schedule of a DRAFT, SCHEDULED or PAUSED campaign. The old one cannot be read back, so ask for it first if it matters. A SCHEDULED one becomes a DRAFT.',
  toolset: 'campaigns',
  kind: 'write',
  repeat: 'same',
  asks: 'no',
  input: { campaignId: id('Campaign id'), schedule: scheduleField.describe('The whole new schedule') },
  output: z.looseObject({
    campaignId: z.number(),
    schedule: z.looseObject(scheduleField.shape).partial(),
    note: z.string(),
  }),
  // No route reads a schedule.
  readBack: null,
  async run({ campaignId, schedule }, { client, call }) {
    const sent = toSchedule(schedule);
    await client.campaigns.updateSchedule({ campaignId, schedule: sent }, call);
    const note = 'Accepted. HeyReach offers no way to read a schedule: neither the old one nor this one can be shown.';
    return { data: { campaignId, schedule: sent, note } };
  },
});
