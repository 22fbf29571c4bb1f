import type { SubscriptionFilter } from '@modelcontextprotocol/server';
import { isRecord } from '../lib/json.ts';
import type { PollSource } from '../resources/subscriptions/poll-source.ts';
import type { SubscriptionHub, SubscriptionRequest } from '../resources/subscriptions/subscription-hub.ts';

const LISTEN = 'subscriptions/listen';

/** A request of protocol version 2026-07-28 for a stream of change events, before the SDK validates it. */
export interface ListenRequest {
  id: unknown;
  method: typeof LISTEN;
  params: { notifications: { resourceSubscriptions?: unknown } };
}

/** Whether a message is a `subscriptions/listen` request with a filter. */
export function isListen(message: unknown): message is ListenRequest {
  if (!isRecord(message) || message.method !== LISTEN || message.id === undefined) return false;
  return isRecord(message.params) && isRecord(message.params.notifications);
}

/**
 * Limits a request to the resources that the hub admits, since the SDK acknowledges every resource of the request.
 * @param reserved the resources of requests without an acknowledgement.
 */
export function limitSubscriptions(
  message: ListenRequest,
  hub: SubscriptionHub,
  source: PollSource,
  reserved: Iterable<string> = [],
): ListenRequest {
  const uris = urisOf(message);
  if (uris === undefined) return message;
  const notifications = { ...message.params.notifications, resourceSubscriptions: hub.admit(source, uris, reserved) };
  return { ...message, params: { ...message.params, notifications } };
}

/** The resources that a request names. undefined for an invalid list, which the SDK rejects. */
export function urisOf(message: ListenRequest): string[] | undefined {
  const { resourceSubscriptions: uris } = message.params.notifications;
  return Array.isArray(uris) && uris.every((uri) => typeof uri === 'string') ? uris : undefined;
}

/** The subscription for a set of acknowledged filters. */
export function filterOf(filters: Iterable<SubscriptionFilter>): SubscriptionRequest {
  const uris = new Set<string>();
  let isListing = false;
  for (const { resourceSubscriptions = [], resourcesListChanged } of filters) {
    for (const uri of resourceSubscriptions) uris.add(uri);
    isListing ||= resourcesListChanged === true;
  }
  return { uris: [...uris], listing: isListing ? 'all' : 'no' };
}
