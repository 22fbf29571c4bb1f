import type { Server } from '@modelcontextprotocol/server';
import { type RequestContext, withSource, withTrace } from '../../mcp/request-context.ts';
import { auditResource, readAudit } from '../audit.ts';
import { parseFileUri, readCsvFile } from '../csv-files.ts';
import { isGuide, withGuideCacheHint } from './cache-hints.ts';
import { listResources, listTemplates } from './list-resources.ts';
import { type ResourceSet, readResource } from './read-resource.ts';

/** Serves `resources/list`, `resources/templates/list` and `resources/read`. */
export function registerResources(server: Server, shared: RequestContext, resourceSet: ResourceSet): void {
  const { audit: auditLog } = shared.safety;
  server.setRequestHandler('resources/list', async ({ params }, { mcpReq }) => {
    const context = withTrace(shared, mcpReq._meta);
    return withSource(await listResources(params?.cursor, resourceSet, context, mcpReq.signal), context);
  });
  server.setRequestHandler('resources/templates/list', () => withSource(listTemplates(resourceSet.resources), shared));
  server.setRequestHandler('resources/read', async ({ params: { uri } }, { mcpReq }) => {
    const context = withTrace(shared, mcpReq._meta);
    if (auditLog !== undefined && uri === auditResource.uri)
      return withSource(await readAudit(auditLog, context), context);
    const file = parseFileUri(uri);
    if (file !== undefined) return withSource(await readCsvFile(file, context), context);
    const result = await readResource(uri, resourceSet, context, mcpReq.signal);
    return isGuide(uri) ? withGuideCacheHint(result, mcpReq) : withSource(result, context);
  });
}
