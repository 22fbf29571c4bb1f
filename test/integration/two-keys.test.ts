import { Client } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resources } from '../../src/resources/index.ts';
import { tools } from '../../src/tools/registry.ts';
import { ACCEPT } from '../support/clients/raw-http.ts';
import { ERAS, errorIn, speaker } from '../support/clients/stdio-lines.ts';
import { type OwnedWorkspace, startTwoWorkspaces, type TwoWorkspaces } from '../support/heyreach/two-workspaces.ts';
import { recordOutput } from '../support/programs/output.ts';
import { type HttpProgram, startHttpProgram } from '../support/programs/program.ts';
import { OTHER_TEST_KEY, TEST_KEY } from '../support/runs/keys.ts';
import { onlyInFullRun } from '../support/runs/run-scope.ts';
import { sampleResources } from '../support/tools/resource-samples.ts';
import { sampleCalls } from '../support/tools/sample-calls.ts';

/** One server for two customers, each with its own key: no customer sees data of the other. */
let heyreach: TwoWorkspaces;
let program: HttpProgram;
beforeAll(async () => {
  heyreach = await startTwoWorkspaces({ rateLimit: false });
});
afterAll(() => heyreach?.close());

const byKey = (key: string) => ({ 'x-api-key': key });
const both = () => [heyreach.first, heyreach.second] as const;
const otherOf = ({ key }: OwnedWorkspace) => both().find((workspace) => workspace.key !== key)!;

/** Expects that an answer belongs to one workspace, and contains nothing of the other workspace and no key. */
function expectOwn(answer: unknown, owner: OwnedWorkspace, about: string): void {
  const text = JSON.stringify(answer);
  expect(text, about).not.toContain(otherOf(owner).mark);
  for (const key of [TEST_KEY, OTHER_TEST_KEY]) expect(text, about).not.toContain(key);
}

// Both eras create their contexts from the key in the same code.
describe.each([ERAS[0]!, ...onlyInFullRun(ERAS.slice(1))])('in the era of %s', (era) => {
  beforeAll(async () => {
    // With a window of a minute, the reads of this file could fill it, and the last tests would wait.
    const env = { HEYREACH_BASE_URL: heyreach.url, HEYREACH_TEST_WINDOW_MS: '200' };
    program = await startHttpProgram({ args: ['--log-level', 'debug'], env });
  });
  afterAll(() => program.stop());
  const first = () => speaker(program.url, era, byKey(TEST_KEY));
  const second = () => speaker(program.url, era, { authorization: `Bearer ${OTHER_TEST_KEY}` });

  test('concurrent reads of both keys return only their own data: tools, resources, lists, prompts and completions, also from caches', async () => {
    const { workspace } = heyreach.first;
    const campaignId = workspace.fixtures.campaigns.IN_PROGRESS[0];
    const reads = new Set(
      tools.filter(({ risk, toolset }) => risk === 'read' && toolset !== 'legacy').map(({ name }) => name),
    );
    const asked: [method: string, params: Record<string, unknown>][] = [
      ...sampleCalls(workspace)
        .filter(([name]) => reads.has(name) && tools.find((tool) => tool.name === name)?.toolset !== 'organization')
        .map(([name, args]): [string, Record<string, unknown>] => [
          'tools/call',
          // The sample takes a request for each of 100 leads.
          { name, arguments: name === 'check_campaign' ? { campaignId } : args },
        ]),
      ...Object.values(sampleResources(workspace)).map((uri): [string, Record<string, unknown>] => [
        'resources/read',
        { uri },
      ]),
      ['resources/list', {}],
      ['prompts/get', { name: 'campaign_review', arguments: { campaignId: String(campaignId) } }],
      ['prompts/get', { name: 'triage_inbox', arguments: {} }],
      ...['campaignId', 'listId'].map((name): [string, Record<string, unknown>] => [
        'completion/complete',
        {
          ref: { type: 'ref/resource', uri: resources.find(({ uri }) => uri.endsWith(`{${name}}`))!.uri },
          argument: { name, value: 'land' },
        },
      ]),
    ];
    let marked = 0;
    for (let round = 0; round < 2; round += 1) {
      const answers = await Promise.all(
        asked.map(([method, params]) => Promise.all([first().ask(method, params), second().ask(method, params)])),
      );
      for (const [index, pair] of answers.entries()) {
        const about = JSON.stringify(asked[index]);
        for (const [at, owner] of both().entries()) {
          expect(pair[at], about).not.toMatchObject({ isError: true });
          expectOwn(pair[at], owner, about);
          if (JSON.stringify(pair[at]).includes(owner.mark)) marked += 1;
        }
      }
    }
    // Other answers contain no name: numbers, a status, a valid key.
    expect(marked).toBeGreaterThan(asked.length * 4 * 0.7);
    expect(heyreach.strangers).toEqual([]);
  });

  test.each([
    ['one after the other', 1],
    ['without waiting for answers', 8],
  ])('requests of both on one connection, %s', async (_, pipelining) => {
    const { origin, pathname: path } = new URL(program.url);
    const connection = new Client(origin, { pipelining });
    const campaignId = heyreach.first.workspace.fixtures.campaigns.IN_PROGRESS[0];
    let connections = 0;
    connection.on('connect', () => {
      connections += 1;
    });
    const answers = await Promise.all(
      Array.from({ length: 24 }, async (_one, index) => {
        const owner = both()[index % 2]!;
        const other = otherOf(owner);
        // Either header, and both headers with the key of the other customer in the second.
        const who = [
          byKey(owner.key),
          { authorization: `Bearer ${owner.key}` },
          { ...byKey(owner.key), authorization: `Bearer ${other.key}` },
        ];
        const { write } = speaker(program.url, era, who[Math.floor(index / 2) % 3]!);
        const { headers, body } = write({
          method: 'tools/call',
          params: { name: 'get_campaign', arguments: { campaignId } },
          id: index,
        });
        const reply = await connection.request({
          method: 'POST',
          path,
          headers: { ...ACCEPT, ...headers },
          body: JSON.stringify(body),
          idempotent: true,
        });
        return { owner, index, status: reply.statusCode, text: await reply.body.text() };
      }),
    );
    await connection.close();
    expect(connections).toBe(1);
    for (const { owner, index, status, text } of answers) {
      recordOutput(text);
      expect(status).toBe(200);
      expect(text).toContain(owner.mark);
      expect(text).toContain(`"id":${index}`);
      expectOwn(text, owner, `request ${index}`);
    }
  });

  test('a cursor of resources/list is valid only for its own key', async () => {
    const { nextCursor: cursor } = await first().ask('resources/list');
    expect(cursor).toEqual(expect.any(String));
    const before = heyreach.second.requests.length;
    await expect(second().ask('resources/list', { cursor })).rejects.toThrow(/-32602 .*cursor .*(this|another) key/);
    expect(heyreach.second.requests).toHaveLength(before);
    expectOwn(await first().ask('resources/list', { cursor }), heyreach.first, 'the page behind');
  });

  test("a cursor grants no access to another key's data", async () => {
    const { structuredContent } = await first().call('scan_conversations', { limit: 5 });
    const cursor = structuredContent?.nextCursor;
    expect(cursor).toEqual(expect.any(String));
    // The only readable content of the cursor is its position.
    expectOwn(Buffer.from(String(cursor), 'base64url').toString(), heyreach.second, 'the cursor');
    const before = heyreach.first.requests.length;
    const page = await second().call('scan_conversations', { limit: 5, cursor });
    expect(JSON.stringify(page)).toContain(heyreach.second.mark);
    expectOwn(page, heyreach.second, 'the page behind');
    expect(heyreach.first.requests).toHaveLength(before);
  });

  test('another key neither finds nor completes a created list', async () => {
    const made = await first().call('create_list', { name: `Only of ${heyreach.first.mark}` });
    const { id } = made.structuredContent as { id: number };
    expect(id).toEqual(expect.any(Number));
    const missed = await second().call('get_list', { listId: id });
    expect(errorIn(missed)).toMatchObject({ outcome: 'refused' });
    expectOwn(missed, heyreach.second, 'the error');
    const uri = `heyreach://lists/${id}`;
    await expect(second().ask('resources/read', { uri })).rejects.toThrow(/-3260\d|-32002/);
    const completed = await second().ask('completion/complete', {
      ref: { type: 'ref/resource', uri: 'heyreach://lists/{listId}' },
      argument: { name: 'listId', value: 'Only of' },
    });
    expect(completed).toMatchObject({ completion: { values: [] } });
    expect(JSON.stringify(await first().ask('resources/read', { uri }))).toContain(heyreach.first.mark);
  });

  test('an error has the message of HeyReach, without the key', async () => {
    for (const [speaks, owner] of [
      [first(), heyreach.first],
      [second(), heyreach.second],
    ] as const) {
      const body = JSON.stringify({ errorMessage: `No ${owner.mark} for ${owner.key}.` });
      owner.faults.add({
        match: { path: '/campaign/GetById' },
        kind: 'status',
        status: 400,
        body,
        contentType: 'application/json',
      });
      const failed = await speaks.call('get_campaign', { campaignId: 1 });
      expect(errorIn(failed)?.message).toContain(owner.mark);
      expectOwn(failed, owner, 'the error');
    }
  });

  test('content that is the same for all keys reveals nothing about a key', async () => {
    const methods = [
      'tools/list',
      'prompts/list',
      'resources/templates/list',
      ...(era === '2025' ? [] : ['server/discover']),
    ];
    for (const method of methods) {
      const answers = await Promise.all(
        [first(), second(), speaker(program.url, era, {})].map((caller) => caller.ask(method)),
      );
      for (const { mark, key } of both()) {
        expect(JSON.stringify(answers), method).not.toContain(mark);
        expect(JSON.stringify(answers), method).not.toContain(key);
      }
      // A caching host or proxy must not return it to another caller, who may have other tools.
      if (era !== '2025') for (const answer of answers) expect(answer, method).toMatchObject({ cacheScope: 'private' });
    }
  });

  test('the log contains no key and no data of either workspace', () => {
    const log = program.stderr();
    expect(log).toContain('tool answered');
    expect(log).toContain('resource was read');
    for (const { key, mark } of both()) {
      expect(log).not.toContain(key);
      expect(log).not.toContain(encodeURIComponent(key));
      expect(log).not.toContain(mark);
    }
  });
});
