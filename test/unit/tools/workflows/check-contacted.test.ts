import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ToolResult } from '../../../support/clients/clients.ts';
import { expectTrue, peopleToCheck, verdictsOf } from '../../../support/heyreach/contacts.ts';
import {
  answerFrom,
  emptyWorkspace,
  memberIdOf,
  type PeopleWorkspace,
} from '../../../support/heyreach/people-workspace.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { useSandbox } from '../../../support/programs/sandbox-harness.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { rowsOf } from '../../../support/tools/tables.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const ADA = 'https://www.linkedin.com/in/ada-example';
const verdictsIn = (result: ToolResult) =>
  Object.fromEntries(rowsOf(result).map(({ person, verdict }) => [person, verdict]));
const planOf = ({ structuredContent }: ToolResult) => structuredContent?.plan as { way: string; requests: number };
const partsOf = ({ structuredContent }: ToolResult) =>
  ((structuredContent?.incomplete ?? []) as { part: string }[]).map(({ part }) => part);

describe('check_contacted of one person', () => {
  const wire = useToolHarness();

  test('reads campaigns, lists, conversations and the blacklist', async () => {
    wire.answerWith({
      '/campaign/GetCampaignsForLead': {
        body: {
          totalCount: 1,
          items: [{ campaignId: 5, campaignName: 'Founders', campaignStatus: 'PAUSED', leadStatus: 'Paused' }],
        },
      },
      '/list/GetListsForLead': { body: { totalCount: 1, items: [{ listId: 9 }] } },
      '/inbox/GetConversationsV3': { body: { totalCount: 0, items: [] } },
      '/blacklist/GetLeads': { body: { totalCount: 0, items: [] } },
    });
    const result = await wire.call('check_contacted', { profileUrls: [ADA] });
    const filters = {
      linkedInAccountIds: [],
      campaignIds: [],
      searchString: null,
      leadLinkedInId: null,
      leadProfileUrl: ADA,
      tags: [],
      seen: null,
      latestAutoTagNames: [],
    };
    expect(wire.sent().sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      post('/api/public/blacklist/GetLeads', { search: 'ada-example', offset: 0, limit: 100 }),
      post('/api/public/campaign/GetCampaignsForLead', { profileUrl: ADA, offset: 0, limit: 100 }),
      post('/api/public/inbox/GetConversationsV3', { cursor: null, limit: 100, filters }),
      post('/api/public/list/GetListsForLead', { profileUrl: ADA, offset: 0, limit: 100 }),
    ]);
    expect(result.structuredContent).toEqual({
      asked: 1,
      unknown: 0,
      verdicts: { contacted: 1 },
      counts: {
        inRunningCampaign: 0,
        inAnyCampaign: 1,
        inList: 1,
        theyAnswered: 0,
        weWroteLast: 0,
        blacklisted: 0,
      },
      plan: { way: 'each_person', requests: 4, seconds: expect.any(Number), age: 0 },
      columns: ['index', 'person', 'verdict', 'campaignIds', 'listIds', 'linkedInAccountIds'],
      rows: [[0, 'ada-example', 'contacted', [5], [9], []]],
      campaigns: { columns: ['campaignId', 'name', 'status'], rows: [[5, 'Founders', 'PAUSED']] },
    });
    const again = await wire.call('check_contacted', { profileUrls: ['Ada-Example'] });
    expect(wire.sent()).toHaveLength(4);
    expect(verdictsIn(again)).toEqual({ 'Ada-Example': 'contacted' });
  });
});

describe('check_contacted of a person whom HeyReach does not know', () => {
  const wire = useToolHarness();
  const UNKNOWN = { status: 400, body: { errorMessage: 'Could not resolve a LinkedIn lead from the URL' } };

  test('is clear', async () => {
    wire.answerWith({
      '/campaign/GetCampaignsForLead': UNKNOWN,
      '/list/GetListsForLead': UNKNOWN,
      '/inbox/GetConversationsV3': UNKNOWN,
      '/blacklist/GetLeads': { body: { totalCount: 0, items: [] } },
    });
    const result = await wire.call('check_contacted', { profileUrls: [ADA] });
    expect(result.structuredContent).toMatchObject({ unknown: 1, verdicts: { clear: 1 }, plan: { requests: 4 } });
    expect(result.structuredContent).not.toHaveProperty('incomplete');
  });
});

const NONE = { totalCount: 0, items: [] };
// Each case has its own program, because a program caches answers for ten minutes.
describe.each([
  { path: '/campaign/GetCampaignsForLead', part: 'campaigns of 1 person', count: 'inAnyCampaign' },
  { path: '/list/GetListsForLead', part: 'lists of 1 person', count: 'inList' },
  { path: '/inbox/GetConversationsV3', part: 'conversations of 1 person', count: 'theyAnswered' },
  { path: '/blacklist/GetLeads', part: 'blacklist entries of 1 person', count: 'blacklisted' },
])('check_contacted, when $path has no rows,', ({ path, part, count }) => {
  const wire = useToolHarness();

  test('reports no person as clear, and names the part', async () => {
    wire.answerWith({
      '/campaign/GetCampaignsForLead': { body: NONE },
      '/list/GetListsForLead': { body: NONE },
      '/inbox/GetConversationsV3': { body: NONE },
      '/blacklist/GetLeads': { body: NONE },
      [path]: { body: {} },
    });
    const result = await wire.call('check_contacted', { profileUrls: [ADA] });
    expect(verdictsIn(result)).toEqual({ 'ada-example': 'uncheckable' });
    expect(result.structuredContent).toMatchObject({ unknown: 0, counts: { [count]: expect.toBeOneOf([null, 0]) } });
    expect(partsOf(result)).toEqual([part]);
    const without = await wire.call('check_contacted', { profileUrls: [ADA], checks: otherChecks(count) });
    expect(verdictsIn(without)).toEqual({ 'ada-example': 'clear' });
    expect(without.structuredContent?.counts).not.toHaveProperty(count);
  });
});

function otherChecks(count: string): string[] {
  const checks = {
    campaigns: 'inAnyCampaign',
    lists: 'inList',
    conversations: 'theyAnswered',
    blacklist: 'blacklisted',
  };
  return Object.entries(checks).flatMap(([check, of]) => (of === count ? [] : [check]));
}

/** A workspace with people in each state. */
const WORKSPACE: PeopleWorkspace = {
  ...emptyWorkspace(),
  lists: [{ id: 1, members: ['running', 'through', 'waits', 'hidden-waits', 'listed', 'excluded'] }],
  campaigns: [
    { id: 11, status: 'IN_PROGRESS', listId: 1, shown: ['running', 'waits'], hidden: ['hidden-waits'] },
    { id: 12, status: 'FINISHED', listId: 1, shown: ['through'], hidden: [] },
  ],
  conversations: [
    { id: 'c1', person: 'answered', linkedInAccountId: 170001, messages: ['ME', 'CORRESPONDENT', 'ME'] },
    { id: 'c2', person: 'written', linkedInAccountId: 170002, messages: ['ME'] },
  ],
  blacklist: [
    { person: 'banned', status: 'Matched' },
    { person: 'listed', status: 'BroadMatch' },
    { person: 'through', status: 'Matched', byMemberId: true },
  ],
};
const VERDICTS = {
  running: 'in_progress',
  through: 'blacklisted',
  waits: 'in_progress',
  'hidden-waits': 'in_progress',
  excluded: 'clear',
  listed: 'clear',
  answered: 'answered',
  written: 'contacted',
  banned: 'blacklisted',
  stranger: 'clear',
};

describe('check_contacted of several people', () => {
  const wire = useToolHarness();
  beforeEach(() => wire.stub.answer(answerFrom(() => WORKSPACE)));

  test('reads the workspace once, and asks only about people whom a campaign may not show', async () => {
    const result = await wire.call('check_contacted', { profileUrls: Object.keys(VERDICTS) });
    expect(verdictsIn(result)).toEqual(VERDICTS);
    expect(planOf(result)).toMatchObject({ way: 'index', requests: wire.sent().length });
    expect(result.structuredContent).toMatchObject({
      asked: 10,
      unknown: 1,
      verdicts: { blacklisted: 2, answered: 1, in_progress: 3, contacted: 1, clear: 3 },
      counts: {
        inRunningCampaign: 3,
        inAnyCampaign: 4,
        inList: 6,
        theyAnswered: 1,
        weWroteLast: 2,
        blacklisted: 2,
      },
      campaigns: {
        columns: ['campaignId', 'name', 'status'],
        rows: [
          [11, 'Campaign 11', 'IN_PROGRESS'],
          [12, 'Campaign 12', 'FINISHED'],
        ],
      },
    });
    const before = wire.sent().length;
    // An index has no names. Reading them takes one request for 1,000 people.
    for (const isKnown of [false, true]) {
      expect(verdictsIn(await wire.call('check_contacted', { fromListId: 1 }))).toMatchObject({ listed: 'clear' });
      expect(wire.sent(), String(isKnown)).toHaveLength(before + 1);
    }
  });

  test('reads people from a table, and names a table without people', async () => {
    const text =
      'Name,LinkedIn URL\nAda,https://www.linkedin.com/in/running\nGrace,https://www.linkedin.com/in/stranger';
    const result = await wire.call('check_contacted', { text, limit: 1 });
    expect(rowsOf(result)).toEqual([expect.objectContaining({ index: 0, person: 'running', verdict: 'in_progress' })]);
    const { resultId } = result.structuredContent as { resultId: string };
    expect(verdictsIn(await wire.call('check_contacted', { resultId }))).toEqual({
      running: 'in_progress',
      stranger: 'clear',
    });
    const none = await wire.call('check_contacted', { text: 'Name\nAda' });
    expectInvalid(none, 'has no column with profile URLs of people');
  });

  test('names rows without a person, and counts repeated people', async () => {
    const profileUrls = ['https://www.linkedin.com/company/example', ADA, `${ADA}/?x=1`, 'stranger'];
    const result = await wire.call('check_contacted', { profileUrls });
    expect(result.structuredContent).toMatchObject({ asked: 3, duplicates: 1, verdicts: { uncheckable: 1, clear: 2 } });
    expect(rowsOf(result).map(({ index, verdict, note }) => [index, verdict, note])).toEqual([
      [0, 'uncheckable', 'company page'],
      [1, 'clear', null],
      [3, 'clear', null],
    ]);
    const text = `Name,URL\n${['Ada,running', 'Mei,', 'Joe,Joe Example'].join('\n').replace('running', ADA)}\n${`Ada,${ADA}\n`.repeat(8)}`;
    const notes = rowsOf(await wire.call('check_contacted', { text })).flatMap(({ note }) => note ?? []);
    expect(notes).toEqual(['blank', 'not a URL']);
  });

  test('looks up a Sales Navigator URL, and cannot check a URL that HeyReach does not know', async () => {
    const answer = answerFrom(() => WORKSPACE);
    wire.stub.answer((request) => {
      if (!request.path.endsWith('/lead/GetLead')) return answer(request);
      return request.body.includes('Known')
        ? { body: { profileUrl: 'https://www.linkedin.com/in/answered', linkedin_id: memberIdOf('answered') } }
        : { status: 404, body: { errorMessage: 'Lead not found' } };
    });
    const url = (name: string) => `https://www.linkedin.com/sales/lead/ACwAA${name},NAME`;
    const result = await wire.call('check_contacted', { profileUrls: [url('Known'), url('Other'), 'running'] });
    expect(rowsOf(result).map(({ verdict, note }) => [verdict, note])).toEqual([
      ['answered', null],
      ['uncheckable', 'HeyReach does not know this Sales Navigator URL'],
      ['in_progress', null],
    ]);
  });

  test('rejects a call without a source, and a call with two', async () => {
    for (const args of [{}, { profileUrls: [ADA], fromListId: 1 }]) {
      expectInvalid(await wire.call('check_contacted', args), 'exactly one of');
    }
    expect(wire.sent()).toEqual([]);
  });
});

describe('check_contacted on the default sandbox', () => {
  const at = useSandbox({ seed: 1, rateLimit: false, clock: 'manual' }, 'in-process', [], {
    HEYREACH_TEST_WINDOW_MS: '200',
  });
  const call = (args: Record<string, unknown>) => at.peer.callTool('check_contacted', args);

  test('agrees with the sandbox for 620 people', async () => {
    const slugs = peopleToCheck(at.sandbox, 20);
    const { people } = at.sandbox.truth({ only: ['people'] });
    const verdicts: Record<string, number> = {};
    let asked = 0;
    for (let from = 0; from < slugs.length; from += 100) {
      const result = await call({ profileUrls: slugs.slice(from, from + 100), limit: 100 });
      expect(result.isError, result.content[0]?.text).toBeFalsy();
      expect(result.structuredContent).not.toHaveProperty('incomplete');
      expectTrue(result, at.sandbox, people);
      asked += rowsOf(result).length;
      for (const [verdict, count] of Object.entries(result.structuredContent?.verdicts as Record<string, number>)) {
        verdicts[verdict] = (verdicts[verdict] ?? 0) + count;
      }
    }
    expect(asked).toBe(620);
    expect(verdicts).toEqual(verdictsOf(slugs, people));
    const isAsk = ({ path }: { path: string }) => path.includes('GetCampaignsForLead');
    // In addition, the requests for people whom a campaign may not show.
    expect(at.sandbox.requests.filter((request) => !isAsk(request)).length).toBeLessThanOrEqual(40);
  });

  test('fits 25 rows into 3,000 tokens, with rows that are not clear first', async () => {
    const [list] = [...at.sandbox.workspace.lists.values()].filter(({ members }) => members.size > 50);
    const result = await call({ fromListId: list!.id });
    expect(rowsOf(result)).toHaveLength(25);
    expect(encode(result.content[0]!.text!).length).toBeLessThanOrEqual(3_000);
    expect(result.structuredContent).toMatchObject({ asked: list!.members.size, resultId: expect.any(String) });
    const file = await call({ fromListId: list!.id, output: 'file' });
    expect(file.structuredContent).not.toHaveProperty('rows');
    expect(encode(file.content[0]!.text!).length).toBeLessThanOrEqual(300);
  });
});

describe('check_contacted on the default sandbox, when a list cannot be read,', () => {
  const at = useSandbox({ seed: 1, rateLimit: false, clock: 'manual' }, 'in-process');

  test('names it, and reports no person as clear', async () => {
    at.sandbox.faults.add({ match: { path: '/list/GetLeadsFromList' }, times: 1, kind: 'status', status: 403 });
    const slugs = [
      ...peopleToCheck(at.sandbox, 0).slice(0, 80),
      ...Array.from({ length: 20 }, (_, id) => `invented-${id}`),
    ];
    const result = await at.peer.callTool('check_contacted', { profileUrls: slugs, limit: 100 });
    expect(partsOf(result)).toEqual([expect.stringMatching(/^members of list \d+/)]);
    const { people } = at.sandbox.truth({ only: ['people'] });
    for (const { person, verdict } of rowsOf(result)) {
      // A campaign or a conversation that was read still counts. HeyReach can have more.
      const known = people[String(person)]?.verdict ?? 'clear';
      expect([known, 'contacted', 'uncheckable'], String(person)).toContain(verdict);
      expect(verdict, String(person)).not.toBe('clear');
    }
  });
});
