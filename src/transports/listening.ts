import type { SubscriptionFilter } from '@modelcontextprotocol/server';
import type { Hub, Source, Wanted } from '../resources/subscriptions/hub.ts';
import { isRecord } from '../tools/is-record.ts';

const LISTEN = 'subscriptions/listen';

/** A request of 2026-07-28 for a stream of changes, before the SDK takes it. */
export interface ListenRequest {
  id: unknown;
  method: typeof LISTEN;
  params: { notifications: { resourceSubscriptions?: unknown } };
}

export function isListen(message: unknown): message is ListenRequest {
  if (!isRecord(message) || message.method !== LISTEN || message.id === undefined) return false;
  return isRecord(message.params) && isRecord(message.params.notifications);
}

/**
 * The request for those resources alone that can be listened to: the SDK acknowledges all that it is asked for.
 * @param reserved those of requests that are yet to be acknowledged.
 */
export function narrow(
  message: ListenRequest,
  hub: Hub,
  source: Source,
  reserved: Iterable<string> = [],
): ListenRequest {
  const uris = urisOf(message);
  if (uris === undefined) return message;
  const notifications = { ...message.params.notifications, resourceSubscriptions: hub.admit(source, uris, reserved) };
  return { ...message, params: { ...message.params, notifications } };
}

/** The resources that a request names. What is no list of texts is the SDK's to refuse. */
export function urisOf(message: ListenRequest): string[] | undefined {
  const { resourceSubscriptions: uris } = message.params.notifications;
  return Array.isArray(uris) && uris.every((uri) => typeof uri === 'string') ? uris : undefined;
}

/** What a filter that was acknowledged asks for. */
export function wantedOf(filters: Iterable<SubscriptionFilter>): Wanted {
  const uris = new Set<string>();
  let isListing = false;
  for (const { resourceSubscriptions = [], resourcesListChanged } of filters) {
    for (const uri of resourceSubscriptions) uris.add(uri);
    isListing ||= resourcesListChanged === true;
  }
  return { uris: [...uris], listing: isListing ? 'all' : 'no' };
}
