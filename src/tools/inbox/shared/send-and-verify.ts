import { type CallOptions, errorFromDetachedResult, HeyReachError, type HttpResult } from '../../../client/index.ts';
import type { ToolContext } from '../../../mcp/tool.ts';
import type { BegunSend } from '../../../safety/send-guard.ts';
import { checkCaps, countOurs, readThread, repeatOf, type SendInput, type ThreadBefore } from './send-checks.ts';

/** HeyReach shows a message in its thread a moment after it accepted it. */
const SHOWN_AFTER_MS = 1_000;
/** Reserved before the deadline for reading the thread when the send gets no response. */
const VERIFY_MS = 8_000;
const VERIFY_DELAYS_MS = [500, 1_000, 2_000, 4_000];
const MAX_VERIFY_DELAY_MS = 8_000;

/** A message that HeyReach accepted, or that the thread shows. */
export interface Sent {
  delivery: 'seen_in_thread' | 'accepted';
  note?: string;
}

type SendOutcome = 'accepted' | 'refused' | 'unknown';

/**
 * Sends a message once, then reads the thread to verify it. After an unclear response it reads the thread repeatedly. It
 * never sends twice.
 * @throws HeyReachError `unknown` when neither HeyReach nor the thread confirms the send in time.
 */
export async function send(input: SendInput, before: ThreadBefore, context: ToolContext): Promise<Sent> {
  const { call, client } = context;
  const { message, conversationId, linkedInAccountId, subject = '' } = input;
  const reservation = reserveSend(input, before, context);
  const inFlight = trackSend();
  const options: CallOptions = {
    ...call,
    deadline: call.deadline === undefined ? undefined : call.deadline - verifyTime(call.deadline),
    async beforeWrite() {
      // Before a resend of what did not leave: the mark of this send must not count as an earlier send.
      await reservation.release();
      await call.beforeWrite?.();
      await reservation.take();
    },
    mayStart: () => reservation.mayStart(),
    onDetachedResult(result) {
      // A message that the thread shows was sent, whatever HeyReach responds later.
      if (!inFlight.isShown) void reservation.end(outcomeOf(result));
      inFlight.resolve(result);
      call.onDetachedResult?.(result);
    },
  };
  try {
    await client.inbox.sendMessage({ message, conversationId, linkedInAccountId, subject }, options);
  } catch (error) {
    if (!(error instanceof HeyReachError)) throw error;
    if (error.outcome === 'unknown') return verifyUnclearSend(input, before, error, inFlight, context);
    await reservation.end('refused');
    throw error;
  }
  await reservation.end('accepted');
  await context.wait(SHOWN_AFTER_MS);
  return { delivery: (await isShown(input, before, context)) ? 'seen_in_thread' : 'accepted' };
}

/** Counts a message against the send limits and marks it as possibly sent, from just before its bytes leave. */
function reserveSend(input: SendInput, { earlier }: ThreadBefore, { sends }: ToolContext) {
  let begun: BegunSend | undefined;
  return {
    async take() {
      const beginning = await sends.begin(input, input.allowRepeat ? 'any' : earlier);
      switch (beginning.type) {
        case 'begun':
          begun = beginning.send;
          return;
        case 'wait':
          return checkCaps(beginning.ms);
        case 'busy':
          throw lockLost();
        case 'repeated': {
          const { outcome, at } = beginning.earlier;
          throw repeatOf({ outcome, at: new Date(at).toISOString() });
        }
      }
    },
    mayStart: () => begun?.mayStart() === true,
    async end(outcome: SendOutcome) {
      await begun?.end(outcome === 'refused' ? 'not_sent' : outcome);
    },
    /** Restores the state from before `take`. */
    async release() {
      await begun?.end('not_sent');
      begun = undefined;
    },
  };
}

/** The call was stopped for minutes, and another call may have sent to the conversation since. */
function lockLost(): HeyReachError {
  return new HeyReachError({
    kind: 'busy',
    outcome: 'not_sent',
    message: 'This call lost its lock on the conversation before it could send.',
    meaning: 'Nothing was sent. Another call may have sent a message there meanwhile.',
    nextStep: 'Read the thread with get_conversation. Call again if the message is still wanted.',
  });
}

function verifyTime(deadline: number): number {
  return Math.min(VERIFY_MS, (deadline - Date.now()) / 3);
}

/** A send request that may outlive its call. */
interface InFlightSend {
  result: Promise<HttpResult>;
  resolve(result: HttpResult): void;
  isShown: boolean;
}

function trackSend(): InFlightSend {
  let resolve: InFlightSend['resolve'] = () => {};
  const result = new Promise<HttpResult>((settle) => {
    resolve = settle;
  });
  return { result, resolve, isShown: false };
}

function outcomeOf(result: HttpResult): SendOutcome {
  if (result.type !== 'response' || result.status >= 500) return 'unknown';
  return result.status < 300 ? 'accepted' : 'refused';
}

/** Polls the thread and waits for a late response until one of them settles the outcome. */
async function verifyUnclearSend(
  input: SendInput,
  before: ThreadBefore,
  unclear: HeyReachError,
  inFlight: InFlightSend,
  context: ToolContext,
): Promise<Sent> {
  const { call, client } = context;
  let error = unclear;
  let result: HttpResult | undefined;
  for (let attempt = 0; !call.signal?.aborted && Date.now() < (call.deadline ?? 0); attempt += 1) {
    if (await isShown(input, before, context)) {
      inFlight.isShown = true;
      const reason = error.message.replace(/\.$/, '');
      return {
        delivery: 'seen_in_thread',
        note: `HeyReach gave no clear response (${reason}), but the thread shows the message.`,
      };
    }
    const pause = context.wait(VERIFY_DELAYS_MS[attempt] ?? MAX_VERIFY_DELAY_MS);
    if (result !== undefined) {
      await pause;
      continue;
    }
    result = (await Promise.race([inFlight.result, pause])) ?? undefined;
    if (result === undefined) continue;
    const failure = errorFromDetachedResult(unclear, result, client.hideKey);
    if (failure === undefined) return { delivery: 'accepted', note: 'HeyReach accepted the message after a delay.' };
    if (failure.outcome === 'refused') throw failure;
    error = failure;
  }
  throw error;
}

/** Whether the thread shows the text once more than before the send. False when the thread cannot be read. */
async function isShown(input: SendInput, { conversation }: ThreadBefore, context: ToolContext): Promise<boolean> {
  try {
    const now = await readThread(input, context);
    if (countOurs(now, input.message) <= countOurs(conversation, input.message)) return false;
  } catch {
    return false;
  }
  // The thread now shows the message, so a repeat is detected there.
  await context.sends.forget(input);
  return true;
}
