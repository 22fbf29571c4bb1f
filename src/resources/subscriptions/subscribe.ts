import { ProtocolError, ProtocolErrorCode, ResourceNotFoundError, type Server } from '@modelcontextprotocol/server';
import { cleanText } from '../../tools/clean.ts';
import { type Hub, type Listener, MOST_SUBSCRIBED, type Source } from './hub.ts';

/** Tells the client of a connection what has changed. A client that has gone is told nothing. */
export function tellThrough(server: Server): Listener {
  const ignore = () => {};
  return {
    updated: (uri) => void server.sendResourceUpdated({ uri }).catch(ignore),
    listChanged: () => void server.sendResourceListChanged().catch(ignore),
  };
}

/**
 * Serves `resources/subscribe` of the 2025 revisions, on a connection that lasts. The listing is looked at while something is
 * subscribed; what this server itself adds to it is always told.
 */
export function serveSubscriptions(server: Server, hub: Hub, source: Source): void {
  const uris = new Set<string>();
  const listening = hub.listen(source, tellThrough(server));
  const listen = () => listening.want({ uris: [...uris], listing: uris.size > 0 ? 'all' : 'own' });
  listen();
  server.onclose = () => listening.close();
  server.setRequestHandler('resources/subscribe', ({ params: { uri } }) => {
    const named = JSON.stringify(cleanText(uri).slice(0, 300));
    if (source.spell(uri) === undefined) throw new ResourceNotFoundError(uri, `No resource has the URI ${named}.`);
    if (!uris.has(uri) && (uris.size >= MOST_SUBSCRIBED || hub.admit(source, [uri]).length === 0)) {
      throw new ProtocolError(
        ProtocolErrorCode.InvalidRequest,
        `${named} was not subscribed to: ${MOST_SUBSCRIBED} resources are already, and no more are watched at a time. Unsubscribe one first.`,
      );
    }
    uris.add(uri);
    listen();
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }) => {
    uris.delete(uri);
    listen();
    return {};
  });
}
