import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ChangeEvents } from '../../../../src/mcp/services/change-events.ts';
import { toSharedChange } from '../../../../src/resources/subscriptions/affected-resources.ts';
import { type Subscription, SubscriptionHub } from '../../../../src/resources/subscriptions/subscription-hub.ts';
import type { ChangeSubscriber, SharedChanges } from '../../../../src/state/changes.ts';
import type { PollTurns } from '../../../../src/state/poll-turns.ts';
import { pass, World } from './workspace-model.ts';

const MINUTE = 60_000;
const CAMPAIGN = 'heyreach://campaigns/7';

/** A bus and leases that replicas share. */
class Shared {
  readonly #subscribers = new Map<object, ChangeSubscriber[]>();
  readonly #turns = new Map<string, { replica: object; until: number }>();

  changesOf(replica: object): SharedChanges {
    return {
      publish: (_key, describe) => {
        for (const [other, subscribers] of this.#subscribers)
          if (other !== replica) for (const subscriber of subscribers) subscriber.changed(describe());
      },
      subscribe: (_key, subscriber) => {
        this.#subscribers.set(replica, [...(this.#subscribers.get(replica) ?? []), subscriber]);
        return () => this.#subscribers.delete(replica);
      },
    };
  }

  turnsOf(replica: object): PollTurns {
    return {
      take: async (key, target, ms) => {
        const holder = this.#turns.get(key + target);
        if (holder !== undefined && holder.replica !== replica && holder.until > Date.now()) return false;
        this.#turns.set(key + target, { replica, until: Date.now() + ms });
        return true;
      },
    };
  }

  /** Reports to a replica that it may have missed changes. */
  miss(replica: object): void {
    for (const subscriber of this.#subscribers.get(replica) ?? []) subscriber.missed();
  }
}

let shared: Shared;
const open: Subscription[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  shared = new Shared();
});
afterEach(() => {
  for (const subscription of open.splice(0)) subscription.close();
  vi.useRealTimers();
});

function startReplica(world: World) {
  const changes = new ChangeEvents({ state: shared.changesOf(world), describe: toSharedChange });
  const hub = new SubscriptionHub(changes, shared.turnsOf(world));
  const notified: string[] = [];
  const listener = { updated: (uri: string) => notified.push(uri), listChanged: () => notified.push('the listing') };
  const subscription = hub.listen(world, listener);
  open.push(subscription);
  subscription.update({ uris: [CAMPAIGN], listing: 'own' });
  return { changes, notified, subscription };
}

test('one of two replicas polls, and both send the notifications', async () => {
  const [here, there] = [new World(), new World()];
  const first = startReplica(here);
  await pass(1_000);
  const second = startReplica(there);
  await pass(3 * MINUTE);
  expect(here.looked(CAMPAIGN)).toBeGreaterThan(10);
  expect(there.looked(CAMPAIGN)).toBe(0);
  here.change(CAMPAIGN);
  there.change(CAMPAIGN);
  await pass(20_000);
  expect([first.notified, second.notified]).toEqual([[CAMPAIGN], [CAMPAIGN]]);
});

test('a replica takes over the polls of another that stopped, and notifies once of changes it may have missed', async () => {
  const [here, there] = [new World(), new World()];
  const first = startReplica(here);
  await pass(1_000);
  const second = startReplica(there);
  await pass(MINUTE);
  first.subscription.close();
  there.change(CAMPAIGN);
  await pass(3 * MINUTE);
  expect(there.looked(CAMPAIGN)).toBeGreaterThan(5);
  expect(second.notified).toEqual([CAMPAIGN]);
});

test('replicas notify of a change by one of them, for its resources only', async () => {
  const [first, second] = [startReplica(new World()), startReplica(new World())];
  await pass(1_000);
  first.changes.emit({ key: 'a', tool: 'pause_campaign', input: { campaignId: 8 } });
  expect(second.notified).toEqual([]);
  first.changes.emit({ key: 'a', tool: 'pause_campaign', input: { campaignId: 7 } });
  expect([first.notified, second.notified]).toEqual([[CAMPAIGN], [CAMPAIGN]]);
  first.changes.emit({ key: 'a', tool: 'create_campaign', input: {} });
  expect(second.notified).toEqual([CAMPAIGN, 'the listing']);
});

test('a replica that missed messages notifies of every resource once', async () => {
  const world = new World();
  const { notified } = startReplica(world);
  await pass(1_000);
  shared.miss(world);
  expect(notified).toEqual(['the listing', CAMPAIGN]);
});
