import { storeUnavailable } from '../client/store-unavailable.ts';
import type { Answer } from '../state/answer.ts';
import { StoreUnavailableError } from '../state/errors.ts';

/** Asks the shared state. @throws HeyReachError `store_unavailable` where it does not answer: then nothing may be sent. */
export async function withState<Value>(ask: () => Answer<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (error) {
    throw error instanceof StoreUnavailableError ? storeUnavailable() : error;
  }
}
