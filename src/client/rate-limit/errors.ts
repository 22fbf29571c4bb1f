import type { EndSignal } from '../call-signal.ts';
import { HeyReachError } from '../errors.ts';
import { errorFromTransport } from '../transport-errors.ts';

/** The caller left, or its deadline passed, before it got a permit. */
export function cancelledWhileWaiting(signal: EndSignal | undefined): HeyReachError {
  if (signal?.reason === 'deadline') return deadlineWhileWaiting();
  return errorFromTransport({ type: 'error', reason: 'cancelled', requestSent: false, inFlight: false, detail: '' });
}

/** The deadline passed before the call got a permit. */
export function deadlineWhileWaiting(): HeyReachError {
  return errorFromTransport({ type: 'error', reason: 'deadline', requestSent: false, inFlight: false, detail: '' });
}

/** The next permit comes after the deadline of the call. */
export function waitTooLong(waitMs: number): HeyReachError {
  const seconds = inSeconds(waitMs);
  return new HeyReachError({
    kind: 'rate_limited',
    outcome: 'not_sent',
    message: `The rate limit of this key is used up for the next ${seconds} s.`,
    retryAfterSeconds: seconds,
    meaning:
      'HeyReach allows 300 requests a minute per key. The wait would outlast the deadline, so the call was not sent.',
    nextStep: `Try again in ${seconds} s.`,
  });
}

/** Too many calls wait. @param waitMs how long a further call would wait. */
export function queueFull(waiting: number, waitMs: number): HeyReachError {
  const seconds = inSeconds(waitMs);
  return new HeyReachError({
    kind: 'queue_full',
    outcome: 'not_sent',
    message: `Rate limit queue is full: ${waiting} calls of this key already wait.`,
    retryAfterSeconds: seconds,
    meaning: 'HeyReach allows 300 requests a minute per key. The call was not queued.',
    nextStep: `Make fewer calls at once, and try again in ${seconds} s.`,
  });
}

function inSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}
