import type { SequenceNode } from '../../../client/operations/sequence.ts';
import { optionalRead } from '../../../mcp/reads.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import type { ImportPlan } from '../../../workflows/imports/import-plan.ts';
import { addedWork } from '../../../workflows/senders/added-work.ts';
import { INVITATIONS, needsOf } from '../../../workflows/senders/step-needs.ts';
import type { SenderWork } from './added-work-lines.ts';
import type { TargetState } from './import-target.ts';

/** The steps of more campaigns are not read. */
const MAX_SEQUENCES = 3;

/** What the people of an import mean for the senders of its campaigns. undefined for an update, which adds no one. */
export async function readSenderWork(
  { send, isUpdate }: ImportPlan,
  { takers, allRunning, senders }: TargetState,
  { client, call }: ToolContext,
): Promise<SenderWork | undefined> {
  if (isUpdate || takers.length === 0) return undefined;
  const sequences = await Promise.all(
    takers
      .slice(0, MAX_SEQUENCES)
      .map(({ id }) => optionalRead(client.campaigns.getSequence({ campaignId: id ?? 0 }, call))),
  );
  const scarcest = new Set(
    sequences.map((root) => needsOf(root as SequenceNode | undefined).actions[0] ?? INVITATIONS),
  );
  // Campaigns with different steps have no common measure but the invitations, which are the scarcest.
  const [action = INVITATIONS] = scarcest.size === 1 ? scarcest : [];
  const pins = send.flatMap(({ linkedInAccountId }) => linkedInAccountId ?? []);
  const people = send.length;
  const work = addedWork({ people, pins, takers, action, running: allRunning, accounts: senders.accounts });
  return { people, work, actions: action.name };
}
