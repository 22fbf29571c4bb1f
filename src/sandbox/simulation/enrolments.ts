import type { Campaign, Enrolment, SequenceNode } from '../model/index.ts';
import type { World } from '../state.ts';
import { DAY, HOUR } from '../time.ts';

/** The node at a path. undefined when the sequence has no node there. */
export function nodeAt(root: SequenceNode | null, path: string): SequenceNode | undefined {
  let node = root ?? undefined;
  for (const branch of path) node = branch === 'c' ? node?.conditionalNode : node?.unconditionalNode;
  return node;
}

export function delayOf(node: SequenceNode): number {
  return node.actionDelay * (node.actionDelayUnit === 'DAY' ? DAY : HOUR);
}

/** Whether the lead has no further steps. */
export function isOver(enrolment: Enrolment): boolean {
  return ['Finished', 'Failed', 'Excluded', 'Stopped'].includes(enrolment.status);
}

/** Plans the lead's next step and voids the previous plan. */
export function planStep(world: World, campaign: Campaign, enrolment: Enrolment, at: number): void {
  enrolment.token++;
  enrolment.dueAt = at;
  const { personId, token } = enrolment;
  world.tasks.push({ kind: 'step', at, campaignId: campaign.id, personId, token });
}

/** Whether a person is excluded from all campaigns. */
export function isBlacklisted(world: World, personId: string): boolean {
  const person = world.workspace.people.get(personId);
  const fullName = person ? `${person.firstName} ${person.lastName}`.toLowerCase() : '';
  return world.workspace.blacklist.some((entry) =>
    entry.matchingStatus === 'Matched'
      ? entry.personId === personId
      : entry.matchingStatus === 'BroadMatch' && entry.fullName?.toLowerCase() === fullName,
  );
}
