import type { LinkedInAccount } from '../../client/operations/linkedin-accounts.ts';
import { showSender } from '../../views/people.ts';
import { type StepNeeds, whySenderCannotSend } from '../senders/step-needs.ts';
import type { Finding } from '../shared/finding.ts';
import { type CampaignCheck, checked, finding } from './outcome.ts';

const MAX_NAMED = 5;
const ADD = 'Add a sender with add_campaign_accounts.';

/** The senders of a campaign. */
export interface CampaignSenders {
  ids: readonly number[];
  /** Those that were found. */
  accounts: ReadonlyMap<number, LinkedInAccount>;
}

/**
 * Checks whether the senders of a campaign can do its steps.
 * @param navigatorLeads leads with a Sales Navigator URL.
 */
export function checkSenders(
  { ids, accounts }: CampaignSenders,
  needs: StepNeeds,
  navigatorLeads: number,
): CampaignCheck {
  const facts = { senders: ids.length, working: 0 };
  if (ids.length === 0) return checked([finding('stop', 'senders', 'It has no sender', ADD)], facts);
  const faults = new Map<string, number[]>();
  const working: [number, LinkedInAccount][] = [];
  for (const id of ids) {
    const account = accounts.get(id);
    const fault =
      account === undefined ? 'not among the senders of the workspace that were read' : whySenderCannotSend(account);
    if (account !== undefined && fault === undefined) working.push([id, account]);
    else faults.set(fault!, [...(faults.get(fault!) ?? []), id]);
  }
  const name = (some: readonly number[]) => namesOf(some, accounts);
  const findings = [
    ...[...faults].map(([fault, some]) =>
      finding(
        working.length === 0 ? 'stop' : 'warn',
        'senders',
        `Delivers nothing: ${name(some)}: ${fault}`,
        'Log in again in HeyReach, or add another sender with add_campaign_accounts.',
      ),
    ),
    ...limits(working, needs, name),
    ...withoutNavigator(working, needs, navigatorLeads, name),
  ];
  return checked(findings, { ...facts, working: working.length });
}

type Working = readonly (readonly [number, LinkedInAccount])[];
type Name = (ids: readonly number[]) => string;

/** Senders that work, but not for a kind of step. */
function limits(working: Working, { actions, hasNote }: StepNeeds, name: Name): Finding[] {
  const warn = (isAffected: (account: LinkedInAccount) => boolean, say: (names: string) => string, fix: string) => {
    const some = working.filter(([, account]) => isAffected(account)).map(([id]) => id);
    return some.length === 0 ? [] : [finding('warn', 'senders', say(name(some)), fix)];
  };
  const wait = 'Wait until LinkedIn lifts it, or add another sender with add_campaign_accounts.';
  return [
    ...actions.flatMap(({ name: what, limit, cooldown }) => [
      ...warn(
        (account) => cooldown !== undefined && account[cooldown] === true,
        (names) => `LinkedIn holds the ${what} of ${names}`,
        wait,
      ),
      ...warn(
        (account) => account.accountLimits?.[limit] === 0,
        (names) => `Allowance of 0 ${what} a day: ${names}`,
        'Raise the allowance in HeyReach, or add another sender with add_campaign_accounts.',
      ),
    ]),
    ...(hasNote
      ? warn(
          (account) => account.connectionNoteCooldown === true,
          (names) => `LinkedIn holds invitations with a note of ${names}`,
          wait,
        )
      : []),
  ];
}

function withoutNavigator(working: Working, { navigatorSteps }: StepNeeds, leads: number, name: Name): Finding[] {
  const needing = [...navigatorSteps, ...(leads > 0 ? [`${leads} Sales Navigator URLs of its list`] : [])];
  const lacking = working.filter(([, account]) => account.isValidNavigator === false).map(([id]) => id);
  if (needing.length === 0 || lacking.length === 0) return [];
  return [
    finding(
      lacking.length === working.length && navigatorSteps.length > 0 ? 'stop' : 'warn',
      'senders',
      `No valid Sales Navigator, needed for ${needing.join(', ')}: ${name(lacking)}`,
      'Connect Sales Navigator in HeyReach, or use senders that have it.',
    ),
  ];
}

function namesOf(ids: readonly number[], accounts: CampaignSenders['accounts']): string {
  const shown = ids.slice(0, MAX_NAMED).map((id) => showSender(accounts.get(id), id));
  const more = ids.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
