import { HeyReachError, saysNotFound } from '../../client/index.ts';

/** One of several reads that run side by side: its value, or why it failed. */
export type Settled<Value> = { ok: true; value: Value } | { ok: false; error: HeyReachError };

/** Waits for a read, so that its failure does not end the other reads. Cancellation still ends them all. */
export async function settle<Value>(read: Promise<Value>): Promise<Settled<Value>> {
  try {
    return { ok: true, value: await read };
  } catch (error) {
    if (error instanceof HeyReachError && error.kind !== 'cancelled') return { ok: false, error };
    throw error;
  }
}

/** The rows about one person, or `none` where HeyReach says that it does not know the person. */
export async function settleRowsOfPerson<Value>(read: Promise<Value>, none: Value): Promise<Settled<Value>> {
  const settled = await settle(read);
  return !settled.ok && saysNotFound(settled.error) ? { ok: true, value: none } : settled;
}

/** A person, or `none`. HeyReach answers an unknown one with 404, sometimes without a sentence. */
export async function settlePerson<Value>(read: Promise<Value>, none: Value): Promise<Settled<Value>> {
  const settled = await settleRowsOfPerson(read, none);
  return !settled.ok && settled.error.status === 404 ? { ok: true, value: none } : settled;
}
