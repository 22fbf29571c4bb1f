import type { Campaign } from '../../client/operations/campaigns.ts';
import type { LinkedInAccount } from '../../client/operations/linkedin-accounts.ts';
import { queueOf, shareQueues } from './queue-shares.ts';
import { allowanceOf, type SenderAction, whySenderCannotSend } from './step-needs.ts';

/** What people who are added to campaigns mean for a sender. */
export interface AddedWork {
  id: number;
  /** Why the sender does nothing at all. undefined where it works. */
  fault: string | undefined;
  /** How often it can do the action a day. Null where that is unknown. */
  perDay: number | null;
  /** The added people that it takes, and how many of them are pinned to it. */
  people: number;
  pinned: number;
  /** The leads of running campaigns that wait for it. undefined where they are unknown. */
  waiting: number | undefined;
}

interface AddedPeople {
  people: number;
  /** The senders that people are pinned to, one for each such person. */
  pins: readonly number[];
  /** The campaigns that take the people. */
  takers: readonly Campaign[];
  /** The scarcest action of the campaigns. */
  action: SenderAction;
  /** The campaigns whose leads wait. undefined where not all are known. */
  running: readonly Campaign[] | undefined;
  accounts: ReadonlyMap<number, LinkedInAccount>;
}

/**
 * Divides added people between the senders of their campaigns: by pins, and the others by allowance. HeyReach does not say how
 * it shares leads, so this is an estimate. The senders with the most people come first.
 */
export function addedWork({ people, pins, takers, action, running, accounts }: AddedPeople): AddedWork[] {
  const perDay = new Map([...accounts].map(([id, account]) => [id, allowanceOf(account, action)] as const));
  const known = new Map([...perDay].map(([id, count]) => [id, count ?? 0] as const));
  const added = shareQueues(
    takers.map((campaign) => ({ ...queueOf(campaign), waiting: people - pins.length })),
    known,
  );
  const queues = running === undefined ? undefined : shareQueues(running.map(queueOf), known);
  const ids = [...new Set(takers.flatMap(({ campaignAccountIds }) => campaignAccountIds ?? []))];
  return ids
    .map((id) => {
      const account = accounts.get(id);
      const pinned = pins.filter((pin) => pin === id).length;
      return {
        id,
        fault: account === undefined ? 'not found' : whySenderCannotSend(account),
        perDay: account === undefined ? 0 : (perDay.get(id) ?? null),
        people: Math.round(pinned + added.queueOf(id).share),
        pinned,
        waiting: queues?.queueOf(id).share,
      };
    })
    .toSorted((a, b) => b.people - a.people);
}
