import { randomUUID } from 'node:crypto';
import type { ChangeSubscriber, SharedChange, SharedChanges } from '../changes.ts';
import { parseMessage, type RedisConnection } from './connection.ts';

/** The connection with the subscriptions is back within this time of the connection that runs commands. */
const RESUBSCRIBED_MS = 1_000;

interface Message extends SharedChange {
  /** The replica that made the change. It hears its own messages too. */
  origin: string;
}

/** Changes as messages of Redis: a channel for each key, to which a replica listens while it has a subscriber. */
export function changesInRedis(connection: RedisConnection): SharedChanges {
  const origin = randomUUID();
  const channelOf = (key: string) => `hr:{${key}}:changes`;
  const followed = new Map<string, { subscribers: Set<ChangeSubscriber>; stopped: Promise<() => Promise<void>> }>();
  let wasConnected = false;

  const receive = (key: string, text: string) => {
    const message = parseMessage<Message>(text);
    if (message === undefined || message.origin === origin) return;
    for (const subscriber of [...(followed.get(key)?.subscribers ?? [])]) subscriber.changed(message);
  };
  const reportMissed = () => {
    for (const { subscribers } of [...followed.values()])
      for (const subscriber of [...subscribers]) subscriber.missed();
  };
  connection.onConnect(async () => {
    // Messages of the time without a connection are lost.
    if (wasConnected) setTimeout(reportMissed, RESUBSCRIBED_MS).unref();
    wasConnected = true;
  });

  return {
    publish(key, describe) {
      const message: Message = { origin, ...describe() };
      connection.publish(channelOf(key), JSON.stringify(message)).catch(() => {
        // Replicas that also lost Redis report a missed change when they reconnect. The others find it by polling.
      });
    },
    subscribe(key, subscriber) {
      let entry = followed.get(key);
      if (entry === undefined) {
        const stopped = connection.subscribe(channelOf(key), (text) => receive(key, text));
        entry = { subscribers: new Set(), stopped };
        followed.set(key, entry);
      }
      const { subscribers, stopped } = entry;
      subscribers.add(subscriber);
      return () => {
        if (!subscribers.delete(subscriber) || subscribers.size > 0) return;
        followed.delete(key);
        void stopped.then((stop) => stop());
      };
    },
  };
}
