import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { tools } from '../../../../src/tools/registry.ts';
import { TOOLS_WITH_EFFECT } from '../../../../src/workflows/people-index/apply-change.ts';
import { openIndex } from '../../../../src/workflows/people-index/open-index.ts';
import { type Overlap, overlapOf } from '../../../../src/workflows/people-index/overlap.ts';
import { readPeopleIndex } from '../../../../src/workflows/people-index/read-people-index.ts';
import { type HeyReachStub, startStub } from '../../../support/heyreach/heyreach-stub.ts';
import { answerFrom, type PeopleWorkspace, urlOf } from '../../../support/heyreach/people-workspace.ts';
import { callerOn, type IndexCaller } from '../../../support/tools/people-index.ts';

let stub: HeyReachStub;
let workspace: PeopleWorkspace;
let caller: IndexCaller;
beforeAll(async () => {
  stub = await startStub();
  stub.answer(answerFrom(() => workspace));
});
afterAll(() => stub.close());

const ASKED = ['ada-example', 'bob-example', 'cy-example'];
beforeEach(async () => {
  workspace = {
    lists: [
      { id: 1, members: ['ada-example'] },
      { id: 2, members: ['bob-example'] },
    ],
    campaigns: [
      { id: 11, status: 'IN_PROGRESS', listId: 1, shown: ['ada-example'], hidden: [] },
      { id: 12, status: 'PAUSED', listId: 2, shown: ['bob-example'], hidden: [] },
    ],
    conversations: [{ id: 'one', person: 'ada-example', linkedInAccountId: 170001, messages: ['ME', 'CORRESPONDENT'] }],
    blacklist: [],
  };
  caller = callerOn(stub.url);
  await check();
  stub.requests.length = 0;
});

async function check() {
  const overlap = (await overlapOf(ASKED.map(urlOf), caller.context)) as Overlap;
  return {
    running: overlap.inRunningCampaigns?.examples,
    any: overlap.inAnyOtherCampaign?.examples,
    blacklisted: overlap.blacklisted?.examples,
  };
}

/** Emits a change by `key`, which is the key of the caller if omitted. */
const emit = (tool: string, input: Record<string, unknown>, key = caller.context.client.fingerprint) =>
  caller.changes.emit({ key, tool, input });

const sent = () =>
  stub.requests
    .map(({ path, body }) => {
      const { listId, campaignId, profileUrl } = JSON.parse(body);
      return [path.replace('/api/public/', ''), listId ?? campaignId ?? profileUrl?.split('/in/')[1]]
        .filter(Boolean)
        .join(' ');
    })
    .sort();

const BEFORE = { running: ['ada-example'], any: ['ada-example', 'bob-example'], blacklisted: [] };

test('before a change, every part is cached', async () => {
  expect(await check()).toEqual(BEFORE);
  expect(sent()).toEqual([]);
});

test('finds leads added to a list after a read of only that list', async () => {
  workspace.lists[0]!.members.push('cy-example');
  workspace.campaigns[0]!.hidden.push('cy-example');
  emit('add_leads_to_list', { listId: 1, leads: [{ profileUrl: urlOf('cy-example') }] });
  expect(await check()).toMatchObject({ running: ['ada-example', 'cy-example'] });
  expect(sent()).toContain('list/GetLeadsFromList 1');
  expect(sent()).not.toContain('list/GetLeadsFromList 2');
  expect(sent().filter((request) => /^(inbox|blacklist)/.test(request))).toEqual([]);
});

test('finds leads added to a campaign', async () => {
  workspace.lists[1]!.members.push('cy-example');
  workspace.campaigns[1]!.hidden.push('cy-example');
  emit('add_leads_to_campaign', { campaignId: 12, accountLeadPairs: [] });
  expect((await check()).any).toEqual(ASKED);
});

test('does not find leads removed from a list', async () => {
  workspace.lists[0]!.members = [];
  workspace.campaigns[0]!.shown = [];
  emit('remove_leads_from_list', { listId: 1, leadMemberIds: ['9'] });
  expect((await check()).any).toEqual(['bob-example']);
});

test('asks for a stopped lead again', async () => {
  emit('stop_lead_in_campaign', { campaignId: 11, leadUrl: urlOf('ada-example') });
  await check();
  expect(sent()).toEqual(['campaign/GetCampaignsForLead ada-example']);
});

test('counts a started campaign as running', async () => {
  workspace.campaigns[1]!.status = 'IN_PROGRESS';
  emit('resume_campaign', { campaignId: 12 });
  expect((await check()).running).toEqual(['ada-example', 'bob-example']);
});

test('marks the conversation of a message as ours, and an unknown conversation makes the inbox stale', async () => {
  const conversationsOf = async (slug: string) => {
    const read = await readPeopleIndex(await openIndex(caller.context), { checks: ['conversations'], maxRequests: 9 });
    return read.state === 'read' ? read.index.conversations?.get(`in/${slug}`) : read;
  };
  const state = { conversationId: 'one', linkedInAccountId: 170001, theyAnswered: true, weWrote: true };
  expect(await conversationsOf('ada-example')).toEqual([{ ...state, wroteLast: 'them' }]);
  emit('send_message', { conversationId: 'one', linkedInAccountId: 170001, message: 'Hi' });
  expect(await conversationsOf('ada-example')).toEqual([{ ...state, wroteLast: 'us' }]);
  expect(sent()).toEqual([]);
  workspace.conversations.push({ id: 'two', person: 'bob-example', linkedInAccountId: 170002, messages: ['ME'] });
  emit('send_message', { conversationId: 'two', linkedInAccountId: 170002, message: 'Hi' });
  expect(await conversationsOf('bob-example')).toMatchObject([{ conversationId: 'two', theyAnswered: false }]);
  expect(sent()).toEqual(['inbox/GetConversationsV3']);
});

test('counts a blacklisted person', async () => {
  workspace.blacklist.push({ person: 'bob-example', status: 'Matched' });
  emit('add_leads_to_blacklist', { leads: [] });
  expect((await check()).blacklisted).toEqual(['bob-example']);
  expect(sent()).toEqual(['blacklist/GetLeads']);
});

test('after suppress_leads, reads the campaigns and the blacklist again, but not the lists', async () => {
  workspace.blacklist.push({ person: 'ada-example', status: 'Matched' });
  emit('suppress_leads', { profileUrls: [urlOf('ada-example')] });
  expect((await check()).blacklisted).toEqual(['ada-example']);
  expect(sent()).toContain('blacklist/GetLeads');
  expect(sent().filter((request) => request.startsWith('list/'))).toEqual([]);
});

test.each([
  ['set_conversation_seen', { conversationId: 'one' }],
  ['add_lead_tags', { leadProfileUrl: urlOf('ada-example') }],
])('%s changes nothing in the index', async (tool, input) => {
  emit(tool, input);
  await check();
  expect(sent()).toEqual([]);
});

test('a tool without an entry makes all parts of its key stale, and of no other key', async () => {
  emit('write_of_a_later_version', {}, 'another key');
  await check();
  expect(sent()).toEqual([]);
  emit('write_of_a_later_version', {});
  await check();
  expect(sent().length).toBeGreaterThan(6);
});

test('every entry is for a writing tool', () => {
  const writes = tools.filter(({ risk }) => risk !== 'read').map(({ name }) => name);
  expect(TOOLS_WITH_EFFECT.filter((name) => !writes.includes(name))).toEqual([]);
});
