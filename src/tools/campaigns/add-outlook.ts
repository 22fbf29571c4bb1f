import type { Campaign } from '../../client/operations/campaigns.ts';

/** What would become of people who are added to a campaign. */
export interface Outlook {
  /** Whether they would be contacted without anybody doing more. */
  contacts: boolean;
  resumes: boolean;
  /** How a question about the campaign goes on after its status. */
  end: string;
  lines: string[];
  warnings: string[];
}

interface ResumeFlags {
  resumeFinishedCampaign: boolean;
  resumePausedCampaign: boolean;
}

const TAKES_NONE = ['DRAFT', 'FAILED', 'CANCELED'];
const RESTS = ['PAUSED', 'FINISHED'];

/** What would become of people added to a campaign as it is; one whose status is not known is taken for running. */
export function outlookOf(campaign: Campaign, { resumeFinishedCampaign, resumePausedCampaign }: ResumeFlags): Outlook {
  const status = campaign.status ?? '';
  const flags = [
    { name: 'resumePausedCampaign', given: resumePausedCampaign, wakes: 'PAUSED' },
    { name: 'resumeFinishedCampaign', given: resumeFinishedCampaign, wakes: 'FINISHED' },
  ].filter(({ given }) => given);
  const flag = flags.find(({ wakes }) => wakes === status);
  // HeyReach looks at the status when the rows arrive, which may be another by then.
  const idle = flags
    .filter((one) => one !== flag)
    .map(({ name, wakes }) => `${name} is given: should the campaign be ${wakes} when the rows arrive, it is resumed.`);
  const outlook = { contacts: true, resumes: false, end: '', lines: [], warnings: idle };
  if (flag !== undefined) {
    return {
      ...outlook,
      resumes: true,
      end: ', and resume it, so that it contacts people',
      lines: [`${flag.name} resumes it together with the last rows.`],
      warnings: ['It contacts people again: those who are added, and the leads it has not finished with.', ...idle],
    };
  }
  if (RESTS.includes(status)) {
    const waiting = 'They wait there: nobody is contacted until the campaign is resumed.';
    return { ...outlook, contacts: false, lines: [waiting] };
  }
  if (TAKES_NONE.includes(status)) {
    const refusal = `HeyReach takes no leads into a campaign that is ${status}: it will refuse.`;
    return { ...outlook, contacts: false, warnings: [refusal, ...idle] };
  }
  const later = status === 'SCHEDULED' ? ' once it has begun; HeyReach may refuse leads until then' : ' by itself';
  return {
    ...outlook,
    end: ' and will contact them',
    warnings: [`The campaign will contact them${later}.`, ...idle],
  };
}
