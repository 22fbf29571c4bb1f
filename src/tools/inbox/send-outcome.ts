import { type CallOptions, type Exchange, errorOfLate, HeyReachError } from '../../client/index.ts';
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
  const { message, conversationId, linkedInAccountId, subject = '' } = input;
  const place = reservePlace(input, before, context);
  const settle = (end: End) => (end === 'refused' ? place.giveBack() : sends.remember(input, end));
  const flight = watchFlight();
  const options: CallOptions = {
    ...call,
    deadline: call.deadline === undefined ? undefined : call.deadline - lookTime(call.deadline),
    async beforeChange() {
      // Whoever looks again must not take this very message for an earlier one.
      await place.giveBack();
      await call.beforeChange?.();
      await place.take();
    },
    onLate(exchange) {
      // What the thread has shown was sent, whatever its request says in the end.
      if (!flight.isShown) void settle(endOf(exchange));
      flight.land(exchange);
      call.onLate?.(exchange);
    },
  };
  try {
    await client.inbox.sendMessage({ message, conversationId, linkedInAccountId, subject }, options);
  } catch (error) {
    if (!(error instanceof HeyReachError)) throw error;
    if (error.outcome === 'unknown') return lookFor(input, before, error, flight, context);
    await settle('refused');
    throw error;
  }
  await settle('accepted');
  await context.wait(SHOWS_AFTER_MS);
  return { delivery: (await isShown(input, before, context)) ? 'seen_in_thread' : 'accepted' };
}

/** A message's place under the caps, and its mark as one that may have been sent, from just before its bytes leave. */
function reservePlace(input: SendInput, { earlier, hidden }: ThreadBefore, { sends }: ToolContext) {
  let takenSince: number | undefined;
  return {
    async take() {
      const since = Date.now();
      checkCaps(await sends.take(input.linkedInAccountId));
      takenSince = since;
      await sends.remember(input, 'unknown');
    },
    /** Leaves everything as it was found. */
    async giveBack() {
      if (takenSince === undefined) return;
      await sends.giveBack(input.linkedInAccountId, takenSince);
      takenSince = undefined;
      await sends.forget(input);
      if (earlier !== undefined) await sends.remember(input, earlier.outcome, earlier.at);
      if (hidden !== undefined) await sends.remember({ ...input, message: hidden.message }, hidden.outcome, hidden.at);
    },
  };
}

function lookTime(deadline: number): number {
  return Math.min(LOOK_MS, (deadline - Date.now()) / 3);
}

/** A request that may outlive its call. */
interface Flight {
  landed: Promise<Exchange>;
  land(exchange: Exchange): void;
  isShown: boolean;
}

function watchFlight(): Flight {
  let land: Flight['land'] = () => {};
  const landed = new Promise<Exchange>((resolve) => {
    land = resolve;
  });
  return { landed, land, isShown: false };
}

function endOf(exchange: Exchange): End {
  if (exchange.type !== 'answer' || exchange.status >= 500) return 'unknown';
  return exchange.status < 300 ? 'accepted' : 'refused';
}

/** Reads the thread, or takes a late answer, until one of them says what became of the message. */
async function lookFor(
  input: SendInput,
  before: ThreadBefore,
  unclear: HeyReachError,
  flight: Flight,
  context: ToolContext,
): Promise<Sent> {
  const { call, client } = context;
  let error = unclear;
  let landed: Exchange | undefined;
  for (let look = 0; !call.signal?.aborted && Date.now() < (call.deadline ?? 0); look += 1) {
    if (await isShown(input, before, context)) {
      flight.isShown = true;
      const said = error.message.replace(/\.$/, '');
      return {
        delivery: 'seen_in_thread',
        note: `HeyReach gave no clear answer (${said}), but the thread shows the message.`,
      };
    }
    const pause = context.wait(LOOK_AGAIN_MS[look] ?? LOOK_AGAIN_AT_MOST_MS);
    if (landed !== undefined) {
      await pause;
      continue;
    }
    landed = (await Promise.race([flight.landed, pause])) ?? undefined;
    if (landed === undefined) continue;
    const failure = errorOfLate(unclear, landed, client.hideKey);
    if (failure === undefined) return { delivery: 'accepted', note: 'HeyReach took long and accepted the message.' };
    if (failure.outcome === 'refused') throw failure;
    error = failure;
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
