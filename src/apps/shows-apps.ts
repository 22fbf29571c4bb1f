import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { modernEnvelopeOf } from '../mcp/envelope.ts';
import { APP_MIME_TYPE } from './app-registry.ts';

/** The MCP Apps extension (SEP-1865). */
export const APPS_EXTENSION = 'io.modelcontextprotocol/ui';

/**
 * Whether a client may show views. A client that declared its capabilities without the extension cannot. A stateless HTTP
 * request of 2025 declares nothing, so the views stay: a client that does not know them ignores them.
 * @param declared the capabilities of a 2025 client on this connection.
 */
export function mayShowApps({ mcpReq }: ServerContext, declared: ClientCapabilities | undefined): boolean {
  const envelope = modernEnvelopeOf(mcpReq);
  const capabilities =
    envelope === undefined ? declared : ((envelope[CLIENT_CAPABILITIES_META_KEY] ?? {}) as ClientCapabilities);
  if (capabilities === undefined) return true;
  const { [APPS_EXTENSION]: extension } = (capabilities.extensions ?? {}) as Record<string, { mimeTypes?: unknown }>;
  if (extension === undefined) return false;
  // A client that names no types declares the extension alone.
  return !Array.isArray(extension.mimeTypes) || extension.mimeTypes.includes(APP_MIME_TYPE);
}
