import { day } from '../mcp/arguments/fields.ts';
import { getPerformance } from '../tools/workflows/get-performance.ts';
import { addDays, dayOf, daysOf } from '../workflows/shared/periods.ts';
import { CAMPAIGN } from './arguments.ts';
import type { Prompt } from './types.ts';

const WEEKS_BACK = 8;

const endDate = day('Last day of the week');
const today = () => dayOf(Date.now());

/** The Sundays of the last weeks, and today. */
function lastDays(): string[] {
  const sunday = daysOf('last_week', Date.now()).last;
  const sundays = Array.from({ length: WEEKS_BACK }, (_, week) => addDays(sunday, -7 * week));
  return [...new Set([...sundays, today()])];
}

export const weeklyReport: Prompt = {
  name: 'weekly_report',
  title: 'Report on a week',
  description:
    'Writes a one-page report on seven days of outreach: numbers against the week before, by campaign and by sender, and open decisions.',
  arguments: [
    {
      name: 'endDate',
      description: 'Last day of the week (UTC), such as 2026-06-07, not in the future; last Sunday if omitted',
      suggest: lastDays,
      accepts: (value) => endDate.safeParse(value).success && value <= today(),
    },
    { ...CAMPAIGN, description: 'Only this campaign, by id or name; all campaigns if omitted', isRequired: false },
  ],
  requiredTools: ['get_performance'],
  callTools: ({ endDate, campaignId }, call) => {
    const scope = {
      ...(endDate === undefined ? { period: 'last_week' } : { startDate: addDays(endDate, -6), endDate }),
      ...(campaignId === undefined ? {} : { campaignIds: [Number(campaignId)] }),
    };
    return Promise.all(['campaign', 'sender'].map((by) => call(getPerformance, { by, ...scope })));
  },
  write({ campaignId }) {
    const filter = campaignId === undefined ? '' : `, campaignIds [${campaignId}]`;
    return [
      {
        requiresTools: ['get_performance'],
        isAboutResults: true,
        text: `Write a one-page report on the week in period above${
          campaignId === undefined ? '' : `, for campaign ${campaignId} only`
        }. The results of get_performance compare it with the week before, by campaign and by sender. Use their numbers and totals, and calculate nothing.`,
      },
      {
        text: 'Give each rate with its two counts and with the rate of the week before. Where note says that a row is small or young, draw no conclusion from its rates.',
      },
      {
        text: 'Name the campaigns and senders that changed most, and those that sent nothing. The status and the failed leads of a campaign are of now, not of that week.',
      },
      {
        requiresTools: ['list_unanswered'],
        text: `Say how many people wait for a reply, and name the three who wait longest, with list_unanswered (limit 3${filter}).`,
      },
      {
        requiresTools: ['get_sender_capacity'],
        text: 'Name the senders that do not work, and why, with get_sender_capacity.',
      },
      { text: 'End with at most three decisions that the user has to make. A report changes nothing.' },
    ];
  },
};
