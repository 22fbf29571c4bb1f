import type { HeyReachError } from './errors.ts';
import type { RetryClass } from './retry.ts';

/**
 * The error of a call, from the errors of its attempts. In this order:
 *
 * 1. An attempt that may have been carried out outweighs a later attempt that was not.
 * 2. A last 429 outweighs the reason why no further attempt was sent, and takes over its seconds if it has any.
 * 3. Any other last error stays. After an unclear attempt of a write it is marked: HeyReach may reject the retry because the
 *    first attempt succeeded.
 *
 * @param failures the errors of the attempts that were made, in order.
 * @param unsent why a further attempt was not sent, if that ended the call.
 */
export function finalError(
  failures: readonly HeyReachError[],
  retry: RetryClass,
  unsent?: HeyReachError,
): HeyReachError {
  const last = failures.at(-1);
  if (last === undefined) return unsent!;
  const earlier = unsent === undefined ? failures.slice(0, -1) : failures;
  const unclear = earlier.findLast(({ outcome }) => outcome === 'unknown');
  const wasNotDone = unsent !== undefined || last.outcome === 'not_sent' || last.status === 429;
  if (unclear !== undefined && wasNotDone) return unclear;
  if (unsent !== undefined) {
    if (last.status !== 429) return unsent;
    return last.withRetryAfter(unsent.retryAfterSeconds ?? last.retryAfterSeconds);
  }
  return unclear !== undefined && retry !== 'safe' ? last.afterUnclear() : last;
}
