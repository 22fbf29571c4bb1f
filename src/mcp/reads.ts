import { HeyReachError } from '../client/index.ts';

/** The result of an optional read, such as a name for a preview. undefined where it fails. */
export async function optionalRead<Read>(read: Promise<Read>): Promise<Read | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof HeyReachError && error.kind !== 'cancelled') return undefined;
    throw error;
  }
}

/** A read that precedes a write. If it fails, the error says that the write was not sent. */
export async function readBeforeWrite<Read>(read: Promise<Read>): Promise<Read> {
  try {
    return await read;
  } catch (error) {
    throw error instanceof HeyReachError ? error.asNotSent() : error;
  }
}
