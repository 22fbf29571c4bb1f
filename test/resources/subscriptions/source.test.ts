import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { Changes } from '../../../src/changes.ts';
import { HeyReachConnection } from '../../../src/client/index.ts';
import { guides, resources } from '../../../src/resources/catalog.ts';
import { LISTING_TARGETS, type Source } from '../../../src/resources/subscriptions/hub.ts';
import { sourceOf } from '../../../src/resources/subscriptions/source.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import type { Caller } from '../../../src/tools/context.ts';
import { TEST_KEY } from '../../kit/keys.ts';
import { MALFORMED_RESOURCES, sampleResources, UNKNOWN_RESOURCES } from '../../kit/resource-samples.ts';
import { openSafety } from '../../kit/safety.ts';
import { DONE, intent, startTrail } from '../../kit/trails.ts';

const [NEW_CAMPAIGNS, NEW_CONVERSATIONS] = LISTING_TARGETS;
const known = { resources, guides, hasTool: () => true };
const log = { debug() {}, info() {}, warn() {}, error() {} };

let sandbox: Sandbox;
let connection: HeyReachConnection;
let source: Source;

const callerOf = (client: Caller['client']): Caller => ({
  client,
  organization: undefined,
  source: 'live',
  log,
  safety: openSafety(),
  changes: new Changes(),
  toolMs: 10_000,
});

beforeAll(async () => {
  sandbox = await startSandbox({ clock: 'manual', rateLimit: false });
  connection = new HeyReachConnection({ origin: sandbox.url });
  source = sourceOf(callerOf(connection.clientFor(TEST_KEY)), known)!;
});
afterEach(() => {
  sandbox.faults.clear();
  vi.useRealTimers();
});
afterAll(async () => {
  await connection.close();
  await sandbox.close();
});

/** Looks at a target, with a budget of so many calls. */
async function look(target: string, slots = 6): Promise<{ state: string; calls: number }> {
  let calls = 0;
  const begin = () => {
    if (calls >= slots) return false;
    calls += 1;
    return true;
  };
  const state = await source.look(target, { begin, end() {} }, new AbortController().signal);
  return { state, calls };
}
const stateOf = async (target: string) => (await look(target)).state;

/** The last request for a path fails from now on. */
const fail = (path: string, status: number) => sandbox.faults.add({ match: { path }, kind: 'status', status });

describe('what can be listened to', () => {
  test('is every resource, in one spelling', () => {
    for (const uri of Object.values(sampleResources(sandbox.workspace))) {
      expect(source.spell(uri)).toBe(uri);
      expect(source.canChange(uri)).toBe(true);
    }
    expect(source.spell('heyreach://conversations/1/2-abc/d+e=')).toBe('heyreach://conversations/1/2-abc%2Fd%2Be%3D');
    expect(source.spell('heyreach://leads/Ada-Example')).toBe('heyreach://leads/ada-example');
    expect(source.spell('heyreach://campaigns/%37')).toBe('heyreach://campaigns/7');
  });

  test.each([...MALFORMED_RESOURCES, 'heyreach://nothing', 'https://example.com', 'heyreach://audit/recent', ''])(
    'is not %j',
    (uri) => {
      expect(source.spell(uri)).toBeUndefined();
    },
  );

  test('is a guide too, which never changes', () => {
    const [guide] = guides;
    expect(source.spell(guide!.uri)).toBe(guide!.uri);
    expect(source.canChange(guide!.uri)).toBe(false);
  });

  test('is nothing without a key', () => {
    expect(sourceOf(callerOf(undefined), known)).toBeUndefined();
  });
});

describe('a look', () => {
  const templates = resources.map(({ uri }) => uri);
  const uriOf = (template: string) => sampleResources(sandbox.workspace)[template]!;

  test.each(templates)(
    'at %s sees the same for as long as nothing changes, for less than a minute of calls',
    async (template) => {
      const first = await look(uriOf(template));
      expect(first.calls).toBeGreaterThan(0);
      expect(first.calls).toBeLessThanOrEqual(4);
      // Later in the day, that is: a day's end moves what tells of the last days.
      const noon = Date.UTC(2026, 2, 14, 12);
      vi.useFakeTimers({ toFake: ['Date'], now: noon });
      const before = await stateOf(uriOf(template));
      vi.setSystemTime(noon + 3_600_000);
      expect(await stateOf(uriOf(template))).toBe(before);
    },
  );

  test('sees a campaign change, and everything that tells of it', async () => {
    const [campaignId] = sandbox.workspace.fixtures.campaigns.IN_PROGRESS;
    const uris = [
      `heyreach://campaigns/${campaignId}`,
      'heyreach://campaigns',
      `heyreach://campaigns/${campaignId}/stats`,
    ];
    const before = await Promise.all(uris.map(stateOf));
    const listing = await stateOf(NEW_CAMPAIGNS);
    sandbox.workspace.campaigns.get(campaignId!)!.status = 'PAUSED';
    const after = await Promise.all(uris.map(stateOf));
    for (const [at, state] of after.entries()) expect(state).not.toBe(before[at]);
    expect(await stateOf(NEW_CAMPAIGNS)).toBe(listing);
  });

  test.each(Object.values(UNKNOWN_RESOURCES))('at %s sees that there is nothing, which is a state', async (uri) => {
    expect(await stateOf(uri)).toBe(await stateOf('heyreach://campaigns/888888888'));
  });

  test('sees a campaign that was added, by the listing', async () => {
    const before = await stateOf(NEW_CAMPAIGNS);
    const [campaign] = sandbox.workspace.campaigns.values();
    const id = Math.max(...sandbox.workspace.campaigns.keys()) + 1;
    sandbox.workspace.campaigns.set(id, { ...campaign!, id });
    expect(await stateOf(NEW_CAMPAIGNS)).not.toBe(before);
    sandbox.workspace.campaigns.delete(id);
    expect(await stateOf(NEW_CAMPAIGNS)).toBe(before);
  });

  test('sees a conversation that was added, and not one that moves up', async () => {
    const before = await stateOf(NEW_CONVERSATIONS);
    const conversations = [...sandbox.workspace.conversations.values()];
    const last = ({ messages }: (typeof conversations)[number]) => messages.at(-1)!;
    const oldest = conversations.sort((a, b) => last(a).createdAt - last(b).createdAt)[0]!;
    const { createdAt } = last(oldest);
    last(oldest).createdAt = sandbox.now();
    expect(await stateOf(NEW_CONVERSATIONS)).toBe(before);
    last(oldest).createdAt = createdAt;
    sandbox.workspace.conversations.set('2-new', { ...oldest, id: '2-new' });
    expect(await stateOf(NEW_CONVERSATIONS)).not.toBe(before);
    sandbox.workspace.conversations.delete('2-new');
  });

  test('fails as a whole where a part of what is shown cannot be read for the moment', async () => {
    const person = uriOf('heyreach://leads/{slug}');
    const before = await stateOf(person);
    fail('/lead/GetTags', 500);
    await expect(look(person)).rejects.toMatchObject({ kind: 'server_error' });
    sandbox.faults.clear();
    expect(await stateOf(person)).toBe(before);
  });

  test('takes a part that is refused for good as it is', async () => {
    const person = uriOf('heyreach://leads/{slug}');
    fail('/lead/GetTags', 400);
    const before = await stateOf(person);
    fail('/lead/GetTags', 400);
    expect(await stateOf(person)).toBe(before);
  });

  test('is one attempt a call, which is not made where there is none left', async () => {
    const before = sandbox.requests.length;
    fail('/campaign/GetById', 503);
    await expect(look('heyreach://campaigns/7')).rejects.toMatchObject({ status: 503 });
    expect(sandbox.requests.length - before).toBe(1);
    await expect(look(uriOf('heyreach://leads/{slug}'), 2)).rejects.toMatchObject({ kind: 'queue_full' });
    expect(sandbox.requests.length - before).toBe(3);
  });
});

test('the trail is looked at where one is kept, and costs HeyReach nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'heyreach-mcp-watched-'));
  const { trail } = startTrail(join(folder, 'audit.jsonl'));
  const client = connection.clientFor(TEST_KEY);
  const caller = callerOf(client);
  const kept = sourceOf({ ...caller, safety: { ...caller.safety, audit: trail } }, known)!;
  const uri = 'heyreach://audit/recent';
  expect(kept.spell(uri)).toBe(uri);
  const lookAtTrail = () => kept.look(uri, { begin: () => false, end() {} }, new AbortController().signal);
  const before = await lookAtTrail();
  const end = await trail.begin(intent({ key: client.fingerprint }));
  const begun = await lookAtTrail();
  await end(DONE);
  expect(new Set([before, begun, await lookAtTrail()]).size).toBe(3);
  await rm(folder, { recursive: true });
});

describe('after a failure', () => {
  test.each([
    [401, 300_000],
    [403, 300_000],
    [500, 0],
  ])('%i nothing is looked at for %i ms', async (status, pauseMs) => {
    fail('/campaign/GetAll', status);
    const error = await stateOf('heyreach://campaigns').catch((error: unknown) => error);
    expect(source.pauseAfter(error)).toBe(pauseMs);
  });

  test('429 for as long as the key is held', async () => {
    const other = sourceOf(callerOf(connection.clientFor('of-this-test-alone')), known)!;
    sandbox.faults.add({
      match: { path: '/campaign/GetAll' },
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '7' },
    });
    const error = await other
      .look('heyreach://campaigns', { begin: () => true, end() {} }, new AbortController().signal)
      .catch((error: unknown) => error);
    // In whole seconds, upwards.
    expect([7_000, 8_000]).toContain(other.pauseAfter(error));
  });

  test('of HeyReach as a whole, for a minute', async () => {
    const other = new HeyReachConnection({ origin: sandbox.url });
    const down = sourceOf(callerOf(other.clientFor('of-this-test-alone')), known)!;
    sandbox.faults.add({ match: { path: '/campaign/GetAll' }, times: 50, kind: 'status', status: 503 });
    const fails = () =>
      down
        .look('heyreach://campaigns', { begin: () => true, end() {} }, new AbortController().signal)
        .catch((error: unknown) => error);
    for (let made = 0; made < 5; made += 1) expect(down.pauseAfter(await fails())).toBe(0);
    expect(down.pauseAfter(await fails())).toBe(60_000);
    await other.close();
  });

  test('of ours, not at all', () => {
    expect(source.pauseAfter(new Error('a defect'))).toBe(0);
  });
});
