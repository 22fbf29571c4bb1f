import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  PROTOCOL_VERSION_META_KEY,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { APP_MIME_TYPE } from './app-registry.ts';

/** The MCP Apps extension (SEP-1865). */
export const APPS_EXTENSION = 'io.modelcontextprotocol/ui';

/**
 * Whether a client may show views. A client that declared its capabilities without the extension cannot. A stateless HTTP
 * request of 2025 declares nothing, so the views stay: a client that does not know them ignores them.
 * @param declared the capabilities of a 2025 client on this connection.
 */
export function mayShowApps({ mcpReq }: ServerContext, declared: ClientCapabilities | undefined): boolean {
  // Only requests of 2026-07-28 have an envelope. It holds the capabilities of the client.
  const envelope = mcpReq.envelope as Record<string, unknown> | undefined;
  const isModern = envelope?.[PROTOCOL_VERSION_META_KEY] !== undefined;
  const capabilities = isModern ? ((envelope[CLIENT_CAPABILITIES_META_KEY] ?? {}) as ClientCapabilities) : declared;
  if (capabilities === undefined) return true;
  const { [APPS_EXTENSION]: extension } = (capabilities.extensions ?? {}) as Record<string, { mimeTypes?: unknown }>;
  if (extension === undefined) return false;
  // A client that names no types declares the extension alone.
  return !Array.isArray(extension.mimeTypes) || extension.mimeTypes.includes(APP_MIME_TYPE);
}
