import type { ReadResourceResult, ServerContext, ServerOptions } from '@modelcontextprotocol/server';
import { modernEnvelopeOf } from '../../mcp/envelope.ts';
import { guides } from '../index.ts';

type CacheHints = NonNullable<ServerOptions['cacheHints']>;
type CacheHint = NonNullable<CacheHints[keyof CacheHints]>;

/**
 * How long clients may cache each result, since protocol 2026-07-28.
 * - Resources are not cached: a cached one would outlive a change that the client has just made through a tool.
 * - Results that depend on the configuration are private. Clients identify a server by name and version alone, so a gateway
 *   would take two differently configured servers for the same one.
 */
export const CACHE_HINTS = {
  'tools/list': { ttlMs: 60_000, cacheScope: 'private' },
  'prompts/list': { ttlMs: 60_000, cacheScope: 'private' },
  'resources/list': { ttlMs: 15_000, cacheScope: 'private' },
  'resources/templates/list': { ttlMs: 60_000, cacheScope: 'private' },
  'resources/read': { ttlMs: 0, cacheScope: 'private' },
} as const satisfies CacheHints;

const GUIDE_HINT: CacheHint = { ttlMs: 3_600_000, cacheScope: 'public' };

/** Adds the cache hint of a guide. Results before 2026-07-28 have no cache fields. */
export function withGuideCacheHint(result: ReadResourceResult, mcpReq: ServerContext['mcpReq']): ReadResourceResult {
  return modernEnvelopeOf(mcpReq) === undefined ? result : { ...result, ...GUIDE_HINT };
}

/** Whether a URI names a guide, whose text never changes while the server runs. */
export function isGuide(uri: string): boolean {
  return guides.some((guide) => guide.uri === uri);
}
