import type { Conversation } from '../model/index.ts';
import type { World } from '../state.ts';
import { conversationsIn, moment, slugOf, unansweredIn } from './state-queries.ts';
import type { InboxTotals, WaitingConversation } from './types.ts';

const isBlocked = (conversation: Conversation) => conversation.blockedByMe || conversation.blockedByParticipant;

/** See `Truth.waiting`. */
export function waiting(world: World): WaitingConversation[] {
  return conversationsIn(world)
    .map((conversation) => ({ conversation, inbound: unansweredIn(conversation) }))
    .filter(({ inbound }) => inbound.length > 0)
    .sort((a, b) => a.inbound[0]!.createdAt - b.inbound[0]!.createdAt)
    .map(({ conversation, inbound }) => ({
      conversationId: conversation.id,
      linkedInAccountId: conversation.accountId,
      slug: slugOf(world, conversation.personId),
      waitingSince: moment(inbound[0]!.createdAt),
      inbound: inbound.length,
      lastMessageAt: moment(inbound.at(-1)!.createdAt),
      read: conversation.read,
      blocked: isBlocked(conversation),
      group: conversation.groupChat,
      theyWroteFirst: inbound.length === conversation.messages.length,
    }));
}

/** See `Truth.inboxTotals`. */
export function inboxTotals(world: World): InboxTotals {
  const totals: InboxTotals = {
    conversations: 0,
    unread: 0,
    waiting: 0,
    answerable: 0,
    autoTagged: 0,
    waitingWithSeveralSenders: 0,
    bySender: {},
  };
  const waitingOf = new Map<string, number>();
  for (const conversation of conversationsIn(world)) {
    const { accountId, personId, read, groupChat } = conversation;
    totals.bySender[accountId] ??= { conversations: 0, unread: 0, waiting: 0 };
    const own = totals.bySender[accountId];
    totals.conversations++;
    own.conversations++;
    if (!read) {
      totals.unread++;
      own.unread++;
    }
    if ((world.workspace.people.get(personId)?.autoTags.length ?? 0) > 0) totals.autoTagged++;
    if (unansweredIn(conversation).length === 0) continue;
    totals.waiting++;
    own.waiting++;
    if (!isBlocked(conversation) && !groupChat) totals.answerable++;
    waitingOf.set(personId, (waitingOf.get(personId) ?? 0) + 1);
  }
  totals.waitingWithSeveralSenders = [...waitingOf.values()].filter((count) => count > 1).length;
  return totals;
}
