import type { AcceptedOutcome } from './accepted-outcome.ts';
import type { InboxContact } from './inbox-contacts.ts';
import type { StageLead } from './stages.ts';

/** A lead that was found, with what the result says about it. */
export interface FoundLead extends StageLead {
  /** Whether a first message goes out. Undefined for stages other than `accepted_not_messaged`. */
  outcome?: AcceptedOutcome | undefined;
  /** Why the lead is at the stage: the error code of a failure, what holds a message, the fault of a sender. */
  reason?: string | undefined;
  /** Undefined where the inbox was not read, or where there is no conversation. */
  inboxContact?: InboxContact | undefined;
}

/** How many leads have each word. */
export function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** Leads by their campaign, the campaign with the most leads first. */
export function byCampaign(leads: readonly FoundLead[]): FoundLead[][] {
  const groups = new Map<number, FoundLead[]>();
  for (const lead of leads) {
    const group = groups.get(lead.campaign.id);
    if (group === undefined) groups.set(lead.campaign.id, [lead]);
    else group.push(lead);
  }
  return [...groups.values()].toSorted((a, b) => b.length - a.length);
}
