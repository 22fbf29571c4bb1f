import type { Campaign } from '../../client/operations/campaigns.ts';

/** A campaign with leads that have not begun. */
export interface Queue {
  campaignId: number;
  senders: readonly number[];
  waiting: number;
}

/** The leads that wait for a sender. */
export interface SenderQueue {
  campaigns: number;
  /** Leads that wait in its campaigns, for this or another sender. */
  waiting: number;
  /** The part of them that it takes, if its campaigns divide them by allowance. */
  share: number;
}

/** The leads of a campaign that have not begun. HeyReach's count can be negative. */
export function queueOf({ id, campaignAccountIds, progressStats }: Campaign): Queue {
  return {
    campaignId: id ?? 0,
    senders: campaignAccountIds ?? [],
    waiting: Math.max(0, progressStats?.totalUsersPending ?? 0),
  };
}

const EMPTY: SenderQueue = { campaigns: 0, waiting: 0, share: 0 };

/**
 * Divides the queue of each campaign between its senders by allowance. HeyReach does not say how it shares leads, so this is
 * an estimate.
 * @param perDay the allowance of each sender, 0 where it does not work.
 * @returns the queues by sender, and the campaigns whose leads no sender can take.
 */
export function shareQueues(queues: readonly Queue[], perDay: ReadonlyMap<number, number>) {
  const bySender = new Map<number, SenderQueue>();
  const stuck: Queue[] = [];
  for (const queue of queues) {
    const total = queue.senders.reduce((sum, sender) => sum + (perDay.get(sender) ?? 0), 0);
    if (total === 0 && queue.waiting > 0) stuck.push(queue);
    for (const sender of queue.senders) {
      const before = bySender.get(sender) ?? EMPTY;
      const part = total === 0 ? 0 : (queue.waiting * (perDay.get(sender) ?? 0)) / total;
      bySender.set(sender, {
        campaigns: before.campaigns + 1,
        waiting: before.waiting + queue.waiting,
        share: before.share + part,
      });
    }
  }
  return { queueOf: (sender: number) => bySender.get(sender) ?? EMPTY, stuck };
}
