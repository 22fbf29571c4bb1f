import {
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import { type CallOptions, HeyReachError } from '../client/index.ts';
import type { Caller } from '../tools/context.ts';
import { auditResource } from './audit.ts';
import { oneCampaign } from './campaigns.ts';
import { oneConversation } from './conversations.ts';
import { describeCampaign, describeConversation } from './describe.ts';
import { FIRST_PAGE, type Position, packPosition, readPage, unpackPosition } from './list-pages.ts';
import { logged } from './logged.ts';
import { type Reading, toProtocolError } from './read.ts';
import type { Resource } from './resource.ts';

const isTemplate = ({ uri }: Resource) => uri.includes('{');

/**
 * A page of what can be read: first the indexes and guides, and on every page the next newest campaigns and conversations.
 * Without a key only what needs none.
 * @throws ProtocolError -32602 for a cursor that is none of ours; -32603 where HeyReach cannot be read.
 */
export function listResources(
  cursor: string | undefined,
  reading: Reading,
  caller: Caller,
  signal: AbortSignal,
): Promise<ListResourcesResult> {
  const line = { message: 'resources were listed' };
  return logged(caller.log, line, (observe) => list(cursor, reading, caller, { signal, observe }));
}

async function list(
  cursor: string | undefined,
  { resources, guides }: Reading,
  caller: Caller,
  options: CallOptions,
): Promise<ListResourcesResult> {
  const { client } = caller;
  const given = cursor === undefined ? FIRST_PAGE : unpackPosition(cursor, client?.fingerprint);
  if (given === undefined) throw refusedCursor('is not one that resources/list returned to this key');
  const position = withoutHidden(given, resources);
  const fixed =
    cursor !== undefined
      ? []
      : [
          ...resources.filter((one) => !isTemplate(one)).map((one) => describe(one, { uri: one.uri })),
          ...guides.map((one) => describe({ ...one, mimeType: 'text/markdown' }, { uri: one.uri })),
          ...(caller.safety.audit === undefined ? [] : [auditResource]),
        ];
  if (client === undefined) return { resources: fixed };
  // Some clients go through all pages at once: whoever waits for an answer goes first.
  const call = { ...options, deadline: Date.now() + caller.toolMs, background: cursor !== undefined };
  try {
    const { campaigns, conversations, next, unlisted } = await readPage(client, call, position);
    const found = [...campaigns.map(describeCampaign), ...conversations.map(describeConversation)];
    return {
      resources: [...fixed, ...found.filter((one) => one !== undefined)],
      ...(next === undefined ? {} : { nextCursor: packPosition(next, client.fingerprint) }),
      ...(unlisted === undefined ? {} : { _meta: { 'heyreach-mcp/unlisted': unlisted } }),
    };
  } catch (error) {
    if (!(error instanceof HeyReachError)) throw error;
    if (error.status === 400 && position.inbox)
      throw refusedCursor(`is no longer taken. HeyReach said: ${error.message}`);
    throw toProtocolError('resources/list', error, caller);
  }
}

/** What cannot be read is not listed, and not asked for. */
function withoutHidden(position: Position, resources: readonly Resource[]): Position {
  return {
    ...position,
    campaigns: resources.includes(oneCampaign) ? position.campaigns : null,
    inbox: resources.includes(oneConversation) ? position.inbox : null,
  };
}

function refusedCursor(why: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, `The cursor ${why}; list again without it.`);
}

/** Every template, with the variables that completion knows. */
export function listTemplates(resources: readonly Resource[]): ListResourceTemplatesResult {
  return {
    resourceTemplates: resources.filter(isTemplate).map((one) => describe(one, { uriTemplate: one.uri })),
  };
}

type Described = Pick<Resource, 'name' | 'title' | 'description' | 'mimeType'>;

function describe<Where extends object>({ name, title, description, mimeType }: Described, where: Where) {
  return { ...where, name, title, description, mimeType: mimeType ?? 'application/json' };
}
