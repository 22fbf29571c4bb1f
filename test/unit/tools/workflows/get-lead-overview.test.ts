import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const profileUrl = 'https://www.linkedin.com/in/ada-example';
const person = { linkedin_id: '580000001', profileUrl, firstName: 'Ada', lastName: 'Example', companyName: null };

const thread = {
  id: '2-abc',
  linkedInAccountId: 170001,
  read: true,
  lastMessageAt: '2026-09-20T12:00:19.007Z',
  lastMessageText: 'Sounds good',
  lastMessageSender: 'CORRESPONDENT',
  totalMessages: 3,
  correspondentProfile: person,
  linkedInAccount: { id: 170001, firstName: 'Grace', lastName: 'Example' },
  messages: [
    { createdAt: '2026-09-19T09:00:00.000Z', body: 'Hi Ada', sender: 'ME' },
    { createdAt: '2026-09-20T11:00:00.000Z', body: 'Hello', sender: 'CORRESPONDENT' },
    { createdAt: '2026-09-20T12:00:19.007Z', body: 'Sounds\n good', sender: 'CORRESPONDENT' },
  ],
};

const answers = {
  '/lead/GetLead': { body: { ...person, experiences: '[]' } },
  '/lead/GetTags': { body: { tags: ['hot'] } },
  '/campaign/GetCampaignsForLead': {
    body: {
      leadFullName: 'Ada Example',
      totalCount: 3,
      items: [
        { campaignId: 1, campaignName: 'One', campaignStatus: 'PAUSED', leadStatus: 'InSequence', creationTime: null },
        { campaignId: 2, campaignName: 'Two', campaignStatus: 'CANCELED', leadStatus: 'Pending' },
        { campaignId: 3, campaignName: 'Three', campaignStatus: 'IN_PROGRESS', leadStatus: 'Finished' },
      ],
    },
  },
  '/list/GetListsForLead': { body: { totalCount: 1, items: [{ listId: 9, listName: 'Founders' }] } },
  '/inbox/GetConversationsV3': { body: { totalCount: 1, items: [thread], nextCursor: null, hasNextPage: false } },
  '/blacklist/GetLeads': {
    body: {
      totalCount: 2,
      items: [
        { profileUrl: 'linkedin.com/in/ada-example-2', matchingStatus: 'Matched' },
        { profileUrl: 'https://de.linkedin.com/in/Ada-Example/', matchingStatus: 'Matching' },
      ],
    },
  },
};

const filters = {
  linkedInAccountIds: [],
  campaignIds: [],
  searchString: null,
  leadLinkedInId: null,
  leadProfileUrl: profileUrl,
  tags: [],
  seen: null,
  latestAutoTagNames: [],
};

describe('get_lead_overview', () => {
  const wire = useToolHarness();
  const sentByPath = () => wire.sent().sort((a, b) => (a.path < b.path ? -1 : 1));

  test('makes six requests and returns their answers as one result', async () => {
    wire.answerWith(answers);
    const result = await wire.call('get_lead_overview', { profileUrl, messages: 2 });
    expect(sentByPath()).toEqual([
      post('/api/public/blacklist/GetLeads', { search: 'ada-example', offset: 0, limit: 100 }),
      post('/api/public/campaign/GetCampaignsForLead', { profileUrl, offset: 0, limit: 100 }),
      post('/api/public/inbox/GetConversationsV3', { limit: 100, cursor: null, filters }),
      post('/api/public/lead/GetLead', { profileUrl }),
      post('/api/public/lead/GetTags', { profileUrl }),
      post('/api/public/list/GetListsForLead', { profileUrl, offset: 0, limit: 100 }),
    ]);
    const { asOf, ...rest } = result.structuredContent!;
    expect(Math.abs(Date.parse(String(asOf)) - Date.now())).toBeLessThan(60_000);
    expect(rest).toMatchObject({
      known: true,
      profile: { linkedin_id: '580000001', profileUrl },
      tags: ['hot'],
      canBeReachedBy: [1],
      campaigns: {
        columns: ['campaignId', 'name', 'status', 'leadStatus', 'since'],
        rows: [
          [1, 'One', 'PAUSED', 'InSequence', null],
          [2, 'Two', 'CANCELED', 'Pending', null],
          [3, 'Three', 'IN_PROGRESS', 'Finished', null],
        ],
      },
      lists: { columns: ['listId', 'name'], rows: [[9, 'Founders']] },
      blacklist: 'Matching',
      waitingForUs: true,
      conversations: {
        columns: [
          'conversationId',
          'linkedInAccountId',
          'sender',
          'lastMessageAt',
          'waitingSince',
          'read',
          'totalMessages',
        ],
        rows: [['2-abc', 170001, 'Grace Example', '2026-09-20T12:00:19.007Z', '2026-09-20T11:00:00.000Z', true, 3]],
      },
      messages: {
        columns: ['at', 'from', 'text'],
        rows: [
          ['2026-09-20T11:00', 'CORRESPONDENT', 'Hello'],
          ['2026-09-20T12:00', 'CORRESPONDENT', 'Sounds good'],
        ],
      },
    });
    expect(rest).not.toHaveProperty('incomplete');
    expect(rest.profile).not.toHaveProperty('companyName');
  });

  test('asks each sender for the connection on request', async () => {
    wire.answerWith({
      ...answers,
      '/li_account/GetAll': {
        body: {
          totalCount: 2,
          items: [
            { id: 170001, firstName: 'Grace', lastName: 'Example' },
            { id: 170002, firstName: 'Mei', lastName: 'Demo' },
          ],
        },
      },
      '/MyNetwork/IsConnection': ({ body }) =>
        body.includes('170001') ? { body: { isConnection: true } } : { status: 404, body: { errorMessage: 'gone' } },
    });
    const result = await wire.call('get_lead_overview', { profileUrl, connections: true, messages: 0 });
    expect(wire.sent()).toHaveLength(9);
    expect(result.structuredContent).not.toHaveProperty('messages');
    expect(result.structuredContent).toMatchObject({
      connections: {
        columns: ['linkedInAccountId', 'sender', 'isConnection'],
        rows: [
          [170001, 'Grace Example', true],
          [170002, 'Mei Demo', null],
        ],
      },
      incomplete: [{ part: 'connection with "Mei Demo" (LinkedIn account 170002)', reason: 'gone' }],
    });
  });

  test('reports a person that HeyReach does not know as unknown, without an error', async () => {
    const unresolvable = { status: 400, body: { errorMessage: 'Could not resolve a LinkedIn lead from the URL' } };
    const unknown = { status: 404, body: { errorMessage: 'The lead was not found.' } };
    wire.answerWith({
      '/lead/GetLead': unknown,
      '/lead/GetTags': unknown,
      '/campaign/GetCampaignsForLead': { body: { totalCount: 0, items: [] } },
      '/list/GetListsForLead': { body: { totalCount: 0, items: [] } },
      '/inbox/GetConversationsV3': unresolvable,
      '/inbox/GetConversationsV2': unresolvable,
      '/blacklist/GetLeads': { body: { totalCount: 0, items: [] } },
    });
    const result = await wire.call('get_lead_overview', { profileUrl });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toMatchObject({ known: false, blacklist: 'none', waitingForUs: false });
    expect(result.structuredContent).not.toHaveProperty('profile');
    expect(result.structuredContent).not.toHaveProperty('incomplete');
  });

  test.each([undefined, {}])('a missing route says nothing about the person: 404 with %j', async (body) => {
    const empty = { body: { totalCount: 0, items: [] } };
    const missing = { status: 404, ...(body === undefined ? {} : { body }) };
    wire.answerWith({
      '/lead/GetLead': { body: { profileUrl, firstName: 'Ada', lastName: 'Example' } },
      '/lead/GetTags': { body: { tags: [] } },
      '/campaign/GetCampaignsForLead': missing,
      '/list/GetListsForLead': missing,
      '/inbox/GetConversationsV3': empty,
      '/blacklist/GetLeads': missing,
    });
    const { structuredContent } = await wire.call('get_lead_overview', { profileUrl });
    for (const field of ['campaigns', 'canBeReachedBy', 'lists', 'blacklist']) {
      expect(structuredContent).not.toHaveProperty(field);
    }
    const reason = 'HTTP 404 without an explanation';
    expect(structuredContent).toMatchObject({
      incomplete: ['campaigns', 'lists', 'blacklist'].map((part) => ({ part, reason })),
    });
  });

  test.each([
    [null, [4]],
    ['SomethingNew', [4]],
    ['Paused', [4]],
    ['Finished', []],
    ['Failed', []],
    ['Excluded', []],
  ])('a lead that is %s in a running campaign can be reached by %j', async (leadStatus, reach) => {
    const items = [{ campaignId: 4, campaignStatus: 'IN_PROGRESS', leadStatus }];
    wire.answerWith({ ...answers, '/campaign/GetCampaignsForLead': { body: { totalCount: 1, items } } });
    const { structuredContent } = await wire.call('get_lead_overview', { profileUrl });
    expect(structuredContent?.canBeReachedBy).toEqual(reach);
  });

  const foreign = Array.from({ length: 100 }, (_, id) => ({
    id,
    profileUrl: `https://www.linkedin.com/in/demo-an-${id}`,
    matchingStatus: 'Matched',
  }));
  test.each([
    ['has more rows than one page', { totalCount: 101, items: foreign }],
    ['has no rows', {}],
    ['has a full page and no count', { items: foreign }],
  ])('a search of the blacklist that %s does not show that a person is missing', async (_, body) => {
    const unknown = { status: 404, body: { errorMessage: 'The lead was not found.' } };
    const empty = { body: { totalCount: 0, items: [] } };
    wire.answerWith({
      '/lead/GetLead': unknown,
      '/lead/GetTags': unknown,
      '/campaign/GetCampaignsForLead': empty,
      '/list/GetListsForLead': empty,
      '/inbox/GetConversationsV3': empty,
      '/blacklist/GetLeads': { body },
    });
    const { structuredContent } = await wire.call('get_lead_overview', {
      profileUrl: 'https://www.linkedin.com/in/张伟-an',
    });
    expect(structuredContent).not.toHaveProperty('blacklist');
    expect(structuredContent).not.toHaveProperty('known');
    expect(structuredContent).toMatchObject({
      incomplete: [{ part: 'blacklist', reason: 'the search of the blacklist has more entries than were read' }],
    });
  });

  test('a person among the read entries of a longer search is on the blacklist', async () => {
    const own = { profileUrl, matchingStatus: 'Matched' };
    wire.answerWith({
      ...answers,
      '/blacklist/GetLeads': { body: { totalCount: 101, items: [...foreign.slice(1), own] } },
    });
    const { structuredContent } = await wire.call('get_lead_overview', { profileUrl });
    expect(structuredContent?.blacklist).toBe('Matched');
    expect(structuredContent).not.toHaveProperty('incomplete');
  });

  test('names a missing part, and says nothing about the person', async () => {
    const denied = { status: 403, body: { errorMessage: 'no' } };
    const empty = { body: { totalCount: 0, items: [] } };
    wire.answerWith({
      '/lead/GetLead': { status: 404 },
      '/lead/GetTags': { status: 404 },
      '/campaign/GetCampaignsForLead': denied,
      '/list/GetListsForLead': empty,
      '/inbox/GetConversationsV3': { status: 404 },
      '/inbox/GetConversationsV2': empty,
      '/blacklist/GetLeads': empty,
    });
    const result = await wire.call('get_lead_overview', { profileUrl });
    expect(result.structuredContent).toMatchObject({ incomplete: [{ part: 'campaigns', reason: 'no' }] });
    for (const field of ['known', 'campaigns', 'canBeReachedBy']) {
      expect(result.structuredContent).not.toHaveProperty(field);
    }
  });

  test('fails if no part can be read', async () => {
    wire.stub.answer(() => ({ status: 401, body: 'Invalid API key' }));
    const result = await wire.call('get_lead_overview', { profileUrl });
    expect(result.isError).toBe(true);
    expect(result.structuredContent?.error).toMatchObject({ kind: 'unauthorized', outcome: 'refused' });
  });

  test('rejects a URL that is not of a person', async () => {
    expectInvalid(
      await wire.call('get_lead_overview', { profileUrl: 'https://www.linkedin.com/company/example' }),
      'profileUrl is a /company/ URL',
    );
    expect(wire.sent()).toEqual([]);
  });
});
