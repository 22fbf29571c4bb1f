import { HeyReachError } from '../client/index.ts';

/** The answer of a read that only lends names; undefined where it fails, since nothing hangs on it. */
export async function unlessUnreadable<Read>(read: Promise<Read>): Promise<Read | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof HeyReachError && error.kind !== 'cancelled') return undefined;
    throw error;
  }
}
