import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { prompts } from '../../../src/prompts/prompt-registry.ts';
import { resources } from '../../../src/resources/index.ts';
import { fillTemplate, variablesOf } from '../../../src/resources/shared/uri-template.ts';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index.ts';
import {
  CLIENTS,
  type Completed,
  type CompletionRef,
  connectHttp,
  connectStdio,
  type McpPeer,
} from '../../support/clients/clients.ts';
import { startStub } from '../../support/heyreach/heyreach-stub.ts';
import { type HttpProgram, startHttpProgram } from '../../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../../support/runs/keys.ts';

const TRANSPORTS = ['stdio', 'http'] as const;
const cells = TRANSPORTS.flatMap((transport) => CLIENTS.map((client) => ({ transport, client })));
const NAMES = 'heyreach-mcp/names';

const template = (uri: string): CompletionRef => ({ type: 'ref/resource', uri });
const CAMPAIGN = template('heyreach://campaigns/{campaignId}');
const LIST = template('heyreach://lists/{listId}');
const THREAD = template('heyreach://conversations/{accountId}/{conversationId}');
const LEAD = template('heyreach://leads/{slug}');
const templates = resources.map(({ uri }) => uri).filter((uri) => uri.includes('{'));

const namesOf = ({ _meta }: Completed) => (_meta?.[NAMES] ?? {}) as Record<string, string>;
/** The calls to HeyReach, by path. */
const askedOf = ({ requests }: Sandbox) => requests.map(({ path }) => path.replace('/api/public', '').split('?')[0]!);

describe.each(cells)('$client over $transport', ({ transport, client }) => {
  let sandbox: Sandbox;
  let program: HttpProgram | undefined;
  let peer: McpPeer;
  const env = () => ({ HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY, HEYREACH_CONFIRM: 'off' });

  beforeAll(async () => {
    sandbox = await startSandbox({ clock: 'manual' });
    if (transport === 'http') program = await startHttpProgram({ env: env() });
    peer = program === undefined ? await connectStdio(client, { env: env() }) : await connectHttp(client, program.url);
  });
  beforeEach(() => {
    sandbox.requests.length = 0;
  });
  afterAll(async () => {
    await peer?.close();
    await program?.stop();
    await sandbox?.close();
  });

  test('30 keystrokes cost one request, and return names', async () => {
    const { id, name } = [...sandbox.workspace.campaigns.values()][2]!;
    const typed = Array.from({ length: 30 }, (_, end) => name.slice(0, end));
    const answers = await Promise.all(typed.map((value) => peer.complete(CAMPAIGN, 'campaignId', value)));
    for (const answer of answers) {
      expect(answer.completion.values).toContain(String(id));
      expect(namesOf(answer)[id]).toBe(name);
    }
    expect(askedOf(sandbox)).toEqual(['/campaign/GetAll']);
  });

  test('every variable of every template has values, and every combination can be read', async () => {
    for (const uri of templates) {
      const values: Record<string, string> = {};
      for (const variable of variablesOf(uri)) {
        const { completion } = await peer.complete(template(uri), variable, '', values);
        expect(completion.values.length).toBeGreaterThan(0);
        expect(completion.values.length).toBeLessThanOrEqual(100);
        values[variable] = completion.values[0]!;
      }
      const [first] = await peer.readResource(fillTemplate(uri, values));
      expect(first?.text).toBeTruthy();
    }
  });

  test('every argument of every prompt has values', async () => {
    for (const { name, arguments: known } of prompts) {
      for (const argument of known) {
        const { completion } = await peer.complete({ type: 'ref/prompt', name }, argument.name, '');
        expect(completion.values.length).toBeGreaterThan(1);
        const [value] = completion.values;
        const again = await peer.complete({ type: 'ref/prompt', name }, argument.name, value!);
        expect(again.completion.values).toContain(value);
      }
    }
  });

  test('a person is found by the name, as a conversation and as a slug', async () => {
    const { accountId, conversationId } = sandbox.workspace.fixtures.unreadReply;
    const completed = await peer.complete(THREAD, 'conversationId', 'aDÁ ex', { accountId: String(accountId) });
    expect(completed.completion.values).toContain(conversationId);
    expect(namesOf(completed)[conversationId]).toBe('Ada Example (Example Ltd)');
    const slugs = await peer.complete(LEAD, 'slug', 'ada ex');
    expect(slugs.completion.values).toContain('ada-example-1a2b');
    const senders = await peer.complete(THREAD, 'accountId', '', { conversationId });
    expect(senders.completion).toEqual({ values: [String(accountId)], total: 1, hasMore: false });
    const of = await peer.complete(THREAD, 'conversationId', '', { accountId: '1' });
    expect(of.completion).toEqual({ values: [], total: 0, hasMore: false });
  });

  test('a list created through a tool is offered at once', async () => {
    await peer.complete(LIST, 'listId', '');
    const made = await peer.callTool('create_list', { name: `Made by ${client}` });
    const completed = await peer.complete(LIST, 'listId', `made by ${client}`);
    expect(completed.completion.values).toEqual([String(made.structuredContent?.id)]);
    const { completion } = await peer.complete(LIST, 'listId', '');
    expect(completion.total).toBe(sandbox.workspace.lists.size);
    const before = askedOf(sandbox).filter((path) => path === '/list/GetAll').length;
    await peer.callTool('list_campaigns', {});
    await peer.complete(LIST, 'listId', 'x');
    expect(askedOf(sandbox).filter((path) => path === '/list/GetAll')).toHaveLength(before);
  });

  test.each([
    ['an unknown template', template('heyreach://campaigns/{id}'), 'campaignId', /no resource template/],
    ['a resource without a variable', template('heyreach://campaigns'), 'campaignId', /no resource template/],
    ['an unknown variable', CAMPAIGN, 'listId', /no variable of heyreach:\/\/campaigns\/\{campaignId\} "listId"/],
    ['an unknown prompt', { type: 'ref/prompt', name: 'sell' } as const, 'campaignId', /no prompt "sell"/],
    ['an unknown argument', { type: 'ref/prompt', name: 'weekly_report' } as const, 'slug', /no argument/],
  ])('%s is rejected', async (_, ref, name, message) => {
    await expect(peer.complete(ref, name, '')).rejects.toMatchObject({
      code: -32_602,
      message: expect.stringMatching(message),
    });
    expect(sandbox.requests).toEqual([]);
  });
});

describe('keys', () => {
  let sandbox: Sandbox;
  let program: HttpProgram;
  beforeAll(async () => {
    sandbox = await startSandbox({ clock: 'manual', size: 'large' });
    program = await startHttpProgram({ env: { HEYREACH_BASE_URL: sandbox.url } });
  });
  afterAll(async () => {
    await program?.stop();
    await sandbox?.close();
  });

  test.each(CLIENTS)('two keys over HTTP never see the cached values of the other key (%s)', async (client) => {
    // The keys are new in each run, so a repeated run of the test finds nothing in the cache.
    const run = randomUUID();
    const keys = [TEST_KEY, OTHER_TEST_KEY].map((key) => `${key}${run}`);
    const peers = await Promise.all(keys.map((key) => connectHttp(client, program.url, { 'x-api-key': key })));
    sandbox.requests.length = 0;
    for (const [at, peer] of peers.entries()) {
      const key = keys[at]!;
      const answers = await Promise.all(Array.from({ length: 10 }, () => peer.complete(CAMPAIGN, 'campaignId', '')));
      expect(answers[0]!.completion).toMatchObject({ total: 120, hasMore: true });
      expect(answers[0]!.completion.values).toHaveLength(100);
      const theirs = sandbox.requests.filter(({ headers }) => headers['x-api-key'] === key);
      expect(theirs).toHaveLength(2);
    }
    // After a change with one key, only the listing of that key is read again.
    const [first, second] = peers as [McpPeer, McpPeer];
    await first.complete(LIST, 'listId', '');
    await second.complete(LIST, 'listId', '');
    const name = `Of one key, ${run}`;
    await first.callTool('create_list', { name });
    sandbox.requests.length = 0;
    expect((await first.complete(LIST, 'listId', name)).completion.values).toHaveLength(1);
    expect(new Set(sandbox.requests.map(({ headers }) => headers['x-api-key']))).toEqual(new Set([keys[0]]));
    sandbox.requests.length = 0;
    expect((await second.complete(LIST, 'listId', name)).completion.values).toHaveLength(0);
    expect(sandbox.requests).toEqual([]);
    await Promise.all(peers.map((peer) => peer.close()));
  });

  test.each(CLIENTS)('two workspaces of one server stay separate (%s)', async (client) => {
    const stub = await startStub();
    const apart = await startHttpProgram({ env: { HEYREACH_BASE_URL: stub.url } });
    const idOf = (key: string | undefined) => (key === TEST_KEY ? 600001 : 700001);
    stub.answer(({ headers }) => {
      const id = idOf(headers['x-api-key']);
      return { body: { totalCount: 1, items: [{ id, name: `Secret of ${id}` }] } };
    });
    const keys = [TEST_KEY, OTHER_TEST_KEY, TEST_KEY, OTHER_TEST_KEY];
    const peers = await Promise.all(keys.map((key) => connectHttp(client, apart.url, { 'x-api-key': key })));
    const answers = await Promise.all(peers.map((peer) => peer.complete(CAMPAIGN, 'campaignId', 'secret')));
    for (const [at, answer] of answers.entries()) {
      const id = idOf(keys[at]);
      expect(answer.completion.values).toEqual([String(id)]);
      expect(namesOf(answer)).toEqual({ [id]: `Secret of ${id}` });
    }
    expect(stub.requests).toHaveLength(2);
    await Promise.all(peers.map((peer) => peer.close()));
    await apart.stop();
    await stub.close();
  });

  test.each(CLIENTS)('without a key there are no completions (%s)', async (client) => {
    const peer = await connectHttp(client, program.url);
    sandbox.requests.length = 0;
    expect(await peer.complete(THREAD, 'conversationId', 'a')).toMatchObject({
      completion: { values: [], total: 0, hasMore: false },
    });
    const weeks = await peer.complete({ type: 'ref/prompt', name: 'weekly_report' }, 'endDate', '');
    expect(weeks.completion.values.length).toBeGreaterThan(1);
    expect(sandbox.requests).toEqual([]);
    await peer.close();
  });

  test('5,000 conversations take three requests, and the oldest person is found by name with one more', async () => {
    const peer = await connectHttp('v2-modern', program.url, { 'x-api-key': `${TEST_KEY}${randomUUID()}` });
    sandbox.requests.length = 0;
    const all = await peer.complete(THREAD, 'conversationId', '');
    expect(all.completion).toMatchObject({ total: 5_000, hasMore: true });
    expect(Object.keys(namesOf(all))).toHaveLength(100);
    expect(sandbox.requests).toHaveLength(3);
    const { conversations, people } = sandbox.workspace;
    const [oldest] = [...conversations.values()].sort(
      (a, b) => a.messages.at(-1)!.createdAt - b.messages.at(-1)!.createdAt,
    );
    const { firstName, lastName } = people.get(oldest!.personId)!;
    const completed = await peer.complete(THREAD, 'conversationId', `${firstName} ${lastName}`);
    expect(completed.completion.values).toContain(oldest!.id);
    expect(sandbox.requests).toHaveLength(4);
    await peer.close();
  });
});

describe.each(CLIENTS)('failures over %s', (client) => {
  let sandbox: Sandbox;
  let peer: McpPeer;
  beforeAll(async () => {
    sandbox = await startSandbox({ clock: 'manual' });
    peer = await connectStdio(client, { env: { HEYREACH_BASE_URL: sandbox.url, HEYREACH_API_KEY: TEST_KEY } });
  });
  afterAll(async () => {
    await peer?.close();
    await sandbox?.close();
  });

  test('a wrong key is an error with the message of HeyReach, after one request', async () => {
    sandbox.faults.add({ kind: 'status', status: 401, body: 'Invalid API key', times: 1_000 });
    for (const typed of ['', 'a', 'ad']) {
      await expect(peer.complete(CAMPAIGN, 'campaignId', typed)).rejects.toMatchObject({
        code: -32_603,
        message: expect.stringContaining('HeyReach said (HTTP 401): Invalid API key'),
      });
    }
    expect(sandbox.requests).toHaveLength(1);
    sandbox.faults.clear();
    const lists = await peer.complete(LIST, 'listId', '');
    expect(lists.completion.total).toBe(sandbox.workspace.lists.size);
  });
});
