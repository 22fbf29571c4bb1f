import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChangeEvents } from '../../../../src/mcp/services/change-events.ts';
import { LISTING_TARGETS } from '../../../../src/resources/subscriptions/poll-source.ts';
import {
  MAX_SUBSCRIBED,
  type Subscription,
  SubscriptionHub,
} from '../../../../src/resources/subscriptions/subscription-hub.ts';
import { tools } from '../../../../src/tools/registry.ts';
import { pass, World } from './workspace-model.ts';

const MINUTE = 60_000;
const CAMPAIGN = 'heyreach://campaigns/7';
const [NEW_CAMPAIGNS, NEW_CONVERSATIONS] = LISTING_TARGETS;

let changes: ChangeEvents;
let hub: SubscriptionHub;
const open: Subscription[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  changes = new ChangeEvents();
  hub = new SubscriptionHub(changes);
});
afterEach(() => {
  for (const listening of open.splice(0)) listening.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function listen(world: World, uris: string[], listing: 'no' | 'own' | 'all' = 'no') {
  const notified: string[] = [];
  const listening = hub.listen(world, {
    updated: (uri) => notified.push(uri),
    listChanged: () => notified.push('the listing'),
  });
  open.push(listening);
  listening.update({ uris, listing });
  return { notified, listening };
}

const pause = (campaignId: number, key = 'a') => changes.emit({ key, tool: 'pause_campaign', input: { campaignId } });

describe('notifications', () => {
  test('a change by this server notifies the listeners of the affected resources at once, and only once', async () => {
    const world = new World();
    const [campaign, index, other] = [
      listen(world, [CAMPAIGN]),
      listen(world, ['heyreach://campaigns']),
      listen(world, ['heyreach://campaigns/8', 'heyreach://lists']),
    ];
    await pass(5_000);
    world.change(CAMPAIGN);
    world.change('heyreach://campaigns');
    pause(7);
    expect([campaign.notified, index.notified, other.notified]).toEqual([[CAMPAIGN], ['heyreach://campaigns'], []]);
    await pass(5 * MINUTE);
    expect([campaign.notified, index.notified, other.notified]).toEqual([[CAMPAIGN], ['heyreach://campaigns'], []]);
  });

  test('an outside change notifies every listener, with its own spelling of the URI', async () => {
    const world = new World();
    const first = listen(world, ['heyreach://Leads/Ada', 'heyreach://leads/ada']);
    const second = listen(world, ['heyreach://leads/ada']);
    await pass(5_000);
    world.change('heyreach://leads/ada');
    await pass(MINUTE);
    expect(first.notified).toEqual(['heyreach://Leads/Ada', 'heyreach://leads/ada']);
    expect(second.notified).toEqual(['heyreach://leads/ada']);
    expect(world.looked('heyreach://leads/ada')).toBeLessThanOrEqual(7);
  });

  test('do not reach listeners of another key', async () => {
    const worlds = [new World('a'), new World('b')] as const;
    const [first, second] = worlds.map((world) => listen(world, [CAMPAIGN], 'all'));
    await pass(5_000);
    pause(7, 'a');
    changes.emit({ key: 'a', tool: 'create_campaign', input: {} });
    await pass(MINUTE);
    worlds[0].change(CAMPAIGN);
    worlds[0].change(NEW_CAMPAIGNS);
    await pass(5 * MINUTE);
    expect(first!.notified.sort()).toEqual([CAMPAIGN, CAMPAIGN, 'the listing', 'the listing']);
    expect(second!.notified).toEqual([]);
    pause(7, 'c');
    expect(second!.notified).toEqual([]);
  });

  test('do not reach a closed or changed subscription', async () => {
    const world = new World();
    const gone = listen(world, [CAMPAIGN]);
    const elsewhere = listen(world, [CAMPAIGN]);
    gone.listening.close();
    elsewhere.listening.update({ uris: ['heyreach://lists'], listing: 'no' });
    await pass(5_000);
    pause(7);
    world.change(CAMPAIGN);
    await pass(2 * MINUTE);
    expect([gone.notified, elsewhere.notified]).toEqual([[], []]);
    expect(world.looked(CAMPAIGN)).toBe(0);
  });
});

describe('the listing', () => {
  test('is polled only while a listener subscribes to all its changes', async () => {
    const world = new World();
    const own = listen(world, [CAMPAIGN], 'own');
    await pass(2 * MINUTE);
    expect(world.looked(NEW_CAMPAIGNS) + world.looked(NEW_CONVERSATIONS)).toBe(0);
    const all = listen(world, [], 'all');
    await pass(MINUTE);
    world.change(NEW_CONVERSATIONS);
    await pass(2 * MINUTE);
    expect(all.notified).toEqual(['the listing']);
    // The change is already known, so this listener is notified too.
    expect(own.notified).toEqual(['the listing']);
  });

  test('is reported as changed once when this server creates a campaign', async () => {
    const world = new World();
    const [none, own, all] = (['no', 'own', 'all'] as const).map((listing) => listen(world, [], listing));
    await pass(5_000);
    world.change(NEW_CAMPAIGNS);
    changes.emit({ key: 'a', tool: 'create_campaign', input: { name: 'Q3' } });
    pause(7);
    await pass(5 * MINUTE);
    expect([none!.notified, own!.notified, all!.notified]).toEqual([[], ['the listing'], ['the listing']]);
  });

  test('the tools that create campaigns start with create_campaign', () => {
    const names = tools.map(({ name }) => name).filter((name) => /^create_campaign/.test(name));
    expect(names).toEqual(['create_campaign', 'create_campaign_from_template']);
  });
});

describe('polling', () => {
  test('does not happen without listeners, or for resources that never change', async () => {
    const world = new World();
    const { notified } = listen(world, ['heyreach://guide/statuses', 'not a uri']);
    await pass(5 * MINUTE);
    expect(world.calls).toEqual([]);
    expect(notified).toEqual([]);
  });

  test('stays within the budget when listeners come and go', async () => {
    const world = new World();
    for (let round = 0; round < 20; round += 1) {
      const { listening } = listen(world, [CAMPAIGN]);
      await pass(1_000);
      listening.close();
    }
    expect(world.calls.length).toBeLessThanOrEqual(6);
  });

  test('covers at most 50 resources per key, counting spellings of one resource once', () => {
    const world = new World();
    const uris = Array.from({ length: 60 }, (_, at) => `heyreach://campaigns/${at}`);
    listen(world, ['heyreach://Leads/Ada', 'heyreach://leads/ada']);
    expect(hub.admit(world, uris)).toEqual(uris.slice(0, MAX_SUBSCRIBED - 1));
    listen(world, uris.slice(0, MAX_SUBSCRIBED - 1));
    expect(
      hub.admit(world, [...uris.slice(40), 'heyreach://leads/ADA', 'heyreach://guide/x', 'nothing of ours']),
    ).toEqual([...uris.slice(40, MAX_SUBSCRIBED - 1), 'heyreach://leads/ADA', 'heyreach://guide/x']);
    expect(
      hub.admit(
        new World('c'),
        Array.from({ length: 200 }, () => 'heyreach://guide/x'),
      ),
    ).toHaveLength(50);
    expect(hub.admit(new World('b'), uris)).toHaveLength(MAX_SUBSCRIBED);
  });
});
