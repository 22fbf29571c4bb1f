import * as z from 'zod';
import { id } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { forgetSchedule, rememberSchedule } from '../../workflows/campaign-check/last-schedules.ts';
import { withWarnings } from './shared/created-campaign.ts';
import { scheduleField, scheduleWarnings, toSchedule } from './shared/schedule.ts';

export const updateCampaignSchedule = defineTool({
  name: 'update_campaign_schedule',
  title: 'Replace a campaign schedule',
  description:
    'Replaces the whole schedule of a DRAFT, SCHEDULED or PAUSED campaign. HeyReach does not return schedules, so the old one is lost. A SCHEDULED campaign becomes a DRAFT.',
  toolset: 'campaigns',
  risk: 'write',
  retry: 'idempotent',
  confirmation: 'never',
  input: () => ({ campaignId: id('Campaign id'), schedule: scheduleField().describe('The whole new schedule') }),
  output: () =>
    z.looseObject({
      campaignId: z.number(),
      schedule: z.looseObject(scheduleField().shape).partial(),
      note: z.string(),
      warnings: z.array(z.string()).optional().describe('dates and time zones that may be wrong'),
    }),
  // HeyReach has no route that returns a schedule.
  verifyAfterRetry: null,
  async run({ campaignId, schedule }, { client, call }) {
    const requested = toSchedule(schedule);
    forgetSchedule(client, campaignId);
    await client.campaigns.updateSchedule({ campaignId, schedule: requested }, call);
    rememberSchedule(client, campaignId, requested);
    const note =
      'HeyReach accepted the schedule. It does not return schedules, so neither the old nor the new one can be read back.';
    return withWarnings({ data: { campaignId, schedule: requested, note } }, scheduleWarnings(schedule));
  },
});
