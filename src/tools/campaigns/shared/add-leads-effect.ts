import type { Campaign } from '../../../client/operations/campaigns.ts';

/** What happens to people who are added to a campaign. */
export interface AddLeadsEffect {
  /** The campaign contacts them without another call. */
  contacts: boolean;
  resumes: boolean;
  /** The end of the confirmation question, after the campaign's status. */
  questionEnd: string;
  lines: string[];
  warnings: string[];
}

const RESUME_FLAGS = { resumePausedCampaign: 'PAUSED', resumeFinishedCampaign: 'FINISHED' } as const;
type ResumeFlag = keyof typeof RESUME_FLAGS;

const WAITING_STATUSES: string[] = Object.values(RESUME_FLAGS);

/** What happens to people who are added to a campaign in its present status. An unknown status counts as running. */
export function effectOfAdding({ status }: Campaign, requested: Record<ResumeFlag, boolean>): AddLeadsEffect {
  const flags = (Object.keys(RESUME_FLAGS) as ResumeFlag[]).filter((flag) => requested[flag]);
  const active = flags.find((flag) => RESUME_FLAGS[flag] === status);
  // HeyReach checks the status when the rows arrive, and it can change until then.
  const warnings = flags
    .filter((flag) => flag !== active)
    .map(
      (flag) => `${flag} is set: if the campaign is ${RESUME_FLAGS[flag]} when the rows arrive, HeyReach resumes it.`,
    );
  const effect = { contacts: true, resumes: false, questionEnd: '', lines: [], warnings };
  if (active !== undefined) {
    return {
      ...effect,
      resumes: true,
      questionEnd: ', and resume it, so that it contacts people',
      lines: [`${active} resumes the campaign with the last rows.`],
      warnings: ['The campaign will contact people again: the added people and its unfinished leads.', ...warnings],
    };
  }
  if (WAITING_STATUSES.includes(status ?? '')) {
    return {
      ...effect,
      contacts: false,
      lines: ['They wait in the campaign and are contacted only after it is resumed.'],
    };
  }
  const contact =
    status === 'SCHEDULED'
      ? 'The campaign will contact them once it starts. HeyReach may reject leads until then.'
      : 'The campaign will contact them by itself.';
  return { ...effect, questionEnd: ' and will contact them', warnings: [contact, ...warnings] };
}
