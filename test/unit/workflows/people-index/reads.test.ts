import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type CallOptions, HeyReachError } from '../../../../src/client/index.ts';
import { openIndex } from '../../../../src/workflows/people-index/open-index.ts';
import { type Overlap, type OverlapOptions, overlapOf } from '../../../../src/workflows/people-index/overlap.ts';
import { readPeopleIndex } from '../../../../src/workflows/people-index/read-people-index.ts';
import { type HeyReachStub, startStub } from '../../../support/heyreach/heyreach-stub.ts';
import {
  answerFrom,
  emptyWorkspace,
  memberIdOf,
  type PeopleWorkspace,
  urlOf,
} from '../../../support/heyreach/people-workspace.ts';
import { OTHER_TEST_KEY } from '../../../support/runs/keys.ts';
import { callerOn } from '../../../support/tools/people-index.ts';

const MINUTE = 60_000;
const people = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `person-${from + at}`);

let stub: HeyReachStub;
let workspace: PeopleWorkspace;
beforeAll(async () => {
  stub = await startStub();
});
beforeEach(() => {
  stub.requests.length = 0;
  // Pages: 2 + 1 + 1 of members, 3 of conversations, 2 of the blacklist.
  workspace = {
    lists: [
      { id: 1, members: people(0, 1_500) },
      { id: 2, members: people(1_500, 1_600) },
      { id: 3, members: people(1_600, 1_700) },
      { id: 4, members: people(5_000, 5_010) },
      { id: 5, members: [], isCompanies: true },
    ],
    campaigns: [
      { id: 11, status: 'IN_PROGRESS', listId: 1, shown: people(0, 1_500), hidden: [] },
      { id: 12, status: 'FINISHED', listId: 2, shown: people(1_500, 1_600), hidden: [] },
      { id: 13, status: 'PAUSED', listId: 3, shown: people(1_600, 1_640), hidden: people(1_640, 1_700) },
      { id: 14, status: 'DRAFT', listId: 4, shown: [], hidden: [] },
    ],
    conversations: people(1_550, 1_770).map((person, at) => ({
      id: `conversation-${at}`,
      person,
      linkedInAccountId: 170001,
      messages: ['ME'],
    })),
    blacklist: [
      ...people(3_000, 3_100).map((person) => ({ person, status: 'Matched' })),
      { person: 'person-1', status: 'Matching' },
      { person: 'person-2', status: 'BroadMatch' },
      { person: 'person-3', status: 'Matched' },
      { person: 'person-4', status: 'Matched', byMemberId: true },
    ],
  };
  stub.answer(answerFrom(() => workspace));
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => stub.close());

function sent(): string[] {
  return stub.requests.map(({ path, body }) => {
    const { offset, listId, campaignId, cursor, profileUrl } = JSON.parse(body || '{}');
    const which = [listId ?? campaignId ?? profileUrl?.split('/in/')[1], offset || cursor].filter(Boolean);
    return [path.replace('/api/public/', ''), ...which].join(' ');
  });
}

const overlap = async (asked: string[], caller = callerOn(stub.url), options: OverlapOptions = {}) =>
  (await overlapOf(asked, caller.context, options)) as Overlap;

test('without a cache, reads a page of each listing, then the members of lists with campaigns, the other pages and the campaigns', async () => {
  const result = await overlap(['person-0', 'person-4', 'person-1500', 'person-1650', 'person-1760', 'person-9000']);
  expect(sent().slice(0, 4).sort()).toEqual([
    'blacklist/GetLeads',
    'campaign/GetAll',
    'inbox/GetConversationsV3',
    'list/GetAll',
  ]);
  expect(sent().slice(4, 11).sort()).toEqual([
    'blacklist/GetLeads 100',
    'inbox/GetConversationsV3 100',
    'inbox/GetConversationsV3 200',
    'list/GetLeadsFromList 1',
    'list/GetLeadsFromList 1 1000',
    'list/GetLeadsFromList 2',
    'list/GetLeadsFromList 3',
  ]);
  // There are fewer people than pages of leads, so each person takes a request.
  expect(sent().slice(11).sort()).toEqual([
    'campaign/GetCampaignsForLead person-0',
    'campaign/GetCampaignsForLead person-1500',
    'campaign/GetCampaignsForLead person-1650',
    'campaign/GetCampaignsForLead person-4',
  ]);
  expect(result).toEqual({
    ...result,
    state: 'checked',
    inRunningCampaigns: { count: 2, examples: ['person-0', 'person-4'] },
    inAnyOtherCampaign: { count: 4, examples: ['person-0', 'person-4', 'person-1500'] },
    inConversation: { count: 2, examples: ['person-1650', 'person-1760'] },
    blacklisted: { count: 1, examples: ['person-4'] },
    uncheckable: 0,
    requests: 15,
    incomplete: [],
  });
});

test('only Matched entries of the blacklist exclude a person', async () => {
  const result = await overlap(['person-1', 'person-2', 'person-3', 'person-3001']);
  expect(result.blacklisted).toEqual({ count: 2, examples: ['person-3', 'person-3001'] });
});

test('reads the leads of a campaign if that takes fewer requests, unless it hides some of them', async () => {
  const result = await overlap(people(1_500, 1_700));
  // Campaign 12 returns its 100 people with one page. Campaign 13 shows 40 of 100, so each of the others takes a
  // request.
  const further = sent().slice(11);
  expect(further.filter((request) => request.startsWith('campaign/GetLeadsFromCampaign')).sort()).toEqual([
    'campaign/GetLeadsFromCampaign 12',
    'campaign/GetLeadsFromCampaign 13',
  ]);
  expect(further.filter((request) => request.startsWith('campaign/GetCampaignsForLead')).sort()).toEqual(
    people(1_640, 1_700).map((person) => `campaign/GetCampaignsForLead ${person}`),
  );
  expect(result.inAnyOtherCampaign?.count).toBe(200);
  expect(result.inRunningCampaigns?.count).toBe(0);
});

test('reads nothing again within ten minutes, and everything after that', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.advanceTimersByTime(1);
  const caller = callerOn(stub.url);
  const asked = [...people(0, 20), ...people(1_500, 1_520)];
  const first = await overlap(asked, caller);
  const cold = sent().sort();
  stub.requests.length = 0;
  vi.advanceTimersByTime(10 * MINUTE - 1);
  const second = await overlap(asked, caller);
  expect(sent()).toEqual([]);
  expect(second).toEqual({ ...first, age: 600, requests: 0 });
  vi.advanceTimersByTime(2);
  const third = await overlap(asked, caller);
  expect(sent().sort()).toEqual(cold);
  expect(third).toEqual({ ...first, age: 0 });
});

test('shares nothing between two keys', async () => {
  const caller = callerOn(stub.url);
  await overlap(['person-0'], caller);
  const cold = sent().sort();
  stub.requests.length = 0;
  await overlap(['person-0'], callerOn(stub.url, { key: OTHER_TEST_KEY, changes: caller.changes }));
  expect(sent().sort()).toEqual(cold);
  expect(new Set(stub.requests.map(({ headers }) => headers['x-api-key']))).toEqual(new Set([OTHER_TEST_KEY]));
});

test('concurrent callers share one read, which continues when the first of them cancels', async () => {
  const answer = answerFrom(() => workspace);
  let arrive = () => {};
  let go = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  stub.answer(async (request) => {
    if (request.path.endsWith('GetLeadsFromList')) {
      arrive();
      await held;
    }
    return answer(request);
  });
  const leaving = new AbortController();
  const first = callerOn(stub.url, { signal: leaving.signal });
  const cancelled = overlap(['person-0'], first).catch((error: unknown) => error);
  await arrived;
  const second = overlap(['person-0'], callerOn(stub.url, { changes: first.changes }));
  const third = overlap(['person-0'], callerOn(stub.url, { changes: first.changes }));
  await vi.waitFor(() => expect(sent().filter((request) => request.startsWith('blacklist'))).toHaveLength(2), {
    timeout: 30_000,
  });
  leaving.abort();
  expect(await cancelled).toMatchObject({ kind: 'cancelled' });
  go();
  expect((await second).inAnyOtherCampaign?.count).toBe(1);
  expect((await third).inAnyOtherCampaign?.count).toBe(1);
  expect((await second).incomplete).toEqual([]);
  expect(sent()).toHaveLength(new Set(sent()).size);
});

test('a read ends when its only caller cancels, and nothing of it is kept', async () => {
  const leaving = new AbortController();
  const caller = callerOn(stub.url, { signal: leaving.signal });
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const answer = answerFrom(() => workspace);
  stub.answer(async (request) => {
    if (!request.path.endsWith('GetLeadsFromList')) return answer(request);
    arrive();
    return new Promise(() => {});
  });
  const cancelled = overlap(['person-0'], caller).catch((error: unknown) => error);
  await arrived;
  leaving.abort();
  expect(await cancelled).toBeInstanceOf(HeyReachError);
  stub.answer(answer);
  stub.requests.length = 0;
  const result = await overlap(['person-0'], callerOn(stub.url, { changes: caller.changes }));
  expect(result.inAnyOtherCampaign?.count).toBe(1);
  expect(sent()).toContain('list/GetLeadsFromList 1');
});

test.each([
  ['list/GetLeadsFromList 1 1000', 'members of list 1 "List 1"'],
  ['inbox/GetConversationsV3 100', 'conversations of all senders before 2026-09-20'],
  ['blacklist/GetLeads 100', 'blacklist'],
  ['campaign/GetCampaignsForLead person-0', 'campaigns of 1 person'],
])('when %s fails, the result names the part, keeps the rest and reads the part again', async (failing, part) => {
  const answer = answerFrom(() => workspace);
  stub.answer((request) => {
    const isFailing = sent().at(-1) === failing;
    return isFailing ? { status: 400, body: { errorMessage: 'Not now.' } } : answer(request);
  });
  const caller = callerOn(stub.url);
  const asked = ['person-0', 'person-4', 'person-1600'];
  const result = await overlap(asked, caller);
  expect(result.incomplete).toEqual([{ part, reason: 'Not now.' }]);
  expect(result.inRunningCampaigns?.count).toBe(failing.endsWith('person-0') ? 1 : 2);
  stub.answer(answer);
  stub.requests.length = 0;
  const second = await overlap(asked, caller);
  expect(second.incomplete).toEqual([]);
  expect(second.inRunningCampaigns?.count).toBe(2);
  expect(sent()).toContain(failing);
  // The other parts are cached.
  expect(sent()).not.toContain('list/GetLeadsFromList 2');
});

test('campaigns are unknown, not zero, if HeyReach does not list them', async () => {
  const answer = answerFrom(() => workspace);
  stub.answer((request) => (request.path.endsWith('campaign/GetAll') ? { status: 403, body: {} } : answer(request)));
  const result = await overlap(['person-0', 'person-1600']);
  expect(result).toMatchObject({ inRunningCampaigns: null, inAnyOtherCampaign: null, inConversation: { count: 1 } });
  expect(result.incomplete).toMatchObject([{ part: 'campaigns' }]);
});

test('reads neither the list nor the leads of an excepted campaign', async () => {
  const result = await overlap(people(0, 40), callerOn(stub.url), { exceptCampaignId: 11 });
  expect(result.inAnyOtherCampaign).toEqual({ count: 0, examples: [] });
  expect(sent().filter((request) => / (1|11)( |$)/.test(request))).toEqual([]);
});

test('does not count the excepted campaign for people whose list has two campaigns', async () => {
  workspace.campaigns.push({ id: 16, status: 'FINISHED', listId: 1, shown: ['person-5'], hidden: [] });
  const result = await overlap(['person-5'], callerOn(stub.url), { exceptCampaignId: 11 });
  expect(result).toMatchObject({ inRunningCampaigns: { count: 0 }, inAnyOtherCampaign: { count: 1 } });
  // There are fewer pages of leads than people. The leads are person-5 again, and people of campaign 11 only.
  const many = await overlap(people(0, 20), callerOn(stub.url), { exceptCampaignId: 11 });
  expect(many).toMatchObject({ inRunningCampaigns: { count: 0 }, inAnyOtherCampaign: { count: 1 } });
});

test('reads the leads of a campaign whose list is not listed', async () => {
  workspace.campaigns.push({ id: 15, status: 'SCHEDULED', listId: 99, shown: people(8_000, 8_030), hidden: [] });
  const result = await overlap(people(8_000, 8_010));
  expect(result.inRunningCampaigns?.count).toBe(10);
  expect(sent()).toContain('campaign/GetLeadsFromCampaign 15');
});

test('counts URLs that cannot be compared', async () => {
  const result = await overlap([
    'https://www.linkedin.com/sales/lead/ACwAAExample,NAME',
    'https://example.com',
    urlOf('person-0'),
  ]);
  expect(result.uncheckable).toBe(2);
  expect(result.inAnyOtherCampaign?.count).toBe(1);
});

test('finds a person with another URL by the member id', async () => {
  const unresolved = 'https://www.linkedin.com/in/ACoAAExample';
  const byId = (slug: string) => ({ profileUrl: unresolved, memberId: memberIdOf(slug) });
  const find = async (slug: string) => (await overlapOf([byId(slug)], callerOn(stub.url).context)) as Overlap;
  expect(await find('person-1600')).toMatchObject({
    inAnyOtherCampaign: { count: 1 },
    inConversation: { count: 1 },
    uncheckable: 0,
  });
  // This person is in no list, so only the conversation has the id.
  expect(await find('person-1760')).toMatchObject({ inAnyOtherCampaign: { count: 0 }, inConversation: { count: 1 } });
  expect(await find('person-4')).toMatchObject({ blacklisted: { count: 1 } });
  expect(await overlap([unresolved])).toMatchObject({ inConversation: { count: 0 }, uncheckable: 1 });
});

test('finds a person without a URL by the member id, and does not report their unread campaigns as none', async () => {
  const byId = (slug: string) => ({ profileUrl: '', memberId: memberIdOf(slug) });
  const find = async (slug: string) => (await overlapOf([byId(slug)], callerOn(stub.url).context)) as Overlap;
  // A member of a list, whose URL the request uses.
  expect(await find('person-1600')).toMatchObject({
    inAnyOtherCampaign: { count: 1 },
    inConversation: { count: 1 },
    uncheckable: 0,
    incomplete: [],
  });
  expect(await find('person-4')).toMatchObject({ blacklisted: { count: 1 }, uncheckable: 0 });
  // The list of this campaign is not listed, so each person takes a request.
  workspace.campaigns.push({ id: 15, status: 'SCHEDULED', listId: 99, shown: [], hidden: ['person-1760'] });
  expect(await find('person-1760')).toMatchObject({
    inConversation: { count: 1 },
    uncheckable: 0,
    incomplete: [{ part: 'campaigns of 1 person', reason: 'they have no profile URL to ask for' }],
  });
});

test.each([{}, { totalCount: 1 }])('campaigns of a person are unknown if HeyReach answers %o', async (body) => {
  const answer = answerFrom(() => workspace);
  stub.answer((request) => (request.path.endsWith('GetCampaignsForLead') ? { body } : answer(request)));
  const result = await overlap(['person-0']);
  expect(result.incomplete).toEqual([{ part: 'campaigns of 1 person', reason: 'HeyReach did not return all of them' }]);
});

test.each([
  [[170001], 1],
  [[170002], 0],
  [[170001, 170002], 2],
])('counts people who talk only with the senders %o', async (linkedInAccountIds, count) => {
  workspace.conversations = [
    { id: 'a', person: 'person-0', linkedInAccountId: 170001, messages: ['ME'] },
    { id: 'b', person: 'person-1', linkedInAccountId: 170001, messages: ['ME'] },
    { id: 'c', person: 'person-1', linkedInAccountId: 170002, messages: ['ME'] },
  ];
  const result = await overlap(['person-0', 'person-1', 'person-2'], callerOn(stub.url), { linkedInAccountIds });
  expect(result).toMatchObject({ inConversation: { count: 2 }, onlyWithOwnSenders: { count } });
});

test('sends every request with background priority', async () => {
  const { context } = callerOn(stub.url);
  const classes: unknown[] = [];
  const areas = ['lists', 'campaigns', 'inbox', 'blacklist'] as const;
  const recording = areas.map((name) => {
    const area = Object.entries(context.client[name]).map(([operation, run]) => [
      operation,
      (request: never, options?: CallOptions) => {
        classes.push(options?.background);
        return run(request, options);
      },
    ]);
    return [name, Object.fromEntries(area)];
  });
  const client = { ...context.client, ...Object.fromEntries(recording) };
  await overlapOf(['person-0'], { ...context, client });
  expect(classes).toEqual(Array.from({ length: 12 }, () => true));
});

test('an empty workspace has no overlap, after one request per listing', async () => {
  workspace = emptyWorkspace();
  expect(await overlap(['person-0'])).toMatchObject({
    inRunningCampaigns: { count: 0 },
    inConversation: { count: 0 },
    blacklisted: { count: 0 },
    requests: 4,
    incomplete: [],
  });
});

test('names lists beyond the limit of people, and never reads them as empty', async () => {
  const source = await openIndex(callerOn(stub.url).context);
  const read = await readPeopleIndex(source, { checks: ['lists'], maxRequests: 150, maxPeople: 1_610 });
  if (read.state !== 'read') throw new Error(read.reason);
  // The list of the running campaign comes first.
  expect(read.index.lists.map(({ list }) => list.id)).toEqual([1, 2, 4]);
  expect(read.index.incomplete).toEqual([
    { part: '100 members of 1 list (3)', reason: 'an index holds at most 1610 list members' },
  ]);
  expect(sent()).not.toContain('list/GetLeadsFromList 3');
});

test.each([
  [10, 4, { state: 'not_checked', reason: 'needs about 11 requests' }],
  [
    11,
    11,
    { inAnyOtherCampaign: null, incomplete: [{ part: 'campaigns of 1 person', reason: 'needs about 1 more request' }] },
  ],
  [12, 12, { inAnyOtherCampaign: { count: 1, examples: ['person-0'] }, incomplete: [] }],
])('with a limit of %i requests, makes %i', async (maxRequests, made, expected) => {
  expect(await overlap(['person-0'], callerOn(stub.url), { maxRequests })).toMatchObject(expected);
  expect(sent()).toHaveLength(made);
});
