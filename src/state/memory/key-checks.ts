import type { KeyChecks } from '../key-checks.ts';

/** No other process checks keys, and what this one finds out is in its cache. */
export function keyChecksInMemory(): KeyChecks {
  return { find: () => undefined, keep() {} };
}
