import { PROTOCOL_VERSION_META_KEY, type ServerContext } from '@modelcontextprotocol/server';

/** The envelope of a request of 2026-07-28, which holds the capabilities of its client. undefined for earlier revisions. */
export function modernEnvelopeOf({
  envelope,
}: Pick<ServerContext['mcpReq'], 'envelope'>): Readonly<Record<string, unknown>> | undefined {
  return envelope !== undefined && PROTOCOL_VERSION_META_KEY in envelope ? envelope : undefined;
}
