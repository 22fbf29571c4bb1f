import {
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import { type CallOptions, type HeyReachClient, HeyReachError } from '../client/index.ts';
import { cleanText } from '../tools/clean.ts';
import type { Caller } from '../tools/context.ts';
import { WHOLE_INBOX } from '../tools/inbox/filters.ts';
import { auditResource } from './audit.ts';
import { describeCampaign, describeConversation } from './describe.ts';
import { type Reading, toProtocolError } from './read.ts';
import type { Resource } from './resource.ts';

/** So many campaigns and so many conversations stand on a page, each read with one call. */
const A_PAGE = 50;
const MAX_NAME = 120;

/** Where a page begins: rows of campaigns to skip, and HeyReach's cursor into the inbox; absent where there are no more. */
interface Position {
  campaigns?: number | undefined;
  inbox?: string | undefined;
}

const isTemplate = ({ uri }: Resource) => uri.includes('{');

/**
 * A page of what can be read: first the indexes and guides, and on every page the next newest campaigns and conversations.
 * Without a key only what needs none.
 * @throws ProtocolError -32602 for a cursor that is none of ours; -32603 where HeyReach cannot be read.
 */
export async function listResources(
  cursor: string | undefined,
  { resources, guides }: Reading,
  caller: Caller,
  signal: AbortSignal,
): Promise<ListResourcesResult> {
  const position = cursor === undefined ? undefined : unpack(cursor);
  const fixed =
    position !== undefined
      ? []
      : [
          ...resources
            .filter((one) => !isTemplate(one))
            .map(({ uri, ...one }) => describe(one, { uri, mimeType: JSON_TYPE })),
          ...guides.map(({ uri, ...one }) => describe(one, { uri, mimeType: 'text/markdown' })),
          ...(caller.safety.audit === undefined ? [] : [auditResource]),
        ];
  if (caller.client === undefined) return { resources: fixed };
  const call = { signal, deadline: Date.now() + caller.toolMs };
  try {
    const { found, next } = await readPage(caller.client, call, position ?? { campaigns: 0, inbox: FIRST });
    const more = next.campaigns !== undefined || next.inbox !== undefined;
    return { resources: [...fixed, ...found], ...(more ? { nextCursor: pack(next) } : {}) };
  } catch (error) {
    throw error instanceof HeyReachError ? toProtocolError('resources/list', error) : error;
  }
}

/** Every template, with the variables that completion knows. */
export function listTemplates(resources: readonly Resource[]): ListResourceTemplatesResult {
  return {
    resourceTemplates: resources
      .filter(isTemplate)
      .map(({ uri, ...one }) => describe(one, { uriTemplate: uri, mimeType: JSON_TYPE })),
  };
}

const JSON_TYPE = 'application/json';
const FIRST = '';

type Listed = ListResourcesResult['resources'][number];

function describe<Where extends object>(
  { name, title, description }: Omit<Resource, 'uri' | 'read' | 'output'>,
  where: Where,
) {
  return { ...where, name, title, description };
}

async function readPage(client: HeyReachClient, call: CallOptions, { campaigns, inbox }: Position) {
  const [ofCampaigns, ofInbox] = await Promise.all([
    campaigns === undefined ? undefined : client.campaigns.getAll({ offset: campaigns, limit: A_PAGE }, call),
    inbox === undefined
      ? undefined
      : client.inbox.getConversationsV3(
          { limit: A_PAGE, cursor: inbox === FIRST ? null : inbox, filters: WHOLE_INBOX },
          call,
        ),
  ]);
  const rows = ofCampaigns?.items ?? [];
  const after = (campaigns ?? 0) + rows.length;
  const found: Listed[] = [...rows.map(describeCampaign), ...(ofInbox?.items ?? []).map(describeConversation)].flatMap(
    (one) => (one === undefined ? [] : [{ ...one, name: cleanText(one.name).slice(0, MAX_NAME), mimeType: JSON_TYPE }]),
  );
  const next: Position = {
    campaigns: rows.length > 0 && after < (ofCampaigns?.totalCount ?? 0) ? after : undefined,
    inbox: ofInbox?.hasNextPage === true ? (ofInbox.nextCursor ?? undefined) : undefined,
  };
  return { found, next };
}

function pack(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function unpack(cursor: string): Position {
  try {
    const { campaigns, inbox } = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isOffset = campaigns === undefined || (Number.isSafeInteger(campaigns) && campaigns >= 0);
    if (isOffset && (inbox === undefined || typeof inbox === 'string')) return { campaigns, inbox };
  } catch {
    // Falls through to the refusal.
  }
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'cursor is not one that resources/list returned.');
}
