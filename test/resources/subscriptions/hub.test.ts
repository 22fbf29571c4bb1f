import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Changes } from '../../../src/changes.ts';
import { Hub, LISTING_TARGETS, type Listening, MOST_SUBSCRIBED } from '../../../src/resources/subscriptions/hub.ts';
import { tools } from '../../../src/tools/registry.ts';
import { pass, World } from './world.ts';

const MINUTE = 60_000;
const CAMPAIGN = 'heyreach://campaigns/7';
const [NEW_CAMPAIGNS, NEW_CONVERSATIONS] = LISTING_TARGETS;

let changes: Changes;
let hub: Hub;
const open: Listening[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  changes = new Changes();
  hub = new Hub(changes);
});
afterEach(() => {
  for (const listening of open.splice(0)) listening.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function listen(world: World, uris: string[], listing: 'no' | 'own' | 'all' = 'no') {
  const told: string[] = [];
  const listening = hub.listen(world, {
    updated: (uri) => told.push(uri),
    listChanged: () => told.push('the listing'),
  });
  open.push(listening);
  listening.want({ uris, listing });
  return { told, listening };
}

const pause = (campaignId: number, key = 'a') => changes.tell({ key, tool: 'pause_campaign', input: { campaignId } });

describe('who is told', () => {
  test('of a change by this server: those who listen to what it touched, at once, and not again', async () => {
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
    expect([campaign.told, index.told, other.told]).toEqual([[CAMPAIGN], ['heyreach://campaigns'], []]);
    await pass(5 * MINUTE);
    expect([campaign.told, index.told, other.told]).toEqual([[CAMPAIGN], ['heyreach://campaigns'], []]);
  });

  test('of a change from outside: everybody who listens to it, each by the spelling used', async () => {
    const world = new World();
    const one = listen(world, ['heyreach://Leads/Ada', 'heyreach://leads/ada']);
    const two = listen(world, ['heyreach://leads/ada']);
    await pass(5_000);
    world.change('heyreach://leads/ada');
    await pass(MINUTE);
    expect(one.told).toEqual(['heyreach://Leads/Ada', 'heyreach://leads/ada']);
    expect(two.told).toEqual(['heyreach://leads/ada']);
    expect(world.looked('heyreach://leads/ada')).toBeLessThanOrEqual(7);
  });

  test('never the listeners of another key', async () => {
    const worlds = [new World('a'), new World('b')] as const;
    const [one, two] = worlds.map((world) => listen(world, [CAMPAIGN], 'all'));
    await pass(5_000);
    pause(7, 'a');
    changes.tell({ key: 'a', tool: 'create_campaign', input: {} });
    await pass(MINUTE);
    worlds[0].change(CAMPAIGN);
    worlds[0].change(NEW_CAMPAIGNS);
    await pass(5 * MINUTE);
    expect(one!.told.sort()).toEqual([CAMPAIGN, CAMPAIGN, 'the listing', 'the listing']);
    expect(two!.told).toEqual([]);
    pause(7, 'c');
    expect(two!.told).toEqual([]);
  });

  test('nobody any more who has closed or wants something else', async () => {
    const world = new World();
    const gone = listen(world, [CAMPAIGN]);
    const elsewhere = listen(world, [CAMPAIGN]);
    gone.listening.close();
    elsewhere.listening.want({ uris: ['heyreach://lists'], listing: 'no' });
    await pass(5_000);
    pause(7);
    world.change(CAMPAIGN);
    await pass(2 * MINUTE);
    expect([gone.told, elsewhere.told]).toEqual([[], []]);
    expect(world.looked(CAMPAIGN)).toBe(0);
  });
});

describe('the listing', () => {
  test('is looked at only while somebody wants all its changes', async () => {
    const world = new World();
    const own = listen(world, [CAMPAIGN], 'own');
    await pass(2 * MINUTE);
    expect(world.looked(NEW_CAMPAIGNS) + world.looked(NEW_CONVERSATIONS)).toBe(0);
    const all = listen(world, [], 'all');
    await pass(MINUTE);
    world.change(NEW_CONVERSATIONS);
    await pass(2 * MINUTE);
    expect(all.told).toEqual(['the listing']);
    // Known anyway, so told too.
    expect(own.told).toEqual(['the listing']);
  });

  test('has changed when this server makes a campaign, which is told once', async () => {
    const world = new World();
    const [none, own, all] = (['no', 'own', 'all'] as const).map((listing) => listen(world, [], listing));
    await pass(5_000);
    world.change(NEW_CAMPAIGNS);
    changes.tell({ key: 'a', tool: 'create_campaign', input: { name: 'Q3' } });
    pause(7);
    await pass(5 * MINUTE);
    expect([none!.told, own!.told, all!.told]).toEqual([[], ['the listing'], ['the listing']]);
  });

  test('the tools that make campaigns are those whose names say so', () => {
    const names = tools.map(({ name }) => name).filter((name) => /^create_campaign/.test(name));
    expect(names).toEqual(['create_campaign', 'create_campaign_from_template']);
  });
});

describe('what is looked at', () => {
  test('is nothing where nobody listens, or only to what never changes', async () => {
    const world = new World();
    const { told } = listen(world, ['heyreach://guide/statuses', 'not a uri']);
    await pass(5 * MINUTE);
    expect(world.calls).toEqual([]);
    expect(told).toEqual([]);
  });

  test('costs no more for those who come and go', async () => {
    const world = new World();
    for (let round = 0; round < 20; round += 1) {
      const { listening } = listen(world, [CAMPAIGN]);
      await pass(1_000);
      listening.close();
    }
    expect(world.calls.length).toBeLessThanOrEqual(6);
  });

  test('is at most fifty resources of a key, whoever listens, counted once however they are spelled', () => {
    const world = new World();
    const uris = Array.from({ length: 60 }, (_, at) => `heyreach://campaigns/${at}`);
    listen(world, ['heyreach://Leads/Ada', 'heyreach://leads/ada']);
    expect(hub.admit(world, uris)).toEqual(uris.slice(0, MOST_SUBSCRIBED - 1));
    listen(world, uris.slice(0, MOST_SUBSCRIBED - 1));
    expect(
      hub.admit(world, [...uris.slice(40), 'heyreach://leads/ADA', 'heyreach://guide/x', 'nothing of ours']),
    ).toEqual([...uris.slice(40, MOST_SUBSCRIBED - 1), 'heyreach://leads/ADA', 'heyreach://guide/x']);
    expect(
      hub.admit(
        new World('c'),
        Array.from({ length: 200 }, () => 'heyreach://guide/x'),
      ),
    ).toHaveLength(50);
    expect(hub.admit(new World('b'), uris)).toHaveLength(MOST_SUBSCRIBED);
  });
});
