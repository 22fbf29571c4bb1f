import { CAMPAIGN, type Prompt } from './prompt.ts';

export const launchChecklist: Prompt = {
  name: 'launch_checklist',
  title: 'Check a campaign before its start',
  description: 'Checks senders, list, texts, exclusions and schedule of a campaign, and asks before it is started.',
  arguments: [CAMPAIGN],
  needs: ['get_campaign'],
  enclose: ({ campaignId }) => [
    { uri: `heyreach://campaigns/${campaignId}`, maxBytes: 8_000 },
    { uri: `heyreach://campaigns/${campaignId}/sequence`, maxBytes: 48_000 },
    { uri: 'heyreach://linkedin-accounts', maxBytes: 20_000 },
  ],
  write: ({ campaignId }) => [
    {
      says: `Check whether campaign ${campaignId} is ready to start. Give each point a line: ready, missing, or for the person to decide, and what that rests on.`,
    },
    { says: 'Status: a DRAFT is started; what is PAUSED, FINISHED or FAILED is resumed instead.' },
    {
      says: "Senders: one of the campaign's accounts that stands above without isActive and authIsValid both true sends nothing.",
    },
    {
      uses: ['list_linkedin_accounts'],
      says: "Not every account may stand above: look up those of the campaign's that do not with list_linkedin_accounts before you judge them.",
    },
    {
      without: 'list_linkedin_accounts',
      says: "Not every account may stand above: the state of one of the campaign's that does not is unknown, neither ready nor missing.",
    },
    {
      uses: ['get_linkedin_account_status'],
      says: 'get_linkedin_account_status tells why an account is not logged in.',
    },
    {
      says: 'List: the campaign has one, and leads in it. Without leads it pauses itself soon after the start.',
    },
    {
      uses: ['list_leads_in_list'],
      says: 'Look at a page of its people with list_leads_in_list: whether the texts are meant for them, and whether what the texts name of them is filled in.',
    },
    {
      says: 'Sequence: every path ends, no draft text or open placeholder is left, every text with variables has a fallback, and the delays are as wanted.',
    },
    { says: 'Exclusions: say whom the campaign leaves out, and whom it therefore may write to twice.' },
    {
      says: 'Schedule: HeyReach does not show it, so ask for the days, the hours and the time zone that are meant.',
    },
    { uses: ['update_campaign_schedule'], says: 'update_campaign_schedule sets the schedule, if it is to be another.' },
    {
      uses: ['start_campaign'],
      says: 'Show the list of points. If nothing is missing, end by asking whether the campaign is to start; start_campaign comes only after a yes to that question.',
    },
    {
      without: 'start_campaign',
      says: 'Show the list of points. If nothing is missing, end by asking whether the campaign is to start; it is started in HeyReach, not from here.',
    },
  ],
};
