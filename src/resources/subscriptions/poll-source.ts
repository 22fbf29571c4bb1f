import { ResourceNotFoundError } from '@modelcontextprotocol/server';
import { isRejection, readInboxPage } from '../../client/inbox-pages.ts';
import { type CallOptions, type HeyReachClient, HeyReachError } from '../../client/index.ts';
import { digest } from '../../lib/json.ts';
import { slugKey } from '../../lib/linkedin-url.ts';
import type { RequestContext } from '../../mcp/request-context.ts';
import { auditResource, readAudit } from '../audit.ts';
import { type ResourceSet, readResource } from '../protocol/read-resource.ts';
import { fillTemplate, MalformedUriError, matchTemplate, splitUri } from '../shared/uri-template.ts';

/** Stand for `resources/list`. They are polled like resources, and reported as a changed list. */
export const LISTING_TARGETS = ['listing campaigns', 'listing conversations'] as const;

/** Counts the calls of a poll against the budget. */
export interface CallCounter {
  /** @returns false where the budget has no call left: the call must not be made. */
  begin(): boolean;
  /** A call that was begun has ended. */
  end(): void;
}

/** The resources of one key, and how they are polled. */
export interface PollSource {
  /** Fingerprint of the key. */
  readonly key: string;
  /** The canonical form of a resource URI. Undefined for any other URI. */
  normalize(uri: string): string | undefined;
  /** False for a resource that never changes. */
  canChange(uri: string): boolean;
  /** A digest of the state of a target. Rejects where the state cannot be read. */
  poll(target: string, calls: CallCounter, signal: AbortSignal): Promise<string>;
  /** Polls of targets of the same kind make the same number of calls. */
  kindOf(target: string): string;
  /** The milliseconds without polls after a failure. */
  pauseAfter(error: unknown): number;
}

const LISTING_ROWS = 50;
/** A rejected key stays rejected until its owner replaces it. */
const KEY_PAUSE_MS = 300_000;
const OUTAGE_PAUSE_MS = 60_000;

/**
 * The resources that a caller can subscribe to.
 * @returns undefined for a caller without a key.
 */
export function createPollSource(context: RequestContext, resourceSet: ResourceSet): PollSource | undefined {
  const { client, log } = context;
  const { audit: auditLog } = context.safety;
  if (client === undefined) return undefined;
  return {
    key: client.fingerprint,
    normalize: (uri) =>
      uri === auditResource.uri && auditLog !== undefined ? uri : normalizeUri(uri, resourceSet)?.uri,
    canChange: (uri) => resourceSet.guides.every((guide) => guide.uri !== uri),
    kindOf: (target) => normalizeUri(target, resourceSet)?.template ?? target,
    async poll(target, calls, signal) {
      const counted = countCalls(client, calls);
      const call = { signal, deadline: Date.now() + context.toolMs };
      const read = () => {
        if (target === LISTING_TARGETS[0]) return campaignListState(counted.client, call);
        if (target === LISTING_TARGETS[1]) return conversationListState(counted.client, call);
        if (target === auditResource.uri && auditLog !== undefined) return readAudit(auditLog, context);
        return resourceState(target, resourceSet, { ...context, client: counted.client }, signal);
      };
      const state = await read().catch((error: unknown) => {
        throw counted.failure ?? error;
      });
      // A resource whose parts are unreadable for a moment has not changed.
      if (counted.failure !== undefined) throw counted.failure;
      return digest(state);
    },
    pauseAfter(error) {
      const { kind, retryAfterSeconds = 0 } = error instanceof HeyReachError ? error : { kind: undefined };
      // A 403 concerns one listing or resource, and the others are still polled.
      const pause = kind === 'unauthorized' ? KEY_PAUSE_MS : kind === 'outage' ? OUTAGE_PAUSE_MS : 0;
      const ms = Math.max(pause, retryAfterSeconds * 1_000);
      const fields = { keyFingerprint: client.fingerprint, kind, pauseMs: ms };
      if (ms > 0) log.warn(fields, 'polling of subscribed resources is paused');
      else if (kind !== 'cancelled') log.debug(fields, 'polling a subscribed resource failed');
      return ms;
    },
  };
}

/** The canonical form of a URI and its template. Values are encoded in one way, and slugs are comparison keys. */
function normalizeUri(uri: string, { resources, guides }: ResourceSet): { uri: string; template: string } | undefined {
  if (guides.some((guide) => guide.uri === uri)) return { uri, template: uri };
  try {
    const segments = splitUri(uri) ?? [];
    for (const { uri: template } of resources) {
      const values = matchTemplate(template, segments);
      if (values === undefined) continue;
      const { slug } = values;
      const normalized = slug === undefined ? values : { ...values, slug: slugKey(slug) };
      return { uri: fillTemplate(template, normalized), template };
    }
  } catch (error) {
    if (!(error instanceof MalformedUriError)) throw error;
  }
  return undefined;
}

/** The JSON of a resource. `not found` is a state too. */
async function resourceState(
  uri: string,
  resourceSet: ResourceSet,
  context: RequestContext,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    const { contents } = await readResource(uri, resourceSet, context, signal);
    return contents.filter(({ mimeType }) => mimeType === 'application/json');
  } catch (error) {
    if (error instanceof ResourceNotFoundError) return 'not found';
    throw error;
  }
}

/** The number of campaigns and the newest id. The order of the campaigns is not part of the state. */
async function campaignListState(client: HeyReachClient, call: CallOptions): Promise<unknown> {
  const { totalCount, items } = await client.campaigns.getAll({ offset: 0, limit: LISTING_ROWS }, call);
  return [totalCount, Math.max(0, ...(items ?? []).map(({ id }) => id ?? 0))];
}

/** The number of conversations. Their order changes with every message, so it is not part of the state. */
async function conversationListState(client: HeyReachClient, call: CallOptions): Promise<unknown> {
  const { totalCount, items } = await readInboxPage(client, { start: null, limit: LISTING_ROWS }, call);
  return totalCount ?? items.map(({ id }) => id ?? '').sort();
}

/**
 * Wraps a client so that its calls use the budget, wait behind tool calls, and are not retried: a failed poll is repeated in its
 * next turn. `failure` is the first error that says nothing about the resource itself: a rejected part of it stays rejected.
 */
function countCalls(client: HeyReachClient, calls: CallCounter): { client: HeyReachClient; failure?: HeyReachError } {
  const counted: { client: HeyReachClient; failure?: HeyReachError } = { client };
  const count =
    (operation: Operation): Operation =>
    async (request, options) => {
      if (!calls.begin()) {
        counted.failure ??= BUDGET_USED_UP;
        throw BUDGET_USED_UP;
      }
      try {
        return await operation(request, { ...options, background: true, singleAttempt: true });
      } catch (error) {
        if (error instanceof HeyReachError && !isRejection(error)) counted.failure ??= error;
        throw error;
      } finally {
        calls.end();
      }
    };
  const areas = Object.entries(client).map(([name, area]) => [
    name,
    typeof area !== 'object'
      ? area
      : Object.fromEntries(Object.entries(area).map(([name, operation]) => [name, count(operation as Operation)])),
  ]);
  counted.client = Object.fromEntries(areas) as HeyReachClient;
  return counted;
}

type Operation = (request: object, options?: CallOptions) => Promise<unknown>;

const BUDGET_USED_UP = new HeyReachError({
  kind: 'queue_full',
  outcome: 'not_sent',
  message: 'The polling budget of this minute is used up.',
  meaning: 'Polling for changes is limited to six calls a minute.',
  nextStep: 'None.',
});
