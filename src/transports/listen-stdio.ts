import { SUBSCRIPTION_ID_META_KEY, type SubscriptionFilter } from '@modelcontextprotocol/server';
import type { Hub, Listener, Listening, Source } from '../resources/subscriptions/hub.ts';
import { isRecord } from '../tools/is-record.ts';
import { isListen, narrow, urisOf, wantedOf } from './listening.ts';

const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

/**
 * The streams of `subscriptions/listen` on a stdio connection. The SDK opens and ends them, and lays what the server tells onto
 * those that asked for it; this sees from the messages which are open, and listens for all of them together.
 */
export class ListenStreams {
  readonly #hub: Hub;
  readonly #source: Source;
  #listener: Listener | undefined;
  /** Requests that are yet to be acknowledged, with the resources that they were admitted to: what is sent is noted late. */
  readonly #pending = new Map<unknown, readonly string[]>();
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
    if (isListen(message)) {
      const narrowed = narrow(message, this.#hub, this.#source, [...this.#pending.values()].flat());
      this.#pending.set(message.id, urisOf(narrowed) ?? []);
      return narrowed as Message;
    }
    if (isRecord(message) && message.method === 'notifications/cancelled' && isRecord(message.params)) {
      this.#end(message.params.requestId);
    }
    return message;
  }

  /** Takes note of a message that was sent. */
  sent(message: unknown): void {
    if (!isRecord(message)) return;
    // A request that is answered was refused.
    if (message.method === undefined) this.#pending.delete(message.id);
    if (message.method !== ACKNOWLEDGED || !isRecord(message.params) || !isRecord(message.params._meta)) return;
    const id = message.params._meta[SUBSCRIPTION_ID_META_KEY];
    // One that was cancelled meanwhile would never be ended.
    if (!this.#pending.delete(id)) return;
    this.#open.set(id, message.params.notifications as SubscriptionFilter);
    this.#listening ??= this.#hub.listen(this.#source, {
      updated: (uri) => this.#listener?.updated(uri),
      listChanged: () => this.#listener?.listChanged(),
    });
    this.#listening.want(wantedOf(this.#open.values()));
  }

  close(): void {
    this.#pending.clear();
    this.#open.clear();
    this.#listening?.close();
    this.#listening = undefined;
  }

  #end(id: unknown): void {
    this.#pending.delete(id);
    if (!this.#open.delete(id)) return;
    if (this.#open.size > 0) {
      this.#listening?.want(wantedOf(this.#open.values()));
      return;
    }
    this.#listening?.close();
    this.#listening = undefined;
  }
}
