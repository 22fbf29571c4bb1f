import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerEvent, ServerEventBus, SubscriptionFilter } from '@modelcontextprotocol/server';
import type { Hub, Source } from '../resources/subscriptions/hub.ts';
import { type ListenRequest, narrow, wantedOf } from './listening.ts';

/**
 * The bus that the SDK hangs its streams of `subscriptions/listen` on. An event of it names no key, so nothing is ever
 * published to all: each stream listens to the changes of the key that its request came with, which is known here by the
 * context that the request is served in.
 */
export class ListenBus implements ServerEventBus {
  readonly #hub: Hub;
  readonly #opening = new AsyncLocalStorage<{ source: Source; message: ListenRequest }>();

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /**
   * Serves a request whose stream, should the SDK open one, listens for that source.
   * @param source undefined for a caller without a key, to whom the SDK grants nothing.
   */
  serve<Result>(message: ListenRequest, source: Source | undefined, serve: (message: ListenRequest) => Result): Result {
    if (source === undefined) return serve(message);
    const narrowed = narrow(message, this.#hub, source);
    return this.#opening.run({ source, message: narrowed }, () => serve(narrowed));
  }

  publish(): void {}

  subscribe(tell: (event: ServerEvent) => void): () => void {
    const opening = this.#opening.getStore();
    if (opening === undefined) return () => {};
    const listening = this.#hub.listen(opening.source, {
      updated: (uri) => tell({ kind: 'resource_updated', uri }),
      listChanged: () => tell({ kind: 'resources_list_changed' }),
    });
    listening.want(wantedOf([opening.message.params.notifications as SubscriptionFilter]));
    return () => listening.close();
  }
}
