import type { Campaign } from '../../../client/operations/campaigns.ts';
import { knownRejection } from '../../shared/known-rejection.ts';
import type { Senders } from './senders.ts';

/** The two calls that let a campaign contact people, and the statuses HeyReach accepts for each. */
const ACCEPTED_STATUSES = { Start: ['DRAFT'], Resume: ['PAUSED', 'FINISHED', 'FAILED'] };
export type Verb = keyof typeof ACCEPTED_STATUSES;

/** What to do instead, by the status of the campaign. */
const INSTEAD: Record<string, string> = {
  DRAFT: 'Call start_campaign instead.',
  PAUSED: 'Call resume_campaign instead.',
  FINISHED: 'Call resume_campaign instead.',
  FAILED: 'Call resume_campaign instead.',
  SCHEDULED: 'Nothing to do: it starts by itself on its start date.',
  STARTING: 'Nothing to do: it runs already.',
  IN_PROGRESS: 'Nothing to do: it runs already.',
  CANCELED: 'Create a new campaign: a CANCELED one cannot run again.',
};

/** @throws HeyReachError `not_sent` in a status that HeyReach rejects. An unknown status is left to HeyReach. */
export function assertRunnable(verb: Verb, campaignId: number, { status }: Campaign): void {
  const instead = INSTEAD[status ?? ''];
  if (instead === undefined || ACCEPTED_STATUSES[verb].includes(status ?? '')) return;
  throw knownRejection(
    `Campaign ${campaignId} is ${status}. HeyReach ${verb.toLowerCase()}s only a campaign that is ${ACCEPTED_STATUSES[verb].join(', ')}`,
    instead,
  );
}

/** @throws HeyReachError `not_sent` if a DRAFT lacks what HeyReach requires for a start. */
export function assertReady(
  campaignId: number,
  { campaignAccountIds }: Campaign,
  { senders, hasSequence }: { senders: Senders; hasSequence: boolean },
): void {
  if (!hasSequence) {
    throw knownRejection(
      `Campaign ${campaignId} has no sequence. HeyReach cannot start it`,
      'Set its sequence with update_campaign_sequence, then call again.',
    );
  }
  const isUnusable = campaignAccountIds?.every((id) => senders.loggedOut.includes(id));
  if (isUnusable !== true) return;
  throw knownRejection(
    `Campaign ${campaignId} has no sender with a valid LinkedIn login. HeyReach cannot start it`,
    'Find a sender with list_linkedin_accounts and add it with add_campaign_accounts, or log one in again in HeyReach.',
  );
}
