import { HeyReachError } from '../client/index.ts';

/** What a read that failed says of the write it had to come before: that it was not sent. */
export async function beforeWrite<Read>(read: Promise<Read>): Promise<Read> {
  try {
    return await read;
  } catch (error) {
    throw error instanceof HeyReachError ? error.asNotSent() : error;
  }
}
