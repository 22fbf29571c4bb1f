import {
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import type { CallOptions } from '../../client/index.ts';
import { sanitizeText } from '../../lib/sanitize-text.ts';
import { logOperation } from '../../mcp/logging/log-operation.ts';
import type { RequestContext } from '../../mcp/request-context.ts';
import { auditResource } from '../audit.ts';
import { campaignResource } from '../campaigns.ts';
import { conversationResource } from '../conversations.ts';
import type { Resource } from '../shared/types.ts';
import { toCampaignEntry, toConversationEntry } from './list-entries.ts';
import { decodeCursor, encodeCursor, FIRST_PAGE, type ListPosition, readListPage } from './list-page.ts';
import type { ResourceSet } from './read-resource.ts';

const isTemplate = ({ uri }: Resource) => uri.includes('{');

/**
 * Serves a page of `resources/list`. The first page starts with the indexes and the guides. Every page has the next newest
 * campaigns and conversations. Without an API key there are only the indexes and guides. A listing that HeyReach does not
 * return is named in `_meta`, because many clients show no resources at all after an error.
 * @throws ProtocolError -32602 for an invalid cursor.
 */
export function listResources(
  cursor: string | undefined,
  resourceSet: ResourceSet,
  context: RequestContext,
  signal: AbortSignal,
): Promise<ListResourcesResult> {
  const line = { message: 'resources were listed' };
  return logOperation(context.log, line, (observe) => list(cursor, resourceSet, context, { signal, observe }));
}

async function list(
  cursor: string | undefined,
  { resources, guides }: ResourceSet,
  context: RequestContext,
  options: CallOptions,
): Promise<ListResourcesResult> {
  const { client } = context;
  const start = cursor === undefined ? FIRST_PAGE : decodeCursor(cursor, client?.fingerprint);
  if (start === undefined) throw invalidCursor('was not issued by resources/list to this key');
  const position = skipHidden(start, resources);
  const fixed =
    cursor !== undefined
      ? []
      : [
          ...resources
            .filter((resource) => !isTemplate(resource))
            .map((resource) => describe(resource, { uri: resource.uri })),
          ...guides.map((guide) => describe({ ...guide, mimeType: 'text/markdown' }, { uri: guide.uri })),
          ...(context.safety.audit === undefined ? [] : [auditResource]),
        ];
  if (client === undefined) return { resources: fixed };
  // Some clients fetch all pages in a row. Further pages wait behind tool calls.
  const call = { ...options, deadline: Date.now() + context.toolMs, background: cursor !== undefined };
  const { campaigns, conversations, next, unlisted, notReadable } = await readListPage(client, call, position);
  const entries = [...campaigns.map(toCampaignEntry), ...conversations.map(toConversationEntry)];
  const meta = {
    ...(unlisted === undefined ? {} : { 'heyreach-mcp/unlisted': unlisted }),
    ...(Object.keys(notReadable).length === 0 ? {} : { 'heyreach-mcp/notReadable': cleanTexts(notReadable) }),
  };
  return {
    resources: [...fixed, ...entries.filter((entry) => entry !== undefined)],
    ...(next === undefined ? {} : { nextCursor: encodeCursor(next, client.fingerprint) }),
    ...(Object.keys(meta).length === 0 ? {} : { _meta: meta }),
  };
}

function cleanTexts(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, sanitizeText(text)]));
}

/** Skips the reads of campaigns or conversations that are hidden. */
function skipHidden(position: ListPosition, resources: readonly Resource[]): ListPosition {
  return {
    ...position,
    campaigns: resources.includes(campaignResource) ? position.campaigns : null,
    inbox: resources.includes(conversationResource) ? position.inbox : null,
  };
}

function invalidCursor(reason: string): ProtocolError {
  return new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `The cursor ${reason}. Call resources/list without a cursor to start again.`,
  );
}

/** Serves `resources/templates/list`. */
export function listTemplates(resources: readonly Resource[]): ListResourceTemplatesResult {
  return {
    resourceTemplates: resources
      .filter(isTemplate)
      .map((resource) => describe(resource, { uriTemplate: resource.uri })),
  };
}

type Describable = Pick<Resource, 'name' | 'title' | 'description' | 'mimeType'>;

function describe<Location extends object>({ name, title, description, mimeType }: Describable, location: Location) {
  return { ...location, name, title, description, mimeType: mimeType ?? 'application/json' };
}
