import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { HeyReachConnection } from '../../../../src/client/index.ts';
import type { RequestContext } from '../../../../src/mcp/request-context.ts';
import { ChangeEvents } from '../../../../src/mcp/services/change-events.ts';
import { guides, resources } from '../../../../src/resources/index.ts';
import {
  createPollSource,
  LISTING_TARGETS,
  type PollSource,
} from '../../../../src/resources/subscriptions/poll-source.ts';
import { type Sandbox, startSandbox } from '../../../../src/sandbox/index.ts';
import { TEST_KEY } from '../../../support/runs/keys.ts';
import { DONE, intent, startAuditLog } from '../../../support/tools/audit-files.ts';
import { files } from '../../../support/tools/caller-files.ts';
import { hiddenJobs } from '../../../support/tools/jobs.ts';
import { MALFORMED_RESOURCES, sampleResources, UNKNOWN_RESOURCES } from '../../../support/tools/resource-samples.ts';
import { openSafety } from '../../../support/tools/safety.ts';

const [NEW_CAMPAIGNS, NEW_CONVERSATIONS] = LISTING_TARGETS;
const known = { resources, guides, hasTool: () => true };
const log = { debug() {}, info() {}, warn() {}, error() {} };

let sandbox: Sandbox;
let connection: HeyReachConnection;
let source: PollSource;

const callerOf = (client: RequestContext['client']): RequestContext => ({
  client,
  organization: undefined,
  source: 'live',
  log,
  safety: openSafety(),
  jobs: hiddenJobs,
  files,
  changes: new ChangeEvents(),
  toolMs: 10_000,
});

beforeAll(async () => {
  sandbox = await startSandbox({ clock: 'manual', rateLimit: false });
  connection = new HeyReachConnection({ origin: sandbox.url });
  source = createPollSource(callerOf(connection.clientFor(TEST_KEY)), known)!;
});
afterEach(() => {
  sandbox.faults.clear();
  vi.useRealTimers();
});
afterAll(async () => {
  await connection.close();
  await sandbox.close();
});

/** Polls a target with a budget of `slots` calls. */
async function pollWith(target: string, slots = 6): Promise<{ state: string; calls: number }> {
  let calls = 0;
  const begin = () => {
    if (calls >= slots) return false;
    calls += 1;
    return true;
  };
  const state = await source.poll(target, { begin, end() {} }, new AbortController().signal);
  return { state, calls };
}
const stateOf = async (target: string) => (await pollWith(target)).state;

/** Makes the next request for a path fail. */
const fail = (path: string, status: number) => sandbox.faults.add({ match: { path }, kind: 'status', status });

describe('a subscribable resource', () => {
  test('is any resource, with one canonical URI', () => {
    for (const uri of Object.values(sampleResources(sandbox.workspace))) {
      expect(source.normalize(uri)).toBe(uri);
      expect(source.canChange(uri)).toBe(true);
    }
    expect(source.normalize('heyreach://conversations/1/2-abc/d+e=')).toBe(
      'heyreach://conversations/1/2-abc%2Fd%2Be%3D',
    );
    expect(source.normalize('heyreach://leads/Ada-Example')).toBe('heyreach://leads/ada-example');
    expect(source.normalize('heyreach://campaigns/%37')).toBe('heyreach://campaigns/7');
  });

  test.each([...MALFORMED_RESOURCES, 'heyreach://nothing', 'https://example.com', 'heyreach://audit/recent', ''])(
    'cannot be %j',
    (uri) => {
      expect(source.normalize(uri)).toBeUndefined();
    },
  );

  test('may be a guide, which never changes', () => {
    const [guide] = guides;
    expect(source.normalize(guide!.uri)).toBe(guide!.uri);
    expect(source.canChange(guide!.uri)).toBe(false);
  });

  test('needs a key', () => {
    expect(createPollSource(callerOf(undefined), known)).toBeUndefined();
  });
});

describe('a poll', () => {
  const templates = resources.map(({ uri }) => uri);
  const uriOf = (template: string) => sampleResources(sandbox.workspace)[template]!;

  test.each(templates)(
    'of %s returns the same state while nothing changes, within the budget of a minute',
    async (template) => {
      const first = await pollWith(uriOf(template));
      expect(first.calls).toBeGreaterThan(0);
      expect(first.calls).toBeLessThanOrEqual(4);
      // On the same day: a new day shifts the period of statistics.
      const noon = Date.UTC(2026, 2, 14, 12);
      vi.useFakeTimers({ toFake: ['Date'], now: noon });
      const before = await stateOf(uriOf(template));
      vi.setSystemTime(noon + 3_600_000);
      expect(await stateOf(uriOf(template))).toBe(before);
    },
  );

  test('sees a changed campaign, and every resource that shows it', async () => {
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

  test.each(Object.values(UNKNOWN_RESOURCES))(
    'of the missing %s returns the state of a missing resource',
    async (uri) => {
      expect(await stateOf(uri)).toBe(await stateOf('heyreach://campaigns/888888888'));
    },
  );

  test('a poll of the list sees an added campaign', async () => {
    const before = await stateOf(NEW_CAMPAIGNS);
    const [campaign] = sandbox.workspace.campaigns.values();
    const id = Math.max(...sandbox.workspace.campaigns.keys()) + 1;
    sandbox.workspace.campaigns.set(id, { ...campaign!, id });
    expect(await stateOf(NEW_CAMPAIGNS)).not.toBe(before);
    sandbox.workspace.campaigns.delete(id);
    expect(await stateOf(NEW_CAMPAIGNS)).toBe(before);
  });

  test('a poll of the list sees an added conversation, and ignores a conversation that moves up', async () => {
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

  test('fails if a part of the resource is unreadable for the moment', async () => {
    const person = uriOf('heyreach://leads/{slug}');
    const before = await stateOf(person);
    fail('/lead/GetTags', 500);
    await expect(pollWith(person)).rejects.toMatchObject({ kind: 'server_error' });
    sandbox.faults.clear();
    expect(await stateOf(person)).toBe(before);
  });

  test('accepts a part that HeyReach rejects permanently', async () => {
    const person = uriOf('heyreach://leads/{slug}');
    fail('/lead/GetTags', 400);
    const before = await stateOf(person);
    fail('/lead/GetTags', 400);
    expect(await stateOf(person)).toBe(before);
  });

  test.each([400, 403, 404, 405])('reads the inbox by offset if GetConversationsV3 answers %i', async (status) => {
    for (const target of ['heyreach://conversations', NEW_CONVERSATIONS]) {
      const before = await stateOf(target);
      fail('/inbox/GetConversationsV3', status);
      const { state, calls } = await pollWith(target);
      expect(state, target).toBe(before);
      expect(calls).toBe(2);
      sandbox.faults.clear();
    }
  });

  test('a poll of every resource works without GetConversationsV3', async () => {
    const without = await startSandbox({ clock: 'manual', rateLimit: false, quirks: { hasInboxV3: false } });
    const other = new HeyReachConnection({ origin: without.url });
    const reduced = createPollSource(callerOf(other.clientFor(TEST_KEY)), known)!;
    const poll = (target: string) =>
      reduced.poll(target, { begin: () => true, end() {} }, new AbortController().signal);
    for (const target of [...Object.values(sampleResources(without.workspace)), ...LISTING_TARGETS]) {
      expect(await poll(target), target).toBe(await poll(target));
    }
    const before = await poll(NEW_CONVERSATIONS);
    const [conversation] = without.workspace.conversations.values();
    without.workspace.conversations.set('2-new', { ...conversation!, id: '2-new' });
    expect(await poll(NEW_CONVERSATIONS)).not.toBe(before);
    await other.close();
    await without.close();
  });

  test('does not retry, and makes no call above the budget', async () => {
    const before = sandbox.requests.length;
    fail('/campaign/GetById', 503);
    await expect(pollWith('heyreach://campaigns/7')).rejects.toMatchObject({ status: 503 });
    expect(sandbox.requests.length - before).toBe(1);
    await expect(pollWith(uriOf('heyreach://leads/{slug}'), 2)).rejects.toMatchObject({ kind: 'queue_full' });
    expect(sandbox.requests.length - before).toBe(3);
  });
});

test('polls the audit log if it is configured, without a request to HeyReach', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'heyreach-mcp-watched-'));
  const { auditLog } = startAuditLog(join(folder, 'audit.jsonl'));
  const client = connection.clientFor(TEST_KEY);
  const caller = callerOf(client);
  const withAuditLog = createPollSource({ ...caller, safety: { ...caller.safety, audit: auditLog } }, known)!;
  const uri = 'heyreach://audit/recent';
  expect(withAuditLog.normalize(uri)).toBe(uri);
  const pollAuditLog = () => withAuditLog.poll(uri, { begin: () => false, end() {} }, new AbortController().signal);
  const before = await pollAuditLog();
  const end = await auditLog.begin(intent({ key: client.fingerprint }));
  const begun = await pollAuditLog();
  await end(DONE);
  expect(new Set([before, begun, await pollAuditLog()]).size).toBe(3);
  await rm(folder, { recursive: true });
});

describe('after a failure', () => {
  test.each([
    [401, 300_000],
    [403, 0],
    [500, 0],
  ])('%i polling pauses for %i ms', async (status, pauseMs) => {
    fail('/campaign/GetAll', status);
    const error = await stateOf('heyreach://campaigns').catch((error: unknown) => error);
    expect(source.pauseAfter(error)).toBe(pauseMs);
  });

  test('429 polling pauses until Retry-After', async () => {
    const other = createPollSource(callerOf(connection.clientFor('of-this-test-alone')), known)!;
    sandbox.faults.add({
      match: { path: '/campaign/GetAll' },
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '7' },
    });
    const error = await other
      .poll('heyreach://campaigns', { begin: () => true, end() {} }, new AbortController().signal)
      .catch((error: unknown) => error);
    // Rounded up to whole seconds.
    expect([7_000, 8_000]).toContain(other.pauseAfter(error));
  });

  test('polling pauses for a minute during an outage', async () => {
    const other = new HeyReachConnection({ origin: sandbox.url });
    const down = createPollSource(callerOf(other.clientFor('of-this-test-alone')), known)!;
    sandbox.faults.add({ match: { path: '/campaign/GetAll' }, times: 50, kind: 'status', status: 503 });
    const fails = () =>
      down
        .poll('heyreach://campaigns', { begin: () => true, end() {} }, new AbortController().signal)
        .catch((error: unknown) => error);
    for (let made = 0; made < 5; made += 1) expect(down.pauseAfter(await fails())).toBe(0);
    expect(down.pauseAfter(await fails())).toBe(60_000);
    await other.close();
  });

  test('polling does not pause after a failure of this program', () => {
    expect(source.pauseAfter(new Error('a defect'))).toBe(0);
  });
});
