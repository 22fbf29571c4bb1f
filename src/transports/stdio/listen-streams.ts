import { SUBSCRIPTION_ID_META_KEY, type SubscriptionFilter } from '@modelcontextprotocol/server';
import { isRecord } from '../../lib/json.ts';
import type { PollSource } from '../../resources/subscriptions/poll-source.ts';
import type { Listener, Subscription, SubscriptionHub } from '../../resources/subscriptions/subscription-hub.ts';
import { filterOf, isListen, limitSubscriptions, urisOf } from '../listen-request.ts';

const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

/**
 * The `subscriptions/listen` streams of a stdio connection. The SDK opens and ends the streams and routes notifications to
 * them. This class learns from the messages which streams are open, and subscribes to the resources of all of them.
 */
export class ListenStreams {
  readonly #hub: SubscriptionHub;
  readonly #source: PollSource;
  #listener: Listener | undefined;
  /** The requests without an acknowledgement, with the resources that the hub admitted for them. */
  readonly #pending = new Map<unknown, readonly string[]>();
  readonly #open = new Map<unknown, SubscriptionFilter>();
  #subscription: Subscription | undefined;

  constructor(hub: SubscriptionHub, source: PollSource) {
    this.#hub = hub;
    this.#source = source;
  }

  /** Sets the receiver of change events: the server that the SDK has created for the connection. */
  notifyThrough(listener: Listener): void {
    this.#listener = listener;
  }

  /** @returns the message for the SDK, limited to the resources that the hub admits. */
  receive<Message>(message: Message): Message {
    if (isListen(message)) {
      const limited = limitSubscriptions(message, this.#hub, this.#source, [...this.#pending.values()].flat());
      this.#pending.set(message.id, urisOf(limited) ?? []);
      return limited as Message;
    }
    if (isRecord(message) && message.method === 'notifications/cancelled' && isRecord(message.params)) {
      this.#end(message.params.requestId);
    }
    return message;
  }

  /** Learns from an outgoing message which streams are open. */
  sent(message: unknown): void {
    if (!isRecord(message)) return;
    // A response instead of an acknowledgement is an error.
    if (message.method === undefined) this.#pending.delete(message.id);
    if (message.method !== ACKNOWLEDGED || !isRecord(message.params) || !isRecord(message.params._meta)) return;
    const id = message.params._meta[SUBSCRIPTION_ID_META_KEY];
    // A stream that was cancelled before its acknowledgement would stay subscribed.
    if (!this.#pending.delete(id)) return;
    this.#open.set(id, message.params.notifications as SubscriptionFilter);
    this.#subscription ??= this.#hub.listen(this.#source, {
      updated: (uri) => this.#listener?.updated(uri),
      listChanged: () => this.#listener?.listChanged(),
    });
    this.#subscription.update(filterOf(this.#open.values()));
  }

  close(): void {
    this.#pending.clear();
    this.#open.clear();
    this.#subscription?.close();
    this.#subscription = undefined;
  }

  #end(id: unknown): void {
    this.#pending.delete(id);
    if (!this.#open.delete(id)) return;
    if (this.#open.size > 0) {
      this.#subscription?.update(filterOf(this.#open.values()));
      return;
    }
    this.#subscription?.close();
    this.#subscription = undefined;
  }
}
