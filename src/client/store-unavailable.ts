import { StoreUnavailableError } from '../state/errors.ts';
import type { MaybePromise } from '../state/maybe-promise.ts';
import { HeyReachError } from './errors.ts';

const RETRY_AFTER_SECONDS = 5;

/** The store that replicas share is unavailable. Without it nothing may be sent. */
export function storeUnavailable(): HeyReachError {
  return new HeyReachError({
    kind: 'store_unavailable',
    outcome: 'not_sent',
    message: 'The store that the replicas of this server share is unavailable.',
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    meaning: 'Without it the server cannot know what other replicas send. The request was not sent.',
    nextStep: `Try again in ${RETRY_AFTER_SECONDS} s. If it lasts, the operator must check Redis.`,
  });
}

/** Asks the shared state. @throws HeyReachError `store_unavailable` where it does not answer: then nothing may be sent. */
export async function withState<Value>(ask: () => MaybePromise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (error) {
    throw error instanceof StoreUnavailableError ? storeUnavailable() : error;
  }
}
