import { HeyReachError } from '../../../client/index.ts';
import type { Conversation } from '../../../client/operations/inbox.ts';
import { readBeforeWrite } from '../../../mcp/reads.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import {
  type EarlierSend,
  type LastSend,
  type OutgoingMessage,
  sameText,
  textDigest,
} from '../../../safety/send-guard.ts';

/** A text among this many of our last messages counts as a repeat. */
const RECENT = 5;
/** HeyReach's `sender` value for our messages. */
export const OURS = 'ME';

/** The arguments of send_message. */
export interface SendInput extends OutgoingMessage {
  subject?: string | undefined;
  allowRepeat: boolean;
}

/** A conversation before the send, and earlier sends that it does not show yet. */
export interface ThreadBefore {
  conversation: Conversation;
  /** An earlier send of the same text. */
  earlier: EarlierSend | undefined;
  /** Our last send to this conversation, when the thread does not show it. */
  hidden: LastSend | undefined;
}

/**
 * Reads the conversation and checks that the message is within the send limits and not a repeat.
 * @throws HeyReachError `not_sent` when it is not allowed.
 */
export async function checkSend(input: SendInput, context: ToolContext): Promise<ThreadBefore> {
  checkCaps(await context.sends.waitOf(input.linkedInAccountId));
  const thread = await context.memoizedRead('thread', () => readThreadBefore(input, context));
  if (input.allowRepeat) return thread;
  const { conversation, earlier } = thread;
  if (isAmongLast(conversation, input.message)) {
    throw repeatError(
      'The same text is among our last five messages in this conversation.',
      'The person already has it, so nothing was sent.',
    );
  }
  // With confirmation, the preview showed this and the user decided. Without it, the server rejects the repeat.
  if (earlier?.outcome === 'accepted' || (earlier !== undefined && !context.isConfirmed)) throw repeatOf(earlier);
  return thread;
}

/** The error of a text that was or may have been sent a moment ago. */
export function repeatOf({ outcome, at }: Pick<EarlierSend, 'outcome' | 'at'>): HeyReachError {
  return outcome === 'accepted'
    ? repeatError(
        `The same text was accepted for this conversation at ${at}.`,
        'The thread does not show it yet. Nothing was sent now.',
      )
    : repeatError(
        `The same text may have been sent to this conversation at ${at}.`,
        'That call ended without a clear result, and the thread does not show the message. Nothing was sent now.',
      );
}

async function readThreadBefore(input: SendInput, context: ToolContext): Promise<ThreadBefore> {
  const conversation = await readBeforeWrite(readThread(input, context));
  checkConversation(conversation, input);
  const { earlier, last } = await context.sends.recall(input);
  const isShown = lastOf(conversation).some((text) => textDigest(input, text) === last?.digest);
  return { conversation, earlier, hidden: isShown ? undefined : last };
}

/** @throws HeyReachError when the response has no messages, since an empty thread and a failed read look alike. */
function checkConversation({ id, linkedInAccountId, messages }: Conversation, input: SendInput): void {
  const isOther =
    (id != null && id !== input.conversationId) ||
    (linkedInAccountId != null && linkedInAccountId !== input.linkedInAccountId);
  if (messages != null && !isOther) return;
  throw new HeyReachError({
    kind: 'unreadable_answer',
    outcome: 'not_sent',
    message: isOther
      ? 'HeyReach returned another conversation'
      : 'HeyReach returned the conversation without its messages',
    meaning: 'The content of the thread is unknown, so nothing was sent.',
    nextStep: 'Read it with get_conversation, then call again.',
  });
}

/** Reads the conversation of a message, with its messages. */
export function readThread(
  { linkedInAccountId, conversationId }: OutgoingMessage,
  { client, call }: ToolContext,
): Promise<Conversation> {
  return client.inbox.getChatroom({ accountId: linkedInAccountId, conversationId }, call);
}

/** How many of our messages in a conversation have this text. */
export function countOurs({ messages }: Conversation, text: string): number {
  return ourTexts(messages).filter((body) => body === sameText(text)).length;
}

/** Whether a text is among our last five messages of the thread. */
export function isAmongLast(conversation: Conversation, text: string): boolean {
  return lastOf(conversation).includes(sameText(text));
}

function lastOf({ messages }: Conversation): string[] {
  return ourTexts(messages).slice(-RECENT);
}

function ourTexts(messages: Conversation['messages']): string[] {
  return (messages ?? []).filter(({ sender }) => sender === OURS).map(({ body }) => sameText(body ?? ''));
}

/** @throws HeyReachError when the send limits do not allow a message now. */
export function checkCaps(waitMs: number): void {
  if (waitMs <= 0) return;
  if (waitMs === Number.POSITIVE_INFINITY) throw limitReached('This server is configured to send no messages');
  const at = new Date(Date.now() + waitMs).toISOString();
  throw limitReached(
    `The hourly send limit of this server is reached. The next message can be sent at ${at}`,
    Math.ceil(waitMs / 1_000),
  );
}

function limitReached(message: string, retryAfterSeconds?: number): HeyReachError {
  return new HeyReachError({
    kind: 'too_many_sends',
    outcome: 'not_sent',
    message,
    meaning: 'Nothing was sent. The limit protects LinkedIn accounts and the people they write to.',
    nextStep: `${retryAfterSeconds === undefined ? '' : 'Send it then. '}The operator of this server can change HEYREACH_MAX_SENDS_PER_HOUR and HEYREACH_MAX_SENDS_PER_SENDER_PER_HOUR.`,
    retryAfterSeconds,
  });
}

function repeatError(message: string, meaning: string): HeyReachError {
  return new HeyReachError({
    kind: 'repeated',
    outcome: 'not_sent',
    message,
    meaning,
    nextStep: 'Read the thread with get_conversation. To send the text once more, call again with allowRepeat true.',
  });
}
