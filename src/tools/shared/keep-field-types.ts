import type * as z from 'zod';
import { type CallOptions, coerceResponse } from '../../client/index.ts';

/**
 * Keeps the types of a tool's own fields where its result also passes on fields that HeyReach does not document: HeyReach
 * may use the same name with another type. Clients reject a result that does not fit its output schema.
 */
export function keepFieldTypes<Data>(schema: z.ZodType, data: Data, { onUnexpectedFields }: CallOptions): Data {
  const unexpected = coerceResponse(schema, data);
  if (unexpected.length > 0) onUnexpectedFields?.(unexpected);
  return data;
}
