import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError, type Server } from '@modelcontextprotocol/server';
import { quoteInput } from '../../lib/outside-text.ts';
import type { PollSource } from './poll-source.ts';
import { type Listener, MAX_SUBSCRIBED, type SubscriptionHub } from './subscription-hub.ts';

/** Notifies the client of a connection. A notification to a closed connection is dropped. */
export function notifyThrough(server: Server): Listener {
  const ignore = () => {};
  return {
    updated: (uri) => void server.sendResourceUpdated({ uri }).catch(ignore),
    listChanged: () => void server.sendResourceListChanged().catch(ignore),
  };
}

/**
 * Serves `resources/subscribe` and `resources/unsubscribe` of the 2025 revisions, on a connection that stays open.
 * `resources/list` is polled while the client has a subscription. Additions by this server are always notified.
 */
export function registerSubscriptions(server: Server, hub: SubscriptionHub, source: PollSource): void {
  const uris = new Set<string>();
  const subscription = hub.listen(source, notifyThrough(server));
  const update = () => subscription.update({ uris: [...uris], listing: uris.size > 0 ? 'all' : 'own' });
  update();
  server.onclose = () => subscription.close();
  server.setRequestHandler('resources/subscribe', ({ params: { uri } }) => {
    const quoted = quoteInput(uri, 300);
    if (source.normalize(uri) === undefined) throw new ResourceNotFoundError(uri, `No resource has the URI ${quoted}.`);
    if (!uris.has(uri) && (uris.size >= MAX_SUBSCRIBED || hub.admit(source, [uri]).length === 0)) {
      throw new ProtocolError(
        ProtocolErrorCode.InvalidRequest,
        `${quoted} was not subscribed: the limit of ${MAX_SUBSCRIBED} resources is reached. Unsubscribe from one first.`,
      );
    }
    uris.add(uri);
    update();
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    uris.delete(uri);
    update();
    return {};
  });
}
