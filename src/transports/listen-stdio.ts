import { SUBSCRIPTION_ID_META_KEY, type SubscriptionFilter } from '@modelcontextprotocol/server';
import type { Hub, Listener, Listening, Source } from '../resources/subscriptions/hub.ts';
import { isRecord } from '../tools/is-record.ts';
import { isListen, narrow, wantedOf } from './listening.ts';

const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

/**
 * The streams of `subscriptions/listen` on a stdio connection. The SDK opens and ends them, and lays what the server tells onto
 * those that asked for it; this sees from the messages which are open, and listens for all of them together.
 */
export class ListenStreams {
  readonly #hub: Hub;
  readonly #source: Source;
  #listener: Listener | undefined;
  readonly #open = new Map<unknown, SubscriptionFilter>();
  #listening: Listening | undefined;

  constructor(hub: Hub, source: Source) {
    this.#hub = hub;
    this.#source = source;
  }

  /** Tells by this server from now on: the one that the SDK has settled on. */
  tellBy(listener: Listener): void {
    this.#listener = listener;
  }

  /** @returns the message as the SDK is to see it. */
  receive<Message>(message: Message): Message {
    if (isListen(message)) return narrow(message, this.#hub, this.#source) as Message;
    if (isRecord(message) && message.method === 'notifications/cancelled' && isRecord(message.params)) {
      this.#end(message.params.requestId);
    }
    return message;
  }

  /** Takes note of a message that was sent. */
  sent(message: unknown): void {
    if (!isRecord(message) || message.method !== ACKNOWLEDGED) return;
    if (!isRecord(message.params) || !isRecord(message.params._meta)) return;
    this.#open.set(message.params._meta[SUBSCRIPTION_ID_META_KEY], message.params.notifications as SubscriptionFilter);
    this.#listening ??= this.#hub.listen(this.#source, {
      updated: (uri) => this.#listener?.updated(uri),
      listChanged: () => this.#listener?.listChanged(),
    });
    this.#listening.want(wantedOf(this.#open.values()));
  }

  close(): void {
    this.#open.clear();
    this.#listening?.close();
    this.#listening = undefined;
  }

  #end(id: unknown): void {
    if (!this.#open.delete(id)) return;
    if (this.#open.size === 0) this.close();
    else this.#listening?.want(wantedOf(this.#open.values()));
  }
}
