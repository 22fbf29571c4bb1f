import type { Server } from '@modelcontextprotocol/server';
import type { Caller } from '../tools/context.ts';
import { withSource } from '../tools/source-meta.ts';
import { auditResource, readAudit } from './audit.ts';
import { hinted, isGuide } from './cache.ts';
import { listResources, listTemplates } from './list.ts';
import { type Reading, readResource } from './read.ts';

/** Answers what is asked about resources on behalf of one caller. */
export function serveResources(server: Server, caller: Caller, known: Reading): void {
  const { audit } = caller.safety;
  server.setRequestHandler('resources/list', async ({ params }, { mcpReq }) =>
    withSource(await listResources(params?.cursor, known, caller, mcpReq.signal), caller),
  );
  server.setRequestHandler('resources/templates/list', () => withSource(listTemplates(known.resources), caller));
  server.setRequestHandler('resources/read', async ({ params: { uri } }, { mcpReq }) => {
    if (audit !== undefined && uri === auditResource.uri) return withSource(await readAudit(audit, caller), caller);
    const read = await readResource(uri, known, caller, mcpReq.signal);
    return isGuide(uri) ? hinted(read, mcpReq.envelope) : withSource(read, caller);
  });
}
