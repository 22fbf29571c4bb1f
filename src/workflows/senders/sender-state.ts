import type { LinkedInAccount } from '../../client/operations/linkedin-accounts.ts';

/** What a sender can do for invitations today. */
export interface SenderState {
  /** `works`, or why no invitation goes out. */
  state: string;
  /** Invitations a day: the configured allowance, 0 for a sender that does not work. Null where it is unknown. */
  perDay: number | null;
}

/** The state of a sender. HeyReach accepts leads for a sender that cannot send. */
export function senderStateOf(account: LinkedInAccount): SenderState {
  const allowance = account.accountLimits?.connectioRequestLimit;
  const reasons = [
    ...(account.authIsValid === false ? ['login invalid'] : []),
    ...(account.isActive === false ? ['switched off'] : []),
    ...(account.connectionRequestCooldown === true ? ['invitation cooldown'] : []),
    ...(allowance === 0 ? ['allowance 0'] : []),
  ];
  return reasons.length > 0 ? { state: reasons.join(', '), perDay: 0 } : { state: 'works', perDay: allowance ?? null };
}
