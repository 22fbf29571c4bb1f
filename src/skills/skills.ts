import { launchChecklist } from '../prompts/launch-checklist.ts';
import { triageInbox } from '../prompts/triage-inbox.ts';
import type { Prompt, PromptStep } from '../prompts/types.ts';
import { weeklyReport } from '../prompts/weekly-report.ts';

/** Instructions that a host loads by itself when a task fits their description. */
export interface Skill {
  /** Its name and its folder, as agentskills.io requires: lower case, digits and hyphens. */
  name: string;
  title: string;
  /** What it does, and when to use it. Hosts choose skills by this text. */
  description: string;
  /** The skill is not served where one of these tools is disabled. */
  requiredTools: readonly string[];
  steps: readonly PromptStep[];
}

/** The steps of a prompt, after an opening that calls the tools whose results go along with the prompt. */
function fromPrompt(prompt: Prompt, opening: readonly PromptStep[]): PromptStep[] {
  return [...opening, ...prompt.write({}).filter(({ isAboutResults }) => !isAboutResults)];
}

export const skills: readonly Skill[] = [
  {
    name: 'inbox-triage',
    title: 'Sort the LinkedIn inbox',
    description: `${triageInbox.description} Use it when the user asks to sort, triage or answer the LinkedIn inbox, or who waits for a reply in HeyReach.`,
    requiredTools: triageInbox.requiredTools,
    steps: fromPrompt(triageInbox, [
      {
        text: 'Call list_unanswered (limit 15). Its rows are the people who wait for our reply, longest first. waiting and byAge count all of them. Further rows come with nextCursor and the same arguments.',
      },
      {
        requiresTools: ['list_linkedin_accounts'],
        text: 'If the user names a LinkedIn account, pass its id in linkedInAccountIds. list_linkedin_accounts has the ids.',
      },
    ]),
  },
  {
    name: 'weekly-report',
    title: 'Report on a week of outreach',
    description: `${weeklyReport.description} Use it when the user asks how the LinkedIn outreach in HeyReach went, or for a weekly report.`,
    requiredTools: weeklyReport.requiredTools,
    steps: fromPrompt(weeklyReport, [
      {
        text: 'Call get_performance twice: with by campaign and with by sender, both for period last_week. If the user names other days, pass startDate and endDate. If the user names a campaign, pass campaignIds.',
      },
      {
        text: 'Write a one-page report on that week. The results compare it with the week before. Use their numbers and totals, and calculate nothing.',
      },
    ]),
  },
  {
    name: 'campaign-launch',
    title: 'Check a campaign before its start',
    description: `${launchChecklist.description} Use it when the user wants to start, launch or check a HeyReach campaign.`,
    requiredTools: launchChecklist.requiredTools,
    steps: fromPrompt(launchChecklist, [
      { text: 'Call check_campaign with the campaign.' },
      { requiresTools: ['get_job'], text: 'If the check goes on as a job, wait for it with get_job.' },
      {
        text: 'Say whether the campaign is ready to start. Write one line per check: ready, missing, or for the user to decide, with its numbers and findings. A check with the state stop is missing. A check with the state unknown is neither ready nor missing.',
      },
    ]),
  },
  {
    name: 'lead-import',
    title: 'Import leads',
    description:
      'Imports people from a CSV, a list, a campaign or a result into a HeyReach list or campaign, after a check of who was contacted before. Use it when the user wants to add, import or upload leads.',
    requiredTools: ['import_leads'],
    steps: [
      {
        requiresTools: ['check_contacted'],
        text: 'Call check_contacted with the source: file, text, fromListId, fromCampaignId or resultId. Say how many people are clear, and how many are contacted, in_progress, answered, blacklisted or uncheckable.',
      },
      {
        text: 'Ask which list or campaign the people go to, if the user has not said so. A DRAFT campaign accepts leads only through its list.',
      },
      {
        text: 'Call import_leads without confirmToken. It imports nothing: it previews. Show which columns it recognised, how many rows it adds, and how many it skips for which reason.',
      },
      {
        text: 'If a column is wrong, call again with columns. To keep or leave out rows, use where and skip. Do not write rows into the conversation.',
      },
      {
        text: 'Say whether campaigns contact these people. Once the user has approved the preview, make the same call with its confirmToken.',
      },
      {
        requiresTools: ['get_job'],
        text: 'A large import continues as a job. Wait for it with get_job until it has ended. Continue an interrupted one with import_leads and resumeJob.',
      },
      {
        text: 'Account for every row: added, updated, skipped by reason, failed. Name the CSV of outcome for the rest.',
      },
    ],
  },
];
