import type { Conversation } from '../client/operations/inbox.ts';
import { shortProfileUrl } from '../lib/linkedin-url.ts';
import { sanitizeText } from '../lib/sanitize-text.ts';
import { fullName } from '../lib/text-format.ts';

const PREVIEW_LENGTH = 100;

/**
 * The compact form of a conversation in a listing.
 * @param messages how many of the newest messages to include, oldest first.
 */
export function conversationRow(conversation: Conversation, messages: number) {
  const person = conversation.correspondentProfile;
  return {
    id: conversation.id,
    linkedInAccountId: conversation.linkedInAccountId,
    name: fullName(person),
    firstName: person?.firstName,
    lastName: person?.lastName,
    profileUrl: shortProfileUrl(person?.profileUrl),
    company: person?.companyName,
    lastMessageAt: conversation.lastMessageAt,
    lastMessageSender: conversation.lastMessageSender,
    lastMessageText: clipped(conversation.lastMessageText),
    read: conversation.read,
    totalMessages: conversation.totalMessages,
    ...newest(conversation, messages),
  };
}

/** The newest messages. No field where none were asked for or HeyReach sent none: an empty list would say that there are none. */
function newest({ messages }: Conversation, count: number): Pick<Conversation, 'messages'> {
  return count > 0 && messages != null ? { messages: messages.slice(-count) } : {};
}

/** The compact form without the newest message, for results that list the messages. */
export function conversationHead(conversation: Conversation) {
  const { lastMessageText: _, lastMessageAt: __, lastMessageSender: ___, ...head } = conversationRow(conversation, 0);
  return head;
}

/** The full form: every field from HeyReach, and the newest `messages` messages. */
export function wholeConversation(conversation: Conversation, messages: number) {
  const { messages: _, ...rest } = conversation;
  return { ...rest, ...newest(conversation, messages) };
}

/** The beginning of a text, which ends with its length where something is left out. */
function clipped(text: string | null | undefined): string | null | undefined {
  if (text == null) return text;
  const characters = [...sanitizeText(text)];
  if (characters.length <= PREVIEW_LENGTH) return text;
  return `${characters.slice(0, PREVIEW_LENGTH).join('')}… [${characters.length} characters]`;
}
