import { ProtocolError, ProtocolErrorCode, type Server, type ServerContext } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { modernEnvelopeOf } from '../mcp/envelope.ts';
import type { SkillRegistry } from './skill-registry.ts';

/** The MCP Skills extension (SEP-2640). */
export const SKILLS_EXTENSION = 'io.modelcontextprotocol/skills';

/** Skills depend on the tools that the configuration shows. */
const CACHE_HINT = { ttlMs: 60_000, cacheScope: 'private' } as const;

const params = z.looseObject({ cursor: z.string().optional() }).optional();
const getParams = z.looseObject({ uri: z.string() });

/**
 * Serves `skills/list` and `skills/get`. `resources/read` serves the files. The SDK's own extension attaches to its
 * high-level server only.
 */
export function registerSkills(server: Server, registry: SkillRegistry): void {
  server.setRequestHandler('skills/list', { params }, (_, { mcpReq }) => ({
    skills: registry.entries,
    ...cacheFields(mcpReq),
  }));
  server.setRequestHandler('skills/get', { params: getParams }, ({ uri }, { mcpReq }) => {
    const skill = registry.get(uri);
    if (skill !== undefined) return { skill, ...cacheFields(mcpReq) };
    const known = registry.entries.map((entry) => entry.uri).join(', ');
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `No skill has this URI. The skills are ${known}.`);
  });
}

/** Results before 2026-07-28 have no cache fields. */
function cacheFields(mcpReq: ServerContext['mcpReq']) {
  return modernEnvelopeOf(mcpReq) === undefined ? {} : CACHE_HINT;
}
