import type { Campaign, Enrolment, SequenceNode } from '../model.ts';
import { DAY, HOUR } from '../time.ts';
import type { World } from '../world.ts';

/** Where a lead stands in the tree; undefined when the tree has no such place. */
export function nodeAt(root: SequenceNode | null, path: string): SequenceNode | undefined {
  let node = root ?? undefined;
  for (const turn of path) node = turn === 'c' ? node?.conditionalNode : node?.unconditionalNode;
  return node;
}

export function delayOf(node: SequenceNode): number {
  return node.actionDelay * (node.actionDelayUnit === 'DAY' ? DAY : HOUR);
}

/** No further step will come. */
export function isOver(enrolment: Enrolment): boolean {
  return ['Finished', 'Failed', 'Excluded', 'Stopped'].includes(enrolment.status);
}

/** Sets the lead's next step; whatever was planned before is void. */
export function planStep(world: World, campaign: Campaign, enrolment: Enrolment, at: number): void {
  enrolment.token++;
  enrolment.dueAt = at;
  const { personId, token } = enrolment;
  world.tasks.push({ kind: 'step', at, campaignId: campaign.id, personId, token });
}

/** Excluded from every campaign? */
export function isBlacklisted(world: World, personId: string): boolean {
  const person = world.workspace.people.get(personId);
  const fullName = person ? `${person.firstName} ${person.lastName}`.toLowerCase() : '';
  return world.workspace.blacklist.some((entry) =>
    entry.matchingStatus === 'Matched'
      ? entry.personId === personId
      : entry.matchingStatus === 'BroadMatch' && entry.fullName?.toLowerCase() === fullName,
  );
}
