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

/** The request for those resources alone that can be listened to: the SDK acknowledges all that it is asked for. */
export function narrow(message: ListenRequest, hub: Hub, source: Source): ListenRequest {
  const { resourceSubscriptions: uris } = message.params.notifications;
  // What is no list of texts is the SDK's to refuse.
  if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === 'string')) return message;
  const notifications = { ...message.params.notifications, resourceSubscriptions: hub.admit(source, uris) };
  return { ...message, params: { ...message.params, notifications } };
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
