import type { Server } from '@modelcontextprotocol/server';
import type { Caller } from '../tools/context.ts';
import { auditResource, readAudit } from './audit.ts';
import { hinted } from './cache.ts';
import { guides, resources } from './catalog.ts';
import { listResources, listTemplates } from './list.ts';
import { readResource } from './read.ts';

/** Answers what is asked about resources on behalf of one caller. */
export function serveResources(server: Server, caller: Caller, hasTool: (name: string) => boolean): void {
  const { audit } = caller.safety;
  const known = { resources, guides, hasTool };
  server.setRequestHandler('resources/list', ({ params }, { mcpReq }) =>
    listResources(params?.cursor, known, caller, mcpReq.signal),
  );
  server.setRequestHandler('resources/templates/list', () => listTemplates(resources));
  server.setRequestHandler('resources/read', async ({ params: { uri } }, { mcpReq }) => {
    if (audit !== undefined && uri === auditResource.uri) return readAudit(audit, caller);
    return hinted(await readResource(uri, known, caller, mcpReq.signal), uri, mcpReq.envelope);
  });
}
