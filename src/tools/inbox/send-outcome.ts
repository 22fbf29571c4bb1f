import { type Exchange, HeyReachError } from '../../client/index.ts';
import type { ToolContext } from '../define.ts';
import { checkCaps, countOurs, readThread, type SendInput, type ThreadBefore } from './send-check.ts';

/** HeyReach shows a message in its thread a moment after it accepted it. */
const SHOWS_AFTER_MS = 1_000;
/** Kept back from the time for the answer, to look into the thread when there is none. */
const LOOK_MS = 8_000;
const LOOK_AGAIN_MS = [500, 1_000, 2_000, 4_000];
const LOOK_AGAIN_AT_MOST_MS = 8_000;

export interface Sent {
  delivery: 'seen_in_thread' | 'accepted';
  note?: string;
}

type End = 'accepted' | 'refused' | 'unknown';

/**
 * Sends a message once and finds out what became of it: the thread is read after it, and again and again after an answer
 * that leaves it open. Never sends twice.
 * @throws HeyReachError `unknown` when neither HeyReach nor the thread say in time that it was sent.
 */
export async function send(input: SendInput, before: ThreadBefore, context: ToolContext): Promise<Sent> {
  const { sends, call, client } = context;
  checkCaps(await sends.take(input.linkedInAccountId));
  const { message, conversationId, linkedInAccountId, subject = '' } = input;
  // From here on it may have been sent, whatever becomes of this process's call.
  await sends.remember(input, 'unknown');
  let onEnd: (end: End) => void = () => {};
  const late = new Promise<End>((resolve) => {
    onEnd = resolve;
  });
  const onLate = (exchange: Exchange) => {
    const end = endOf(exchange);
    onEnd(end);
    void settle(end, input, before, context);
    call.onLate?.(exchange);
  };
  try {
    const deadline = call.deadline === undefined ? undefined : call.deadline - lookTime(call.deadline);
    await client.inbox.sendMessage(
      { message, conversationId, linkedInAccountId, subject },
      { ...call, deadline, onLate },
    );
  } catch (error) {
    if (!(error instanceof HeyReachError)) throw error;
    if (error.outcome === 'unknown') return lookFor(input, before, error, late, context);
    await settle('refused', input, before, context);
    throw error;
  }
  await settle('accepted', input, before, context);
  await context.wait(SHOWS_AFTER_MS);
  return { delivery: (await isShown(input, before, context)) ? 'seen_in_thread' : 'accepted' };
}

function lookTime(deadline: number): number {
  return Math.min(LOOK_MS, (deadline - Date.now()) / 3);
}

function endOf(exchange: Exchange): End {
  if (exchange.type !== 'answer' || exchange.status >= 500) return 'unknown';
  return exchange.status < 300 ? 'accepted' : 'refused';
}

/** Keeps in mind what a repeat of the text has to know, and gives back the place of what was not sent. */
async function settle(end: End, input: SendInput, { earlier }: ThreadBefore, { sends }: ToolContext): Promise<void> {
  if (end !== 'refused') return sends.remember(input, end);
  await sends.giveBack(input.linkedInAccountId);
  if (earlier === undefined) await sends.forget(input);
  else await sends.remember(input, earlier.outcome, earlier.at);
}

/** Reads the thread, or takes a late answer, until one of them says what became of the message. */
async function lookFor(
  input: SendInput,
  before: ThreadBefore,
  error: HeyReachError,
  late: Promise<End>,
  context: ToolContext,
): Promise<Sent> {
  const { call } = context;
  const said = error.message.replace(/\.$/, '');
  let end: End | undefined;
  for (let look = 0; !call.signal?.aborted && Date.now() < (call.deadline ?? 0); look += 1) {
    if (await isShown(input, before, context)) {
      return {
        delivery: 'seen_in_thread',
        note: `HeyReach gave no clear answer (${said}), but the thread shows the message.`,
      };
    }
    if (end === 'accepted') return { delivery: 'accepted', note: 'HeyReach took long and accepted the message.' };
    if (end === 'refused') throw error.asEnded('refused', 'HeyReach said no');
    end = await Promise.race([late, context.wait(LOOK_AGAIN_MS[look] ?? LOOK_AGAIN_AT_MOST_MS).then(() => end)]);
  }
  throw error;
}

/** Whether the thread shows the text once more than before. A thread that cannot be read shows nothing. */
async function isShown(input: SendInput, { conversation }: ThreadBefore, context: ToolContext): Promise<boolean> {
  try {
    const now = await readThread(input, context);
    if (countOurs(now, input.message) <= countOurs(conversation, input.message)) return false;
  } catch {
    return false;
  }
  // From now on the thread itself tells a repeat.
  await context.sends.forget(input);
  return true;
}
