import { HeyReachError } from '../client/index.ts';

/** HeyReach does not know the id of a URI. */
export class UnknownId extends Error {
  constructor(readonly said: HeyReachError) {
    super(said.message);
  }
}

/**
 * Reads that which a URI names, by its id. Only of this call does a 400 say that there is no such thing.
 * @param more what is read along; its failure counts where the thing itself is there.
 */
export async function readById<One, More = undefined>(read: Promise<One>, more?: Promise<More>): Promise<[One, More]> {
  more?.catch(() => {});
  const one = await read.catch((error: unknown) => {
    const isUnknown = error instanceof HeyReachError && (error.status === 404 || error.status === 400);
    throw isUnknown ? new UnknownId(error) : error;
  });
  return [one, (await more) as More];
}
