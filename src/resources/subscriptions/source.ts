import { ResourceNotFoundError } from '@modelcontextprotocol/server';
import { type CallOptions, type HeyReachClient, HeyReachError } from '../../client/index.ts';
import { digest } from '../../safety/hash.ts';
import type { Caller } from '../../tools/context.ts';
import { WHOLE_INBOX } from '../../tools/inbox/filters.ts';
import { auditResource, readAudit } from '../audit.ts';
import { type Reading, readResource } from '../read.ts';
import { fillTemplate, MalformedUri, matchTemplate, splitUri } from '../uri.ts';
import { LISTING_TARGETS, type Source } from './hub.ts';
import type { Calls } from './poller.ts';

const NEWEST = 50;
/** Whoever mends a key does it by hand. */
const KEY_PAUSE_MS = 300_000;
const OUTAGE_PAUSE_MS = 60_000;

/**
 * What can be listened to with a caller's key, and how it is looked at.
 * @returns undefined for a caller without a key, who can listen to nothing.
 */
export function sourceOf(caller: Caller, known: Reading): Source | undefined {
  const { client, safety, log } = caller;
  if (client === undefined) return undefined;
  const { audit } = safety;
  const templateOf = (uri: string) => spelling(uri, known)?.template ?? uri;
  return {
    key: client.fingerprint,
    spell: (uri) => (uri === auditResource.uri && audit !== undefined ? uri : spelling(uri, known)?.uri),
    canChange: (uri) => known.guides.every((guide) => guide.uri !== uri),
    kindOf: templateOf,
    async look(target, calls, signal) {
      const counted = countCalls(client, calls);
      const call = { signal, deadline: Date.now() + caller.toolMs };
      const read = () => {
        if (target === LISTING_TARGETS[0]) return newestCampaigns(counted.client, call);
        if (target === LISTING_TARGETS[1]) return allConversations(counted.client, call);
        if (target === auditResource.uri && audit !== undefined) return readAudit(audit, caller);
        return stateOf(target, known, { ...caller, client: counted.client }, signal);
      };
      const state = await read().catch((error: unknown) => {
        throw counted.failure ?? error;
      });
      // A resource may be readable in part: what it lacks for a moment is no change.
      if (counted.failure !== undefined) throw counted.failure;
      return digest(state);
    },
    pauseAfter(error) {
      const { kind, retryAfterSeconds = 0 } = error instanceof HeyReachError ? error : { kind: undefined };
      const pause =
        kind === 'unauthorized' || kind === 'forbidden' ? KEY_PAUSE_MS : kind === 'outage' ? OUTAGE_PAUSE_MS : 0;
      const ms = Math.max(pause, retryAfterSeconds * 1_000);
      const fields = { keyFingerprint: client.fingerprint, kind, pauseMs: ms };
      if (ms > 0) log.warn(fields, 'changes of what is subscribed are not looked for during a pause');
      else if (kind !== 'cancelled') log.debug(fields, 'a look at a subscribed resource failed');
      return ms;
    },
  };
}

/** The one spelling of a URI, with the template it is of: values encoded as ours are, slugs in small letters. */
function spelling(uri: string, { resources, guides }: Reading): { uri: string; template: string } | undefined {
  if (guides.some((guide) => guide.uri === uri)) return { uri, template: uri };
  try {
    const segments = splitUri(uri) ?? [];
    for (const { uri: template } of resources) {
      const values = matchTemplate(template, segments);
      if (values === undefined) continue;
      const { slug } = values;
      const own = slug === undefined ? values : { ...values, slug: slug.toLowerCase() };
      return { uri: fillTemplate(template, own), template };
    }
  } catch (error) {
    if (!(error instanceof MalformedUri)) throw error;
  }
  return undefined;
}

/** The JSON of a resource. That there is nothing is a state too, which can begin and end. */
async function stateOf(uri: string, known: Reading, caller: Caller, signal: AbortSignal): Promise<unknown> {
  try {
    const { contents } = await readResource(uri, known, caller, signal);
    return contents.filter(({ mimeType }) => mimeType === 'application/json');
  } catch (error) {
    if (error instanceof ResourceNotFoundError) return 'not found';
    throw error;
  }
}

/** How many campaigns there are, and the newest of them; campaigns that only move up and down are no change. */
async function newestCampaigns(client: HeyReachClient, call: CallOptions): Promise<unknown> {
  const { totalCount, items } = await client.campaigns.getAll({ offset: 0, limit: NEWEST }, call);
  return [totalCount, Math.max(0, ...(items ?? []).map(({ id }) => id ?? 0))];
}

/** How many conversations there are: the newest is only the one that was written in last. */
async function allConversations(client: HeyReachClient, call: CallOptions): Promise<unknown> {
  const request = { limit: NEWEST, cursor: null, filters: WHOLE_INBOX };
  const { totalCount, items } = await client.inbox.getConversationsV3(request, call);
  return totalCount ?? (items ?? []).map(({ id }) => id ?? '').sort();
}

/**
 * A client whose calls each take from the budget, wait behind those of people, and are attempted once: a look that fails
 * comes again in its turn. `failure` is the first that says nothing of the resource itself.
 */
function countCalls(client: HeyReachClient, calls: Calls): { client: HeyReachClient; failure?: HeyReachError } {
  const counted: { client: HeyReachClient; failure?: HeyReachError } = { client };
  const count =
    (operation: Operation): Operation =>
    async (request, options) => {
      if (!calls.begin()) {
        counted.failure ??= NONE_LEFT;
        throw NONE_LEFT;
      }
      try {
        return await operation(request, { ...options, background: true, singleAttempt: true });
      } catch (error) {
        if (error instanceof HeyReachError && error.status !== 404 && error.status !== 400) counted.failure ??= error;
        throw error;
      } finally {
        calls.end();
      }
    };
  const areas = Object.entries(client).map(([name, area]) => [
    name,
    typeof area !== 'object'
      ? area
      : Object.fromEntries(Object.entries(area).map(([each, operation]) => [each, count(operation as Operation)])),
  ]);
  counted.client = Object.fromEntries(areas) as HeyReachClient;
  return counted;
}

type Operation = (request: object, options?: CallOptions) => Promise<unknown>;

const NONE_LEFT = new HeyReachError({
  kind: 'queue_full',
  outcome: 'not_sent',
  message: 'no more calls are made this minute to look for changes',
  meaning: 'Looking for changes has a small budget of its own.',
  nextStep: 'None.',
});
