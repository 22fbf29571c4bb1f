import type { Campaign, Conversation, Enrolment, Message } from '../model/index.ts';
import type { World } from '../state.ts';

export const moment = (ms: number): string => new Date(ms).toISOString();

export function slugOf(world: World, personId: string): string {
  const slug = world.workspace.people.get(personId)?.slug;
  if (slug === undefined) throw new Error(`sandbox: the workspace has no person ${personId}`);
  return slug.toLowerCase();
}

/** The name that the API gives to a lead's state. The routes derive it on their own, so that a mistake there shows. */
export function leadStatusOf(world: World, campaign: Campaign, { status }: Enrolment): string {
  if (status === 'Waiting') return 'PendingOrExcludedToBeCalculated';
  if (status === 'Stopped') return world.quirks.stoppedLeadStatus;
  return status === 'InSequence' && campaign.status === 'PAUSED' ? 'Paused' : status;
}

/** Whether the campaign has steps left for the lead, should it run. */
export function hasStepsLeft({ status }: Enrolment): boolean {
  return status === 'Waiting' || status === 'Pending' || status === 'InSequence';
}

/** The conversations with at least one message. */
export function conversationsIn(world: World): Conversation[] {
  return [...world.workspace.conversations.values()].filter(({ messages }) => messages.length > 0);
}

/** The person's messages after the last message of the sender. Empty where the sender wrote last. */
export function unansweredIn({ messages }: Conversation): Message[] {
  return messages.slice(messages.findLastIndex(({ sender }) => sender === 'ME') + 1);
}
