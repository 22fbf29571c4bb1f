import type { LinkedInAccount } from '../../client/operations/linkedin-accounts.ts';

/** A sender without its daily allowances, and without the cooldowns it is not in. */
export function accountRow({ accountLimits: _, ...account }: LinkedInAccount) {
  return Object.fromEntries(
    Object.entries(account).filter(([name, value]) => !(name.endsWith('Cooldown') && value === false)),
  );
}
