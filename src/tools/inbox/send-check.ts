import { HeyReachError } from '../../client/index.ts';
import type { Conversation } from '../../client/operations/inbox.ts';
import { type EarlierSend, type LastSend, type Message, sameText } from '../../safety/sends.ts';
import { beforeWrite } from '../before-write.ts';
import type { ToolContext } from '../define.ts';

/** Our messages in which a text counts as said already. */
const RECENT = 5;
/** How HeyReach names our side of a conversation. */
export const OURS = 'ME';

export interface SendInput extends Message {
  subject?: string | undefined;
  allowRepeat: boolean;
}

/** A conversation as it stands before a message, and what it does not show yet. */
export interface ThreadBefore {
  conversation: Conversation;
  /** An earlier send of the same text. */
  earlier: EarlierSend | undefined;
  /** The last message of ours there. */
  hidden: LastSend | undefined;
}

/**
 * Reads the conversation and sees that the message may go: within the caps, and not said there before.
 * @throws HeyReachError `not_sent` where it may not.
 */
export async function checkSend(input: SendInput, context: ToolContext): Promise<ThreadBefore> {
  checkCaps(await context.sends.waitOf(input.linkedInAccountId));
  const thread = await context.readFirst('thread', () => readThreadBefore(input, context));
  if (input.allowRepeat) return thread;
  const { conversation, earlier } = thread;
  if (isAmongLast(conversation, input.message)) {
    throw repeated('The same text is among our last five messages in this conversation.', 'The person has it already.');
  }
  if (earlier?.outcome === 'accepted') {
    throw repeated(
      `The same text was accepted for this conversation at ${earlier.at}.`,
      'HeyReach took it over, and the thread is yet to show it.',
    );
  }
  // Whoever was asked has been told; where nobody is asked, nobody has decided.
  if (earlier?.outcome === 'unknown' && !context.isAsked) {
    throw repeated(
      `The same text may have been sent to this conversation at ${earlier.at}.`,
      'That call was left without a clear answer, and the thread does not show the message so far.',
    );
  }
  return thread;
}

async function readThreadBefore(input: SendInput, context: ToolContext): Promise<ThreadBefore> {
  const conversation = await beforeWrite(readThread(input, context));
  checkConversation(conversation, input);
  const last = await context.sends.recallLast(input);
  const hidden = last === undefined || isAmongLast(conversation, last.message) ? undefined : last;
  return { conversation, earlier: await context.sends.recall(input), hidden };
}

/** @throws HeyReachError when HeyReach's answer does not say what stands there: an empty thread and an unread one look alike. */
function checkConversation({ id, linkedInAccountId, messages }: Conversation, input: SendInput): void {
  const isOther =
    (id != null && id !== input.conversationId) ||
    (linkedInAccountId != null && linkedInAccountId !== input.linkedInAccountId);
  if (messages != null && !isOther) return;
  throw new HeyReachError({
    kind: 'unreadable_answer',
    outcome: 'not_sent',
    message: isOther
      ? 'HeyReach answered with another conversation'
      : 'HeyReach answered the conversation without its messages',
    meaning: 'What stands there cannot be known, so nothing was sent.',
    nextStep: 'Read it with get_conversation, and call again in a moment.',
  });
}

export function readThread(
  { linkedInAccountId, conversationId }: Message,
  { client, call }: ToolContext,
): Promise<Conversation> {
  return client.inbox.getChatroom({ accountId: linkedInAccountId, conversationId }, call);
}

/** How often we have said a text in a conversation. */
export function countOurs({ messages }: Conversation, text: string): number {
  return ourTexts(messages).filter((body) => body === sameText(text)).length;
}

export function isAmongLast({ messages }: Conversation, text: string): boolean {
  return ourTexts(messages).slice(-RECENT).includes(sameText(text));
}

function ourTexts(messages: Conversation['messages']): string[] {
  return (messages ?? []).filter(({ sender }) => sender === OURS).map(({ body }) => sameText(body ?? ''));
}

/** @throws HeyReachError when there is something to wait for. */
export function checkCaps(waitMs: number): void {
  if (waitMs <= 0) return;
  if (waitMs === Number.POSITIVE_INFINITY) throw tooMany('This server is set to send no messages at all');
  const at = new Date(Date.now() + waitMs).toISOString();
  throw tooMany(
    `As many messages have been sent in the last hour as this server allows; the next may go at ${at}`,
    Math.ceil(waitMs / 1_000),
  );
}

function tooMany(message: string, retryAfterSeconds?: number): HeyReachError {
  return new HeyReachError({
    kind: 'too_many_sends',
    outcome: 'not_sent',
    message,
    meaning: 'The cap protects LinkedIn accounts and the people they write to.',
    nextStep: `${retryAfterSeconds === undefined ? '' : 'Send it then. '}Whoever runs this server can change HEYREACH_MAX_SENDS_PER_HOUR and HEYREACH_MAX_SENDS_PER_SENDER_PER_HOUR.`,
    retryAfterSeconds,
  });
}

function repeated(message: string, meaning: string): HeyReachError {
  return new HeyReachError({
    kind: 'repeated',
    outcome: 'not_sent',
    message,
    meaning,
    nextStep:
      'Read the thread with get_conversation. If the person is to get the text once more, call with allowRepeat true.',
  });
}
