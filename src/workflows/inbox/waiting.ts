import type { Conversation } from '../../client/operations/inbox.ts';

/** What a person whose conversation ends with their own message said, and since when they wait for an answer. */
export interface Waiting {
  /** When they wrote first after our last message. */
  since: string | null;
  /** Their messages since then. Null where HeyReach sent no messages. */
  inbound: number | null;
  said: string | null;
  weSaid: string | null;
  /** The conversation holds no message of ours. */
  theyWroteFirst: boolean;
}

/** @returns undefined where the last message is ours. `read` does not matter: it says only that someone opened the conversation. */
export function waitingOf(conversation: Conversation): Waiting | undefined {
  if (conversation.lastMessageSender !== 'CORRESPONDENT') return undefined;
  const messages = conversation.messages ?? [];
  const lastOfOurs = messages.findLastIndex(({ sender }) => sender === 'ME');
  const inbound = messages.slice(lastOfOurs + 1);
  const ours = messages[lastOfOurs];
  return {
    since: inbound[0]?.createdAt ?? conversation.lastMessageAt ?? null,
    inbound: inbound.length === 0 ? null : inbound.length,
    said: inbound.at(-1)?.body ?? conversation.lastMessageText ?? null,
    weSaid: ours?.body ?? null,
    theyWroteFirst: messages.length > 0 && ours === undefined,
  };
}

/** Whether a conversation takes no answer from us: a side blocked the other. */
export function isBlocked({ blockedByMe, blockedByParticipant }: Conversation): boolean {
  return blockedByMe === true || blockedByParticipant === true;
}
