import type { ContentBlock, ServerContext } from '@modelcontextprotocol/server';
import { countNoun } from '../../lib/text-format.ts';
import { modernEnvelopeOf } from '../envelope.ts';
import type { KeptTable } from '../services/caller-files.ts';
import type { ToolResult } from '../tool.ts';

/** The first revision with `resource_link`. Clients of earlier ones reject a result with unknown content. */
const SINCE = '2025-06-18';

/** The content that names a kept table. Clients read it by its URI. */
export function toLink({ uri, rows, bytes }: KeptTable): ContentBlock {
  return {
    type: 'resource_link',
    uri,
    name: uri.slice(uri.lastIndexOf('/') + 1),
    description: `${countNoun(rows, 'row')}, kept for 24 hours`,
    mimeType: 'text/csv',
    size: bytes,
  };
}

/** Whether a content block is a `resource_link`. */
export function isLink({ type }: ContentBlock): boolean {
  return type === 'resource_link';
}

/**
 * Whether the client of a request knows resource links.
 * @param negotiated the revision of the connection. A stateless HTTP request names its own in a header.
 */
export function readsLinks({ mcpReq, http }: ServerContext, negotiated: string | undefined): boolean {
  if (modernEnvelopeOf(mcpReq) !== undefined) return true;
  const revision = http?.req === undefined ? negotiated : http.req.headers.get('mcp-protocol-version');
  return revision != null && revision >= SINCE;
}

/** A result for clients of revisions before 2025-06-18. */
export function withoutLinks(result: ToolResult): ToolResult {
  return { ...result, content: result.content.filter((block) => !isLink(block)) };
}
