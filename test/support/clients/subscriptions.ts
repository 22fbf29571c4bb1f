import type { Client as V2Client } from '@modelcontextprotocol/client';
import type { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import {
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';

/** The subscriptions of a client. */
export interface Subscribed {
  /** The accepted part. 2025 accepts or rejects the request as a whole. */
  honored: { resourceSubscriptions?: string[]; resourcesListChanged?: boolean };
  /** The reason for the end, if the protocol has one. */
  closed: Promise<string>;
  close(): Promise<void>;
}

/** Change events, received by the method of the client's era. */
export interface Subscribing {
  /** The notifications of the client, in order: URIs, and `listing` for a changed listing. */
  told: string[];
  resourceCapabilities(): { subscribe?: boolean; listChanged?: boolean } | undefined;
  /** @param listing also requests changes of the listing, which 2025 sends without a request. */
  subscribe(uris: string[], listing?: boolean): Promise<Subscribed>;
}

const NEVER = new Promise<never>(() => {});

export function subscribingV1(client: V1Client): Subscribing {
  const told: string[] = [];
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void told.push(params.uri));
  client.setNotificationHandler(ResourceListChangedNotificationSchema, () => void told.push('listing'));
  return {
    told,
    resourceCapabilities: () => client.getServerCapabilities()?.resources as never,
    subscribe: (uris) => subscribeEach(client, uris),
  };
}

export function subscribingV2(client: V2Client, isModern: boolean): Subscribing {
  const told: string[] = [];
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => void told.push(params.uri));
  client.setNotificationHandler('notifications/resources/list_changed', () => void told.push('listing'));
  return {
    told,
    resourceCapabilities: () => client.getServerCapabilities()?.resources as never,
    async subscribe(uris, listing = false) {
      if (!isModern) return subscribeEach(client, uris);
      const filter = { resourceSubscriptions: uris, ...(listing ? { resourcesListChanged: true } : {}) };
      const subscription = await client.listen(filter);
      return {
        honored: subscription.honoredFilter as Subscribed['honored'],
        closed: subscription.closed,
        close: () => subscription.close(),
      };
    },
  };
}

async function subscribeEach(client: V1Client | V2Client, uris: string[]): Promise<Subscribed> {
  for (const uri of uris) await client.subscribeResource({ uri });
  return {
    honored: { resourceSubscriptions: uris },
    closed: NEVER,
    async close() {
      for (const uri of uris) await client.unsubscribeResource({ uri });
    },
  };
}
