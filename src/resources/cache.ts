import { PROTOCOL_VERSION_META_KEY, type ReadResourceResult, type ServerOptions } from '@modelcontextprotocol/server';
import { guides } from './catalog.ts';

type CacheHints = NonNullable<ServerOptions['cacheHints']>;
type CacheHint = NonNullable<CacheHints[keyof CacheHints]>;

/**
 * What a client may keep, and for how long; told on 2026-07-28. A resource is read anew each time: what a client kept would
 * outlive a change that it has just made through a tool. Clients know a server by name and version alone, so what hangs on the
 * configuration is private too: two servers behind one gateway would be taken for one.
 */
export const CACHE_HINTS = {
  'tools/list': { ttlMs: 60_000, cacheScope: 'private' },
  'prompts/list': { ttlMs: 60_000, cacheScope: 'private' },
  'resources/list': { ttlMs: 15_000, cacheScope: 'private' },
  'resources/templates/list': { ttlMs: 60_000, cacheScope: 'private' },
  'resources/read': { ttlMs: 0, cacheScope: 'private' },
} as const satisfies CacheHints;

const GUIDE: CacheHint = { ttlMs: 3_600_000, cacheScope: 'public' };

/**
 * A guide as it was read, with what may be kept of it.
 * @param envelope of the request; only those of 2026-07-28 have one, and earlier results know no such fields.
 */
export function hinted(result: ReadResourceResult, envelope: object | undefined): ReadResourceResult {
  const isModern = envelope !== undefined && PROTOCOL_VERSION_META_KEY in envelope;
  return isModern ? { ...result, ...GUIDE } : result;
}

/** Whether this is the same for everybody, from wherever the data come. */
export function isGuide(uri: string): boolean {
  return guides.some((guide) => guide.uri === uri);
}
