import { HeyReachError } from '../../client/index.ts';

/** HeyReach does not know the id in a URI. */
export class NotFoundError extends Error {
  constructor(override readonly cause: HeyReachError) {
    super(cause.message);
  }
}

/** A 404 or 400 of HeyReach, and not of a proxy in front of it. */
function isUnknownId(error: unknown): error is HeyReachError {
  if (!(error instanceof HeyReachError)) return false;
  return error.kind === 'not_found' || (error.kind === 'bad_request' && error.status === 400);
}

/**
 * Reads the entity that a URI names. HeyReach answers an unknown id with 404 or 400.
 * @param related another read in flight. Its failure is thrown only where the entity exists.
 * @throws NotFoundError where the entity does not exist.
 */
export async function readById<Entity, Related = undefined>(
  read: Promise<Entity>,
  related?: Promise<Related>,
): Promise<[Entity, Related]> {
  related?.catch(() => {});
  const entity = await read.catch((error: unknown) => {
    throw isUnknownId(error) ? new NotFoundError(error) : error;
  });
  return [entity, (await related) as Related];
}
