import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { fingerprintKey } from '../../../../src/client/index.ts';
import type { ToolResult } from '../../../support/clients/clients.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { TEST_KEY } from '../../../support/runs/keys.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { rowsOf } from '../../../support/tools/tables.ts';
import { useToolHarness, type Wire } from '../../../support/tools/tool-harness.ts';

const HOUR = 3_600_000;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR).toISOString();
const day = (hours: number) => ago(hours).slice(0, 10);

interface Lead {
  id: number;
  connection?: string;
  message?: string;
  failedHours?: number;
}

/** The data for the answers of the stub. */
interface Workspace {
  campaigns: { id: number; status: string; leads: Lead[]; accepted?: number }[];
  lists: Record<number, number>;
  brokenSenders: number[];
  messages: { conversation: string; hours: number; body?: string }[];
}

const FOLDER = mkdtempSync(join(tmpdir(), 'heyreach-bookmarks-'));
const BOOKMARKS = join(FOLDER, 'bookmarks', fingerprintKey(TEST_KEY));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

let workspace: Workspace;
let number = 0;
let bookmark: string;
beforeEach(() => {
  number += 1;
  bookmark = `test-${number}`;
  workspace = { campaigns: [], lists: {}, brokenSenders: [], messages: [] };
});

describe('get_changes', () => {
  const wire = useToolHarness(undefined, { HEYREACH_STATE_DIR: FOLDER });
  beforeEach(() => answerFromWorkspace(wire));
  const call = (args: object = {}) => wire.call('get_changes', { bookmark, ...args });
  const countsIn = ({ structuredContent }: ToolResult) => structuredContent?.counts as Record<string, number | null>;
  const tableIn = ({ structuredContent }: ToolResult, name: string) =>
    rowsOf({ content: [], structuredContent: (structuredContent?.[name] ?? {}) as Record<string, unknown> });

  test('reads everything once in the first call, and only counts acceptances', async () => {
    workspace.campaigns = [{ id: 1, status: 'IN_PROGRESS', leads: [{ id: 5, connection: 'ConnectionAccepted' }] }];
    workspace.messages = [
      { conversation: 'c1', hours: 2, body: 'Tell me more' },
      { conversation: 'c2', hours: 30 },
    ];
    const result = await call();
    const sent = wire.sent();
    expect(sent.filter(({ method }) => method === 'GET')).toEqual([]);
    expect(sent.map(({ path }) => path.replace('/api/public/', '')).sort()).toEqual([
      'campaign/GetAll',
      'campaign/GetLeadsFromCampaign',
      'inbox/GetConversationsV3',
      'li_account/GetAll',
      'list/GetAll',
      'stats/GetOverallStatsByCampaign',
    ]);
    expect(sent).toContainEqual(
      post('/api/public/campaign/GetLeadsFromCampaign', { campaignId: 1, offset: 0, limit: 100 }),
    );
    expect(result.structuredContent).toMatchObject({
      bookmark: { name: bookmark, moved: true },
      counts: { inboundMessages: 1, accepted: null, replied: null, failures: 0 },
      wholeDays: { from: day(24), accepted: 0 },
      howCounted: expect.stringContaining('Campaigns, lists and senders were not compared.'),
    });
    for (const part of ['campaigns', 'lists', 'senders']) expect(countsIn(result)).not.toHaveProperty(part);
    expect(tableIn(result, 'inbound')).toEqual([
      {
        conversationId: 'c1',
        linkedInAccountId: 1,
        name: 'Ada Example',
        profileUrl: 'ada-example',
        messages: 1,
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/),
        said: 'Tell me more',
      },
    ]);
    expect(statSync(join(BOOKMARKS, `at-${bookmark}.json`)).mode & 0o077).toBe(0);
  });

  test('returns the changes in the next call, and nothing in the one after it', async () => {
    workspace.campaigns = [
      { id: 1, status: 'IN_PROGRESS', leads: [{ id: 5, connection: 'ConnectionSent' }, { id: 6 }] },
      { id: 2, status: 'PAUSED', leads: [{ id: 7 }] },
    ];
    workspace.lists = { 3: 10 };
    await call();
    workspace.campaigns = [
      {
        ...{ id: 1, status: 'IN_PROGRESS', accepted: 1 },
        leads: [
          { id: 5, connection: 'ConnectionAccepted' },
          { id: 6, connection: 'ConnectionAccepted', message: 'MessageReply' },
          { id: 8, failedHours: 0 },
        ],
      },
      { id: 2, status: 'IN_PROGRESS', leads: [{ id: 7 }] },
    ];
    workspace.lists = { 3: 12, 4: 1 };
    workspace.brokenSenders = [1];
    workspace.messages = [
      { conversation: 'c1', hours: 0 },
      { conversation: 'c1', hours: -0.1 },
    ];
    wire.stub.requests.length = 0;
    const second = await call({ since: 'last' });
    expect(second.structuredContent).toMatchObject({ bookmark: { moved: true } });
    const changes = { inboundMessages: 2, accepted: 2, replied: 1, failures: 1, campaigns: 1, lists: 2, senders: 1 };
    expect(countsIn(second)).toEqual(changes);
    expect(tableIn(second, 'inbound')).toMatchObject([{ conversationId: 'c1', messages: 2 }]);
    expect(tableIn(second, 'accepted')).toMatchObject([{ profileUrl: 'lead-5' }, { profileUrl: 'lead-6' }]);
    expect(tableIn(second, 'replied')).toMatchObject([{ profileUrl: 'lead-6', campaignId: 1 }]);
    expect(tableIn(second, 'failures')).toMatchObject([{ profileUrl: 'lead-8', errorCode: 'GONE' }]);
    expect(tableIn(second, 'campaigns')).toMatchObject([{ campaignId: 2, before: 'PAUSED', now: 'IN_PROGRESS' }]);
    expect(tableIn(second, 'lists')).toMatchObject([
      { listId: 3, before: 10, now: 12 },
      { listId: 4, before: null, now: 1 },
    ]);
    expect(tableIn(second, 'senders')).toMatchObject([{ before: 'works', now: 'login invalid' }]);
    // The statistics of campaign 2 are unchanged.
    expect(wire.sent().filter(({ path }) => path.includes('GetLeads'))).toHaveLength(1);

    const third = await call();
    const nothing = { inboundMessages: 0, accepted: 0, replied: 0, failures: 0, campaigns: 0, lists: 0, senders: 0 };
    expect(countsIn(third)).toEqual(nothing);

    // A client can ask again for a result that did not arrive.
    const from = (second.structuredContent as { since: string }).since;
    const again = await call({ since: from });
    expect(countsIn(again)).toEqual(changes);
    expect(again.structuredContent).toMatchObject({ bookmark: { moved: false } });
  });

  test('reports a message that HeyReach shows late, once', async () => {
    await call();
    workspace.messages = [{ conversation: 'late', hours: 5 }];
    expect(countsIn(await call()).inboundMessages).toBe(1);
    expect(countsIn(await call()).inboundMessages).toBe(0);
  });

  test('keeps the bookmark if a part was not read, and the next call returns everything', async () => {
    workspace.campaigns = [{ id: 1, status: 'IN_PROGRESS', leads: [{ id: 5 }] }];
    await call();
    workspace.campaigns[0] = {
      ...workspace.campaigns[0]!,
      accepted: 1,
      leads: [{ id: 5, connection: 'ConnectionAccepted' }],
    };
    workspace.messages = [{ conversation: 'c1', hours: 0 }];
    answerFromWorkspace(wire, { '/campaign/GetLeadsFromCampaign': { status: 403, body: { errorMessage: 'no' } } });
    const failed = await call();
    expect(failed.structuredContent).toMatchObject({
      bookmark: { moved: false, reason: expect.stringContaining('incomplete') },
      counts: { inboundMessages: 1, accepted: 0 },
      incomplete: [{ part: 'leads of campaign 1' }],
    });
    answerFromWorkspace(wire);
    expect(countsIn(await call())).toMatchObject({ inboundMessages: 1, accepted: 1 });
    expect(countsIn(await call())).toMatchObject({ inboundMessages: 0, accepted: 0 });
  });

  test('since a time: exact messages and failures, counts of acceptances, and no bookmark', async () => {
    workspace.campaigns = [
      {
        id: 1,
        status: 'FINISHED',
        leads: [
          { id: 5, failedHours: 3 },
          { id: 6, failedHours: 50 },
        ],
      },
      { id: 2, status: 'FINISHED', leads: [{ id: 7 }] },
    ];
    workspace.messages = [
      { conversation: 'c1', hours: 9 },
      { conversation: 'c2', hours: 11 },
    ];
    const since = ago(10);
    const result = await call({ since });
    expect(countsIn(result)).toMatchObject({ inboundMessages: 1, accepted: null, failures: 1 });
    expect(result.structuredContent).toMatchObject({ since, bookmark: { moved: false } });
    expect(wire.sent().filter(({ path }) => path.includes('GetLeads'))).toEqual([
      post('/api/public/campaign/GetLeadsFromCampaign', {
        ...{ campaignId: 1, timeFilter: 'FailedTime', timeFrom: since, offset: 0, limit: 100 },
      }),
    ]);
    expect(wire.sent()).toContainEqual(
      expect.objectContaining({ body: expect.objectContaining({ from: `${day(10)}T00:00:00Z` }) }),
    );
    expect(readdirSync(BOOKMARKS)).not.toContain(`at-${bookmark}.json`);
  });

  test('puts rows beyond the limit into a file', async () => {
    workspace.messages = [1, 2, 3].map((hours) => ({ conversation: `c${hours}`, hours }));
    const result = await call({ limit: 2 });
    expect(tableIn(result, 'inbound')).toMatchObject([{ conversationId: 'c1' }, { conversationId: 'c2' }]);
    expect(result.structuredContent).toMatchObject({
      counts: { inboundMessages: 3 },
      file: { rows: 3, path: expect.stringContaining(FOLDER) },
      bookmark: { moved: true },
    });
  });

  test('ignores an unreadable bookmark', async () => {
    await call();
    writeFileSync(join(BOOKMARKS, `at-${bookmark}.json`), '{"version":1');
    expect(countsIn(await call()).accepted).toBeNull();
    expect(countsIn(await call()).accepted).toBe(0);
  });

  test('keeps bookmarks separate', async () => {
    await call();
    workspace.messages = [{ conversation: 'c1', hours: 0 }];
    expect(countsIn(await call({ bookmark: `${bookmark}-other` })).accepted).toBeNull();
    expect(countsIn(await call()).inboundMessages).toBe(1);
  });

  test('rejects other names and times before any request', async () => {
    for (const name of ['../x', 'A', 'a b', '.hidden', 'a/b'])
      expectInvalid(await call({ bookmark: name }), 'bookmark');
    expectInvalid(await call({ since: 'yesterday' }), 'since');
    expect(wire.sent()).toEqual([]);
  });
});

describe('get_changes without HEYREACH_STATE_DIR', () => {
  const wire = useToolHarness();
  beforeEach(() => answerFromWorkspace(wire));

  test('reports the last 24 hours, and says that there are no bookmarks', async () => {
    workspace.campaigns = [{ id: 1, status: 'IN_PROGRESS', leads: [{ id: 5 }] }];
    workspace.messages = [{ conversation: 'c1', hours: 2 }];
    const result = await wire.call('get_changes');
    expect(result.structuredContent).toMatchObject({
      counts: { inboundMessages: 1, accepted: null },
      bookmark: { moved: false, reason: expect.stringContaining('HEYREACH_STATE_DIR') },
    });
    expect(wire.sent().some(({ path }) => path.includes('GetLeads'))).toBe(false);
    expectInvalid(await wire.call('get_changes', { since: 'last' }), 'HEYREACH_STATE_DIR');
  });
});

function answerFromWorkspace(wire: Wire, further: Parameters<Wire['answerWith']>[0] = {}): void {
  const page = (items: object[]) => ({ body: { totalCount: items.length, items } });
  wire.answerWith({
    '/campaign/GetAll': () =>
      page(
        workspace.campaigns.map(({ id, status, leads }) => ({
          ...{ id, name: `Campaign ${id}`, status },
          progressStats: {
            totalUsers: leads.length,
            totalUsersFailed: leads.filter(({ failedHours }) => failedHours !== undefined).length,
          },
        })),
      ),
    '/campaign/GetLeadsFromCampaign': ({ body }) => {
      const { campaignId, timeFilter, timeFrom } = JSON.parse(body);
      const leads = workspace.campaigns.find(({ id }) => id === campaignId)!.leads.map(toLead);
      return page(timeFilter === undefined ? leads : leads.filter(({ failedTime }) => (failedTime ?? '') >= timeFrom));
    },
    '/list/GetAll': () =>
      page(
        Object.entries(workspace.lists).map(([id, size]) => ({ id: Number(id), name: 'List', totalItemsCount: size })),
      ),
    '/li_account/GetAll': () =>
      page([1, 2].map((id) => ({ id, firstName: 'Grace', authIsValid: !workspace.brokenSenders.includes(id) }))),
    '/stats/GetOverallStatsByCampaign': () => ({
      body: {
        byDayStats: {
          [`${day(0)}T00:00:00Z`]: workspace.campaigns.map(({ id, accepted = 0 }) => ({
            ...{ campaignId: id, connectionsAccepted: accepted },
          })),
        },
      },
    }),
    '/inbox/GetConversationsV3': () => ({ body: { ...page(conversations()).body, hasNextPage: false } }),
    ...further,
  });
}

const times = new Map<object, string>();

/** A message keeps its time, however often it is read. */
function timeOf(message: Workspace['messages'][number]): string {
  const at = times.get(message) ?? ago(message.hours);
  times.set(message, at);
  return at;
}

function conversations() {
  const ids = [...new Set(workspace.messages.map(({ conversation }) => conversation))];
  return ids.map((id) => {
    const messages = workspace.messages
      .filter(({ conversation }) => conversation === id)
      .map((message) => ({ sender: 'CORRESPONDENT', body: message.body ?? 'Hi', createdAt: timeOf(message) }));
    return {
      ...{ id, linkedInAccountId: 1, lastMessageSender: 'CORRESPONDENT', messages },
      lastMessageAt: messages.at(-1)!.createdAt,
      correspondentProfile: {
        ...{ profileUrl: 'https://www.linkedin.com/in/ada-example', firstName: 'Ada', lastName: 'Example' },
      },
    };
  });
}

function toLead({ id, connection = 'None', message = 'None', failedHours }: Lead) {
  return {
    id,
    linkedInUserProfile: { profileUrl: `https://www.linkedin.com/in/lead-${id}`, firstName: 'Lead', lastName: `${id}` },
    failedTime: failedHours === undefined ? null : ago(failedHours),
    leadCampaignStatus: failedHours === undefined ? 'InSequence' : 'Failed',
    leadConnectionStatus: connection,
    leadMessageStatus: message,
    errorCode: failedHours === undefined ? null : 'GONE',
    linkedInSenderId: 1,
  };
}
