import { HeyReachError } from './errors.ts';
import { errorFromFault } from './faults.ts';

/** The caller left, or its time ran out, before it had a slot. */
export function gaveUp(signal: AbortSignal | undefined): HeyReachError {
  if (signal?.reason === 'deadline') return outOfTime();
  return errorFromFault({ type: 'fault', reason: 'cancelled', bytesLeft: false, inFlight: false, detail: '' });
}

/** There was no time left when a slot was asked for, or while it was waited for. */
export function outOfTime(): HeyReachError {
  return errorFromFault({ type: 'fault', reason: 'deadline', bytesLeft: false, inFlight: false, detail: '' });
}

/** A slot would come too late for the time the call has. */
export function waitTooLong(waitMs: number): HeyReachError {
  const seconds = inSeconds(waitMs);
  return new HeyReachError({
    kind: 'rate_limited',
    outcome: 'not_sent',
    message: `the request quota of this key is used up for the next ${seconds} s`,
    retryAfterSeconds: seconds,
    meaning: 'HeyReach allows 300 requests a minute per key; waiting would outlast the time this call has.',
    nextStep: `Try again in ${seconds} s.`,
  });
}

/** The line is full. @param waitMs how long one more would have waited in it. */
export function tooManyWait(waiting: number, waitMs: number): HeyReachError {
  const seconds = inSeconds(waitMs);
  return new HeyReachError({
    kind: 'queue_full',
    outcome: 'not_sent',
    message: `${waiting} calls already wait for the request quota of this key`,
    retryAfterSeconds: seconds,
    meaning: 'More is asked of HeyReach than its 300 requests a minute allow; this call was not queued.',
    nextStep: `Ask for less at once, and try again in ${seconds} s.`,
  });
}

function inSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}
