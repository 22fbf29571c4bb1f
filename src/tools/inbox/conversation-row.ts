import type { Conversation } from '../../client/operations/inbox.ts';
import { slugOf } from '../profile-url.ts';

const PREVIEW = 100;

/** The compact form of a conversation in a listing; `messages` newest ones go along, oldest first. */
export function conversationRow(conversation: Conversation, messages: number) {
  const person = conversation.correspondentProfile;
  return {
    id: conversation.id,
    linkedInAccountId: conversation.linkedInAccountId,
    name: [person?.firstName, person?.lastName].filter(Boolean).join(' '),
    profileUrl: slugOf(person?.profileUrl) ?? person?.profileUrl,
    company: person?.companyName,
    lastMessageAt: conversation.lastMessageAt,
    lastMessageSender: conversation.lastMessageSender,
    lastMessageText: firstCharacters(conversation.lastMessageText, PREVIEW),
    read: conversation.read,
    totalMessages: conversation.totalMessages,
    ...(messages > 0 ? { messages: (conversation.messages ?? []).slice(-messages) } : {}),
  };
}

/** Who and where; what the newest message says stands among the messages. */
export function conversationHead(conversation: Conversation) {
  const { lastMessageText: _, lastMessageAt: __, lastMessageSender: ___, ...head } = conversationRow(conversation, 0);
  return head;
}

/** The full form: everything HeyReach gave, of the messages as many as were asked for. */
export function wholeConversation(conversation: Conversation, messages: number) {
  return { ...conversation, messages: messages > 0 ? (conversation.messages ?? []).slice(-messages) : [] };
}

function firstCharacters(text: string | null | undefined, length: number): string | null | undefined {
  return text == null || text.length <= length ? text : [...text].slice(0, length).join('');
}
