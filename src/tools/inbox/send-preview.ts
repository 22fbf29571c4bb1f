import { sameText } from '../../safety/sends.ts';
import { cleanText } from '../clean.ts';
import type { ToolContext } from '../define.ts';
import { inline, type Preview } from '../preview.ts';
import { showPerson, showSender } from '../preview-lines.ts';
import { checkSend, isAmongLast, OURS, type SendInput, type ThreadBefore } from './send-check.ts';

const LAST_TEXT = 300;
/** Whatever ends a line on somebody's screen. */
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

/** Who would get which text from whom, and what was said last. Bound to the newest message of the thread. */
export async function previewSend(input: SendInput, context: ToolContext): Promise<Preview> {
  const thread = await checkSend(input, context);
  const { conversation, earlier, hidden } = thread;
  const sender = showSender(conversation.linkedInAccount, input.linkedInAccountId);
  const person = showPerson(conversation.correspondentProfile ?? {});
  const name = person.facts.name ?? 'somebody whose name HeyReach does not give';
  const last = conversation.messages?.at(-1);
  const { message, subject } = input;
  return {
    question: `Send this LinkedIn message to ${name}?`,
    lines: [
      `From: ${sender}`,
      `To: ${person.line || name}`,
      last === undefined
        ? 'The conversation has no messages yet.'
        : `Last message there (${last.createdAt ?? 'time unknown'}, ${last.sender === OURS ? 'from us' : 'from them'}): "${inline(last.body, LAST_TEXT)}"`,
      ...(subject === undefined ? [] : [`Subject: ${inline(subject, 500)}`]),
      `Text (${message.length} characters):`,
      ...message.split(LINE_END).map((line) => `> ${line}`),
    ],
    warnings: warningsOf(input, thread),
    facts: {
      from: { linkedInAccountId: input.linkedInAccountId, name: sender },
      to: person.facts,
      conversationId: input.conversationId,
      message,
      ...(subject === undefined ? {} : { subject }),
      lastMessage:
        last === undefined
          ? null
          : { createdAt: last.createdAt, sender: last.sender, text: inline(last.body, LAST_TEXT) },
    },
    binds: {
      newest: last === undefined ? null : [last.createdAt, last.sender, last.body],
      sender: conversation.linkedInAccount?.authIsValid,
      person: conversation.correspondentProfile?.linkedin_id,
      groupChat: conversation.groupChat,
      // What was sent since and does not show yet is a reason to ask again.
      earlier: earlier?.at,
      hidden: hidden?.at,
    },
  };
}

function warningsOf({ message }: SendInput, { conversation, earlier, hidden }: ThreadBefore): string[] {
  const { linkedInAccount: account, messages } = conversation;
  const isShown = isAmongLast(conversation, message);
  const isHidden = cleanText(message) !== message;
  const facts: [boolean | null | undefined, string][] = [
    [messages?.at(-1)?.sender === OURS, 'We spoke last in this conversation: the person has not answered since.'],
    [isShown, 'The same text is among our last five messages there.'],
    [
      earlier !== undefined && !isShown,
      `The same text went to this conversation at ${earlier?.at}, and ${earlier?.outcome === 'accepted' ? 'was accepted' : 'nobody knows whether it was sent: that call was left without a clear answer'}. The thread does not show it so far.`,
    ],
    [
      hidden !== undefined && sameText(hidden.message) !== sameText(message),
      `Another message of ours went to this conversation at ${hidden?.at}, and the thread does not show it so far: "${inline(hidden?.message, LAST_TEXT)}"`,
    ],
    [account?.authIsValid === false, 'The login of the sender is invalid: LinkedIn will not take the message.'],
    [account?.isActive === false, 'The sender is switched off in HeyReach.'],
    [conversation.groupChat, 'This is a group chat: everybody in it gets the message.'],
    [conversation.blockedByMe, 'The sender has blocked this person.'],
    [conversation.blockedByParticipant, 'The person has blocked the sender.'],
    [isHidden, 'The text holds characters that cannot be seen. They are sent along.'],
  ];
  return facts.filter(([holds]) => holds === true).map(([, sentence]) => sentence);
}
