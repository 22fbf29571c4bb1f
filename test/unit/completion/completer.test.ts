import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type HeyReachClient, HeyReachConnection } from '../../../src/client/index.ts';
import { Completer } from '../../../src/completion/completer.ts';
import { ListingCache } from '../../../src/completion/listing-cache.ts';
import { slugOf } from '../../../src/lib/linkedin-url.ts';
import { ChangeEvents } from '../../../src/mcp/services/change-events.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../support/runs/keys.ts';

let now = 1_000_000;
let sandbox: Sandbox;
let connection: HeyReachConnection;
let client: HeyReachClient;
let changes = new ChangeEvents();
let completer = new Completer(changes);

function useSize(size: 'default' | 'large'): void {
  beforeAll(async () => {
    sandbox = await startSandbox({ clock: 'manual', size, rateLimit: false });
    connection = new HeyReachConnection({ origin: sandbox.url });
    client = connection.clientFor(TEST_KEY);
  });
  beforeEach(() => {
    now = 1_000_000;
    changes = new ChangeEvents();
    completer = new Completer(changes, new ListingCache(() => now));
    sandbox.requests.length = 0;
  });
  afterEach(() => sandbox.faults.clear());
  afterAll(async () => {
    await connection?.close();
    await sandbox?.close();
  });
}

const find = (variable: string, typed: string, context: Record<string, string> = {}, by = client) =>
  completer.complete({ variable, typed, context, client: by, maxWaitMs: 10_000 });
const calls = () => sandbox.requests.length;
const ids = ({ rows }: Awaited<ReturnType<typeof find>>) => rows.map(({ id }) => id);

/** Types a text letter by letter. @returns the last completion. */
async function type(variable: string, text: string, context: Record<string, string> = {}) {
  for (let end = 0; end < text.length; end += 1) await find(variable, text.slice(0, end), context);
  return find(variable, text, context);
}

describe('a workspace whose listings are read completely', () => {
  useSize('default');

  test.each([
    ['campaignId', () => sandbox.workspace.campaigns.size, 1],
    ['listId', () => sandbox.workspace.lists.size, 1],
    ['accountId', () => sandbox.workspace.accounts.size, 1],
    ['conversationId', () => sandbox.workspace.conversations.size, 2],
    ['slug', () => new Set([...sandbox.workspace.conversations.values()].map(({ personId }) => personId)).size, 2],
  ])('%s: offers all values, with their total', async (variable, count, cost) => {
    const result = await find(variable, '');
    expect(result.total).toBe(count());
    expect(result.rows).toHaveLength(Math.min(100, count()));
    expect(result.hasMore).toBe(count() > 100);
    expect(calls()).toBe(cost);
    for (const { name } of result.rows) expect(name).not.toBe('');
  });

  test('30 letters and 30 concurrent requests cause one request to HeyReach', async () => {
    const { name } = [...sandbox.workspace.campaigns.values()][3]!;
    const text = name.padEnd(30, 'x');
    await Promise.all(Array.from({ length: 30 }, (_, end) => find('campaignId', text.slice(0, end))));
    await type('campaignId', text);
    expect(calls()).toBe(1);
  });

  test('finds a person by any part of the name, without accents, and by the company', async () => {
    const { conversations, people } = sandbox.workspace;
    for (const { id, personId } of [...conversations.values()].slice(0, 20)) {
      const { firstName, lastName, companyName } = people.get(personId)!;
      const plain = `${firstName} ${lastName}`.normalize('NFD').replace(/\p{M}/gu, '');
      expect(ids(await find('conversationId', plain.toUpperCase()))).toContain(id);
      if (companyName) expect((await find('conversationId', companyName)).total).toBeGreaterThan(0);
    }
    expect(calls()).toBe(2);
  });

  test('offers only values that can be read', async () => {
    for (const { id } of (await find('slug', '')).rows) {
      const slug = encodeURIComponent(id);
      await client.leads.getLead({ profileUrl: `https://www.linkedin.com/in/${slug}` });
    }
    const [account] = [...sandbox.workspace.conversations.values()].map(({ accountId }) => String(accountId));
    for (const id of ids(await find('conversationId', '', { accountId: account! })).slice(0, 10)) {
      await client.inbox.getChatroom({ accountId: Number(account), conversationId: id });
    }
  });

  test('offers only the conversations of the given sender', async () => {
    const all = [...sandbox.workspace.conversations.values()];
    for (const account of new Set(all.map(({ accountId }) => accountId))) {
      const accountId = String(account);
      const threads = all.filter((thread) => thread.accountId === account);
      const result = await find('conversationId', '', { accountId });
      expect(result.total).toBe(threads.length);
      expect(ids(result).every((id) => threads.some((thread) => thread.id === id))).toBe(true);
    }
    expect(await find('conversationId', '', { accountId: 'Grace' })).toEqual({ rows: [], total: 0, hasMore: false });
    expect(await find('conversationId', '', { accountId: '999999' })).toEqual({ rows: [], total: 0, hasMore: false });
    expect((await find('conversationId', '', { accountId: '' })).total).toBe(sandbox.workspace.conversations.size);
    expect(calls()).toBe(2);
  });

  test('offers only the sender of the given conversation', async () => {
    const [thread] = [...sandbox.workspace.conversations.values()];
    expect(ids(await find('accountId', '', { conversationId: thread!.id }))).toEqual([String(thread!.accountId)]);
    expect((await find('accountId', '', { conversationId: 'unknown' })).total).toBe(sandbox.workspace.accounts.size);
    expect((await find('accountId', '', { campaignId: '1' })).total).toBe(sandbox.workspace.accounts.size);
  });

  test('a text longer than any name matches nothing', async () => {
    expect(await find('campaignId', 'x'.repeat(100_000))).toEqual({ rows: [], total: 0, hasMore: false });
    expect(calls()).toBe(0);
  });

  test('reads a listing again after a minute', async () => {
    await find('campaignId', '');
    now += 59_999;
    await find('campaignId', 'a');
    expect(calls()).toBe(1);
    now += 2;
    await find('campaignId', 'a');
    expect(calls()).toBe(2);
  });

  test('shows a change by this server at once, for the same key', async () => {
    const other = connection.clientFor(OTHER_TEST_KEY);
    for (const by of [client, other]) {
      await find('campaignId', '', {}, by);
      await find('listId', '', {}, by);
    }
    const { id } = await client.lists.create({ name: 'Quite new' });
    expect(ids(await find('listId', 'quite new'))).toEqual([]);
    sandbox.requests.length = 0;
    changes.emit({ key: client.fingerprint, tool: 'create_list', input: { name: 'Quite new' } });
    expect(ids(await find('listId', 'quite new'))).toEqual([String(id)]);
    await find('campaignId', '');
    expect(ids(await find('listId', 'quite new', {}, other))).toEqual([]);
    expect(calls()).toBe(1);
    sandbox.workspace.lists.delete(id!);
  });

  test('does not cache a read that was in flight during a change', async () => {
    const before = find('listId', '');
    changes.emit({ key: client.fingerprint, tool: 'create_list', input: {} });
    await before;
    await find('listId', '');
    expect(calls()).toBe(2);
  });

  test('ends a read in flight when the server closes', async () => {
    sandbox.faults.add({ kind: 'hang', times: 1_000 });
    const asked = find('campaignId', '');
    const refused = expect(asked).rejects.toMatchObject({ kind: 'cancelled' });
    while (calls() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    completer.close();
    await refused;
    expect(calls()).toBe(1);
  });

  test('shows each key only its own workspace', async () => {
    const other = connection.clientFor(OTHER_TEST_KEY);
    await Promise.all([find('campaignId', ''), find('campaignId', '', {}, other)]);
    expect(sandbox.requests.map(({ headers }) => headers['x-api-key']).sort()).toEqual(
      [OTHER_TEST_KEY, TEST_KEY].sort(),
    );
    await find('campaignId', 'x', {}, other);
    expect(calls()).toBe(2);
  });

  test('returns an error for a wrong key, and repeats it from the cache for ten seconds', async () => {
    sandbox.faults.add({
      match: { path: '/campaign/GetAll' },
      kind: 'status',
      status: 401,
      body: 'Invalid API key',
      times: 1_000,
    });
    await expect(find('campaignId', '')).rejects.toMatchObject({ kind: 'unauthorized', message: 'Invalid API key' });
    for (let at = 0; at < 5; at += 1) await expect(find('campaignId', 'a')).rejects.toMatchObject({ status: 401 });
    expect(calls()).toBe(1);
    sandbox.faults.clear();
    now += 10_001;
    expect((await find('campaignId', '')).total).toBe(sandbox.workspace.campaigns.size);
  });
});

describe('a workspace larger than the read limit', () => {
  useSize('large');

  test('120 campaigns take two requests, 5,000 conversations three', async () => {
    expect(await find('campaignId', '')).toMatchObject({ total: 120, hasMore: true });
    expect(calls()).toBe(2);
    expect(await find('conversationId', '')).toMatchObject({ total: 5_000, hasMore: true });
    expect(calls()).toBe(5);
  });

  test('a partly read listing has no total, and may have more rows', async () => {
    expect(await find('slug', '')).toMatchObject({ total: undefined, hasMore: true });
    const result = await find('conversationId', 'a');
    expect(result.rows.length).toBeGreaterThan(0);
    expect(result).toMatchObject({ total: undefined, hasMore: true });
  });

  const oldest = () =>
    [...sandbox.workspace.conversations.values()]
      .filter(({ messages }) => messages.length > 0)
      .sort((a, b) => a.messages.at(-1)!.createdAt - b.messages.at(-1)!.createdAt);
  const nameOf = (personId: string) => {
    const { firstName, lastName } = sandbox.workspace.people.get(personId)!;
    return `${firstName} ${lastName}`;
  };

  test('finds the oldest conversations by name', async () => {
    for (const thread of oldest().slice(0, 5)) {
      expect(ids(await find('conversationId', nameOf(thread.personId)))).toContain(thread.id);
      const { profileUrl } = sandbox.workspace.people.get(thread.personId)!;
      expect(ids(await find('slug', nameOf(thread.personId)))).toContain(slugOf(profileUrl));
    }
    expect(calls()).toBeLessThanOrEqual(3 + 5);
  });

  test('typing such a name takes few searches, and none that an earlier search covers', async () => {
    const thread = oldest().find(({ personId }) => nameOf(personId).length > 12)!;
    expect(ids(await type('conversationId', nameOf(thread.personId)))).toContain(thread.id);
    const cost = calls();
    expect(cost).toBeLessThanOrEqual(3 + 10);
    await type('conversationId', nameOf(thread.personId));
    await find('conversationId', `${nameOf(thread.personId)}xyz`);
    expect(calls()).toBe(cost);
  });

  test('does not search for a longer text if a shorter text returned all matches', async () => {
    await find('conversationId', 'nomatch');
    expect(calls()).toBe(3 + 1);
    for (const typed of ['nomatch at', 'nomatch at all', 'not nomatch', 'NOMATCH']) await find('conversationId', typed);
    await find('slug', 'nomatch');
    await find('conversationId', 'nomatch', { accountId: '170001' });
    // The page of the sender is read separately.
    expect(calls()).toBe(3 + 1 + 1);
  });

  test('makes at most ten searches a minute, and still finds cached rows', async () => {
    for (let at = 0; at < 30; at += 1) await find('conversationId', `nomatch-${String.fromCharCode(97 + at)}`);
    expect(calls()).toBe(3 + 10);
    expect((await find('conversationId', 'a')).rows.length).toBeGreaterThan(10);
    expect(calls()).toBe(3 + 10);
  });

  test("reads a sender's conversations separately, once", async () => {
    const [account] = [...sandbox.workspace.accounts.keys()].slice(1);
    const accountId = String(account);
    const theirs = [...sandbox.workspace.conversations.values()].filter(
      (conversation) => conversation.accountId === account,
    );
    const result = await find('conversationId', '', { accountId });
    expect(result).toMatchObject({ total: theirs.length, hasMore: true });
    expect(result.rows).toHaveLength(100);
    expect(ids(result).every((id) => theirs.some((conversation) => conversation.id === id))).toBe(true);
    expect(calls()).toBe(4);
    await find('conversationId', 'a', { accountId });
    expect(calls()).toBe(4);
    expect(JSON.parse(sandbox.requests.at(-1)!.body)).toMatchObject({ filters: { linkedInAccountIds: [account] } });
  });

  test('a failed search keeps the cached rows', async () => {
    await find('conversationId', '');
    sandbox.faults.add({
      match: { path: '/inbox/GetConversationsV3' },
      kind: 'status',
      status: 400,
      body: '{}',
      times: 1_000,
    });
    expect(await find('conversationId', 'nomatch')).toEqual({ rows: [], total: undefined, hasMore: true });
  });

  test('reads with background priority', async () => {
    const seen: (boolean | undefined)[] = [];
    const watching = {
      ...client,
      campaigns: {
        ...client.campaigns,
        getAll: ((request, options) => {
          seen.push(options?.background);
          return client.campaigns.getAll(request, options);
        }) as typeof client.campaigns.getAll,
      },
    };
    await find('campaignId', '', {}, watching);
    expect(seen).toEqual([true, true]);
  });
});
