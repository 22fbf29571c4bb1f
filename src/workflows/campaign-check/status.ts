import type { Campaign } from '../../client/operations/campaigns.ts';
import { type CampaignCheck, checked, finding } from './outcome.ts';

const RESUMABLE: readonly string[] = ['PAUSED', 'FINISHED', 'FAILED'];
const RUNNING: readonly string[] = ['SCHEDULED', 'STARTING', 'IN_PROGRESS'];

/** Whether a campaign has never run: its leads are then the people of its list. */
export function isDraft({ status }: Campaign): boolean {
  return status === 'DRAFT';
}

/** Whether a campaign contacts people now or will do so on its start date. */
export function isActive({ status }: Campaign): boolean {
  return RUNNING.includes(status ?? '');
}

/** The leads that go on when a campaign is resumed. Null where HeyReach's counts are missing or negative, which happens. */
export function unfinishedLeads({ progressStats }: Campaign): { pending: number | null; inProgress: number | null } {
  return {
    pending: countOf(progressStats?.totalUsersPending),
    inProgress: countOf(progressStats?.totalUsersInProgress),
  };
}

/** Checks whether a campaign can run from its status, with which call, and who goes on. */
export function checkStatus(campaign: Campaign): CampaignCheck {
  const status = campaign.status ?? null;
  if (isDraft(campaign)) return checked([], { status }, { next: 'start_campaign' });
  if (isActive(campaign)) return checked([], { status }, { next: 'pause_campaign before a change' });
  if (status === 'CANCELED') {
    const fix = 'Copy it with create_campaign_from_template.';
    return checked([finding('stop', 'status', 'A CANCELED campaign cannot run again', fix)], { status });
  }
  if (!RESUMABLE.includes(status ?? '')) return checked([], { status }, { isUnread: true });
  const goOn = unfinishedLeads(campaign);
  const findings = [
    ...(status === 'FAILED'
      ? [
          finding(
            'warn',
            'status',
            'HeyReach failed it, so it may fail again',
            'Look for failed leads with list_leads_in_campaign, and at the senders.',
          ),
        ]
      : []),
    ...(goOn.pending === 0 && goOn.inProgress === 0
      ? [
          finding(
            'warn',
            'status',
            'No lead of it is pending or in progress, so a resume contacts no one',
            'Add leads with add_leads_to_campaign.',
          ),
        ]
      : []),
  ];
  return checked(findings, { status, goOn }, { next: 'resume_campaign' });
}

function countOf(count: number | null | undefined): number | null {
  return count == null || count < 0 ? null : count;
}
