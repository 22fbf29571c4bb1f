import { canStillReach, isRunning } from '../leads/campaign-reach.ts';
import type { Membership } from '../people-index/campaign-parts.ts';
import type { PersonContacts } from './read-contacts.ts';

/** From the strongest to the weakest. A person has the first that fits. */
export const VERDICTS = ['blacklisted', 'answered', 'in_progress', 'contacted', 'uncheckable', 'clear'] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * What the outreach of the workspace means for a person:
 * - `blacklisted`: the blacklist excludes them
 * - `answered`: they wrote in a conversation
 * - `in_progress`: a running campaign has steps left for them
 * - `contacted`: in another campaign, or a conversation without an answer
 * - `uncheckable`: nothing was found, but a part could not be read or compared
 * - `clear`: nothing was found
 */
export function verdictOf({ campaigns, conversations, blacklist, isUnread, isUnresolved }: PersonContacts): Verdict {
  if (blacklist === 'Matched') return 'blacklisted';
  if (conversations?.some(({ theyAnswered }) => theyAnswered)) return 'answered';
  if (campaigns?.some(hasStepsLeft)) return 'in_progress';
  if (campaigns?.some(({ leadStatus }) => leadStatus !== 'Excluded')) return 'contacted';
  if (conversations !== undefined && conversations.length > 0) return 'contacted';
  return isUnread || isUnresolved ? 'uncheckable' : 'clear';
}

/** A running campaign can still contact the person. */
function hasStepsLeft({ status, leadStatus }: Membership): boolean {
  return isRunning({ status }) && canStillReach({ leadStatus, campaignStatus: status });
}

/** Whether a campaign that runs has the person and does not exclude them. */
export function isInRunning({ campaigns = [] }: PersonContacts): boolean {
  return campaigns.some(({ status, leadStatus }) => isRunning({ status }) && leadStatus !== 'Excluded');
}
