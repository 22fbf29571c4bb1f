import type { HeyReachError } from '../../client/index.ts';
import type { Settled } from '../../workflows/shared/settle.ts';

/** Why HeyReach did not return a part of a resource. */
export function reasonOf({ status, message }: HeyReachError): string {
  return status === undefined ? message : `HTTP ${status}: ${message}`;
}

/** The reasons of the parts that failed, by the name of the part. */
export function failuresOf(parts: Record<string, Settled<unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, part]) => (part.ok ? [] : [[name, reasonOf(part.error)]])),
  );
}
