import { escapeName, quoteLines, quoteName, quoteText } from '../../../lib/outside-text.ts';
import { sanitizeText } from '../../../lib/sanitize-text.ts';
import { placesToFill } from '../../../lib/template-variables.ts';
import { inline, linesIf } from '../../../lib/text-format.ts';
import type { Preview } from '../../../mcp/confirmation/preview.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import { accountName, leftOutUrls, showPerson, showSender } from '../../../views/people.ts';
import { checkOptOut } from '../../../workflows/opt-outs/opt-outs.ts';
import { checkSend, isAmongLast, OURS, type SendInput, type ThreadBefore } from './send-checks.ts';

const MAX_LAST_TEXT = 300;

/** Shows sender, recipient, text and the last message. Bound to the newest message of the thread. */
export async function previewSend(input: SendInput, context: ToolContext): Promise<Preview> {
  const thread = await checkSend(input, context);
  const { conversation, earlier, hidden } = thread;
  const sender = showSender(conversation.linkedInAccount, input.linkedInAccountId);
  const person = showPerson(conversation.correspondentProfile ?? {});
  const name = person.name || 'a person whose name HeyReach does not return';
  const last = conversation.messages?.at(-1);
  const { message, subject, allowRepeat } = input;
  // A person decides whether an answer to one who opted out is right.
  const optOut = await checkOptOut(conversation.correspondentProfile ?? {}, context);
  return {
    question: `Send this LinkedIn message to ${name}?`,
    lines: [
      `From: ${sender}`,
      `To: ${person.line || name}`,
      last === undefined
        ? 'The conversation has no messages yet.'
        : `Last message there (${showTime(last.createdAt)}, ${last.sender === OURS ? 'from us' : 'from them'}): ${quoteName(last.body, MAX_LAST_TEXT) || 'no text'}`,
      ...linesIf(allowRepeat, 'allowRepeat is set: the text is sent even if it was sent there before.'),
      ...(subject === undefined ? [] : [`Subject: ${quoteText(subject, 500)}`]),
      `Text (${message.length} characters):`,
      ...quoteLines(message),
    ],
    warnings: [...optOut.warnings, ...warningsOf(input, thread), ...leftOutUrls(person.isUrlLeftOut ? 1 : 0)],
    facts: {
      from: { linkedInAccountId: input.linkedInAccountId, name: accountName(conversation.linkedInAccount) },
      to: person.facts,
      conversationId: input.conversationId,
      message,
      ...(subject === undefined ? {} : { subject }),
      lastMessage:
        last === undefined
          ? null
          : { createdAt: last.createdAt, sender: last.sender, text: inline(last.body, MAX_LAST_TEXT) },
    },
    boundState: {
      newest: last === undefined ? null : [last.createdAt, last.sender, last.body],
      sender: conversation.linkedInAccount?.authIsValid,
      person: conversation.correspondentProfile?.linkedin_id,
      groupChat: conversation.groupChat,
      optOut: optOut.boundState,
      // A send since the preview that the thread does not show yet invalidates the confirmation.
      earlier: earlier?.at,
      hidden: hidden?.at,
    },
  };
}

/** A time of HeyReach, if it is one. */
function showTime(time: string | null | undefined): string {
  return time == null || Number.isNaN(Date.parse(time)) ? 'time unknown' : new Date(time).toISOString();
}

function warningsOf({ message }: SendInput, { conversation, earlier, hidden }: ThreadBefore): string[] {
  const { linkedInAccount: account, messages } = conversation;
  const isShown = isAmongLast(conversation, message);
  const isHidden = sanitizeText(message) !== message;
  const places = placesToFill(message);
  const candidates: [boolean | null | undefined, string][] = [
    [
      messages?.at(-1)?.sender === OURS,
      'Our message is the last one in this conversation. The person has not replied to it.',
    ],
    [isShown, 'The same text is among our last five messages there.'],
    [
      earlier !== undefined && !isShown,
      earlier?.outcome === 'accepted'
        ? `The same text was sent to this conversation at ${earlier.at}. HeyReach accepted it, but the thread does not show it yet.`
        : `The same text may have been sent to this conversation at ${earlier?.at}. That call ended without a clear result, and the thread does not show the message.`,
    ],
    [
      hidden !== undefined && hidden.id !== earlier?.id,
      `Another of our messages was sent to this conversation at ${hidden?.at}, but the thread does not show it yet${hidden?.message === undefined ? '.' : `: ${quoteName(hidden.message, MAX_LAST_TEXT)}`}`,
    ],
    [
      account?.authIsValid === false,
      'The LinkedIn login of the sender is invalid. LinkedIn will not accept the message.',
    ],
    [account?.isActive === false, 'The sender is switched off in HeyReach.'],
    [conversation.groupChat, 'This is a group chat. Every member gets the message.'],
    [conversation.blockedByMe, 'The sender has blocked this person.'],
    [conversation.blockedByParticipant, 'The person has blocked the sender.'],
    [isHidden, 'The text contains invisible characters. They are sent with it.'],
    [
      places.length > 0,
      `HeyReach fills nothing into this message. It is sent with ${escapeName(places.join(', '), MAX_LAST_TEXT)}`,
    ],
  ];
  return candidates.filter(([applies]) => applies === true).map(([, warning]) => warning);
}
