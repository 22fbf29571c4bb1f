import { countNoun } from '../../lib/text-format.ts';
import { oneDecimal, sumOf } from '../shared/rates.ts';
import { type Sender, senderName } from './workspace-senders.ts';

/** With more days of work than this, leads wait too long and lists become outdated. */
const MAX_DAYS = 10;
/** LinkedIn restricts accounts that send many more invitations a week. */
const MAX_PER_WEEK = 100;
const WORKING_DAYS = 5;

interface WorkingSender {
  sender: Sender;
  perDay: number | null;
  queue: { share: number } | null;
}

interface Target {
  progressStats?: { totalUsersPending?: number | null | undefined } | null | undefined;
}

/** Reasons against adding leads to these senders. @param campaign the campaign that gets the leads, if the call names one. */
export function capacityWarnings(
  rows: readonly WorkingSender[],
  addLeads: number,
  campaign: Target | undefined,
): string[] {
  const perDay = sumOf(rows.map((row) => row.perDay));
  if (perDay === 0) return ['No sender can send invitations now, so added leads would wait.'];
  if (perDay === null) {
    const unknown = rows.filter((row) => row.perDay === null).length;
    return [`The allowance of ${countNoun(unknown, 'sender')} is unknown, so the days of invitations are unknown too.`];
  }
  const waiting =
    campaign === undefined
      ? rows.reduce((sum, { queue }) => sum + (queue?.share ?? 0), 0)
      : (campaign.progressStats?.totalUsersPending ?? 0);
  const days = oneDecimal((waiting + addLeads) / perDay);
  const fast = rows.filter((row) => {
    const share = (row.queue?.share ?? 0) + (addLeads * (row.perDay ?? 0)) / perDay;
    return Math.min(share, (row.perDay ?? 0) * WORKING_DAYS) > MAX_PER_WEEK;
  });
  return [
    ...(days > MAX_DAYS ? [`${days} days of invitations, more than ${MAX_DAYS}.`] : []),
    ...fast.map(
      ({ sender, perDay: own }) =>
        `${senderName(sender)} would send ${countNoun((own ?? 0) * WORKING_DAYS, 'invitation')} in five working days, more than ${MAX_PER_WEEK}.`,
    ),
  ];
}
