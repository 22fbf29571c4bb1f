import { day } from '../tools/fields.ts';
import { CAMPAIGN, type Given, type Prompt, type Step } from './prompt.ts';

const DAY_MS = 86_400_000;
const WEEKS_BACK = 8;

const dayText = (at: number) => new Date(at).toISOString().slice(0, 10);
const daysBefore = (from: string, days: number) => dayText(Date.parse(from) - days * DAY_MS);
const endDate = day('Last day of the week');

/** Today, and the Sundays of the last weeks. */
function lastDays(): string[] {
  const today = dayText(Date.now());
  const sinceSunday = new Date(`${today}T00:00:00Z`).getUTCDay();
  const sundays = Array.from({ length: WEEKS_BACK }, (_, week) => daysBefore(today, sinceSunday + 7 * week));
  return [...new Set([today, ...sundays])];
}

function periodsOf({ endDate = dayText(Date.now()) }: Given) {
  return { from: daysBefore(endDate, 6), to: endDate, before: daysBefore(endDate, 13), until: daysBefore(endDate, 7) };
}

const presentOfAll: Step[] = [
  {
    says: 'What stands above is the present state, not that of the week: name the campaigns that have ended or stand still, and who waits for an answer.',
  },
  {
    says: 'Where leftOut stands above, not all is there: take the rest by the call that stands with it, or say that only the newest were looked at.',
  },
];

function presentOf(campaignId: string): Step[] {
  return [
    {
      says: 'What stands above is the present state, not that of the week: say whether the campaign has ended or stands still.',
    },
    {
      uses: ['list_conversations'],
      says: `Name who waits for an answer, by list_conversations (campaignIds [${campaignId}]).`,
    },
  ];
}

export const weeklyReport: Prompt = {
  name: 'weekly_report',
  title: 'Report on a week',
  description:
    'Writes a page on seven days of outreach: numbers against the week before, answers, and what needs a decision.',
  arguments: [
    {
      name: 'endDate',
      description: 'Last day of the week, such as 2026-06-07, not after today (UTC); left out, today',
      suggest: lastDays,
      accepts: (value) => endDate.safeParse(value).success && value <= dayText(Date.now()),
    },
    { ...CAMPAIGN, description: 'Only this campaign; left out, all', isRequired: false },
  ],
  needs: ['get_overall_stats'],
  enclose: ({ campaignId }) =>
    campaignId === undefined
      ? [
          { uri: 'heyreach://campaigns', maxBytes: 8_000 },
          { uri: 'heyreach://conversations', maxBytes: 8_000 },
        ]
      : // Not its statistics: they are of the last 30 days, and would be taken for those of the week.
        [{ uri: `heyreach://campaigns/${campaignId}`, maxBytes: 8_000 }],
  write(given) {
    const { from, to, before, until } = periodsOf(given);
    const { campaignId } = given;
    const only = campaignId === undefined ? '' : `, campaignIds [${campaignId}]`;
    return [
      {
        says: `Write a report of one page on the week from ${from} to ${to}${
          campaignId === undefined ? '' : `, on campaign ${campaignId} alone`
        }.`,
      },
      {
        uses: ['get_overall_stats'],
        says: `Its numbers come from get_overall_stats with startDate ${from}, endDate ${to}${only}; those of the week before with startDate ${before}, endDate ${until}${only}.`,
      },
      {
        uses: ['get_stats_by_campaign'],
        says: `get_stats_by_campaign with the same arguments says what each campaign had a part in.`,
      },
      {
        says: 'Give each rate with the two numbers it is made of, beside that of the week before, and say so where they are too small to tell anything.',
      },
      ...(campaignId === undefined ? presentOfAll : presentOf(campaignId)),
      {
        uses: ['list_linkedin_accounts'],
        says: 'Name the senders that list_linkedin_accounts shows with authIsValid false: nothing goes out from them.',
      },
      { says: 'End with what somebody has to decide, at most three points. A report changes nothing.' },
    ];
  },
};
