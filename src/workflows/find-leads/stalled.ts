import { whySenderCannotSend } from '../senders/step-needs.ts';
import { readSenders } from '../senders/workspace-senders.ts';
import { type MissingPart, missing } from '../shared/incomplete.ts';
import { settle } from '../shared/settle.ts';
import type { ReadContext } from '../shared/work-time.ts';
import { longestWait } from './accepted-outcome.ts';
import type { FoundLead } from './found-lead.ts';
import { readSequences } from './stage-sequences.ts';
import type { StageLead } from './stages.ts';

/** A step can wait for working hours and for the daily allowance of its sender. */
const SLACK_MS = 2 * 86_400_000;

/** The leads that wait longer than any step of their sequence does, with what is wrong with their sender. */
export async function readStalled(
  leads: readonly StageLead[],
  source: ReadContext,
): Promise<{ leads: FoundLead[]; incomplete: MissingPart[] }> {
  const { context, time } = source;
  if (leads.length === 0) return { leads: [], incomplete: [] };
  const [{ sequences, incomplete }, senders] = await Promise.all([
    readSequences(
      leads.map(({ campaign }) => campaign.id),
      source,
    ),
    settle(readSenders([], context.client, time.call)),
  ]);
  const now = Date.now();
  const waits = new Map([...sequences].map(([id, root]) => [id, longestWait(root)]));
  const isStalled = ({ campaign, at }: StageLead) => {
    const wait = waits.get(campaign.id);
    return wait !== undefined && at > 0 && now - at > wait + SLACK_MS;
  };
  const faults = new Map(
    senders.ok ? senders.value.all.map((account) => [account.id, whySenderCannotSend(account)]) : [],
  );
  return {
    leads: leads.filter(isStalled).map((lead) => ({ ...lead, reason: reasonOf(lead, faults) })),
    incomplete: [
      ...incomplete,
      ...(senders.ok ? senders.value.incomplete : [missing('state of the senders', senders.error, time)]),
    ],
  };
}

function reasonOf({ sender = 0 }: StageLead, faults: ReadonlyMap<number, string | undefined>): string {
  if (!faults.has(sender)) return 'sender not known';
  const fault = faults.get(sender);
  return fault === undefined ? 'no cause visible' : `sender: ${fault}`;
}
