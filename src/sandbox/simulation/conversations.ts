import type { Conversation, Message } from '../model/index.ts';
import { Random } from '../random.ts';
import type { World } from '../state.ts';

/** `2-` and the base64 of a uuid and a suffix: 58 characters, with `=`, `/` and `+` among them. */
function conversationId(random: Random): string {
  const suffix = random.pick(['_100', '_100', '_1000', '_10000']);
  const uuid = random.uuid();
  const joint = random.pick(['-', '-', '~', '?']);
  // Plain uuids never encode to `/` or `+`. Other separators at two places do.
  const bytes = `${uuid.slice(0, 8)}${joint}${uuid.slice(9, 23)}${joint}${uuid.slice(24)}${suffix}`;
  return `2-${Buffer.from(bytes, 'latin1').toString('base64')}`;
}

/** The thread between a sender and a person, created when missing. */
export function threadOf(world: World, accountId: number, personId: string): Conversation {
  const { workspace } = world;
  const key = `${accountId}:${personId}`;
  const existing = workspace.conversations.get(workspace.threads.get(key) ?? '');
  if (existing) return existing;
  const conversation: Conversation = {
    id: conversationId(new Random(world.seed, 'thread', key)),
    accountId,
    personId,
    campaignIds: [],
    read: true,
    groupChat: false,
    blockedByMe: false,
    blockedByParticipant: false,
    lastMessageType: 'TEXT',
    messages: [],
  };
  workspace.conversations.set(conversation.id, conversation);
  workspace.threads.set(key, conversation.id);
  return conversation;
}

/** Appends a message. A message from the correspondent makes the thread unread. */
export function append(conversation: Conversation, message: Message): void {
  conversation.messages.push(message);
  conversation.lastMessageType = 'TEXT';
  if (message.sender === 'CORRESPONDENT') conversation.read = false;
}

/** The time of the last message. 0 for an empty thread. */
export function lastAt(conversation: Conversation): number {
  return conversation.messages.at(-1)?.createdAt ?? 0;
}
