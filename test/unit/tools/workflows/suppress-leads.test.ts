import { describe, expect, test } from 'vitest';
import { tools } from '../../../../src/tools/registry.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { ada, mei, pageOf, table, urlIn, useSuppressLeads } from '../../../support/tools/suppress-leads.ts';

describe('suppress_leads', () => {
  const { wire, stopped, answer, call } = useSuppressLeads();

  test('makes six requests for a person in one running campaign, the blacklist first', async () => {
    answer();
    const result = await call({ profileUrls: [ada] });
    expect(wire.sent()).toEqual([
      post('/api/public/blacklist/AddLeads', { leads: [{ profileUrl: ada }] }),
      post('/api/public/campaign/GetCampaignsForLead', { profileUrl: ada, offset: 0, limit: 100 }),
      post('/api/public/campaign/StopLeadInCampaign', { campaignId: 1, leadUrl: ada }),
      post('/api/public/lead/AddTags', {
        leadProfileUrl: ada,
        tags: ['do-not-contact'],
        createTagIfNotExisting: true,
      }),
      post('/api/public/campaign/GetCampaignsForLead', { profileUrl: ada, offset: 0, limit: 100 }),
      post('/api/public/blacklist/GetLeads', { offset: 0, limit: 100 }),
    ]);
    expect(result.structuredContent).toEqual({
      given: 1,
      counts: { done: 1 },
      outcomes: {
        columns: ['index', 'person', 'outcome', 'stopped', 'alreadyThrough', 'blacklist', 'tag', 'lists', 'note'],
        rows: [[0, 'ada-example', 'done', [1], [2, 3], 'Matched', 'added', null, null]],
      },
      clear: true,
      campaigns: {
        columns: ['campaignId', 'name', 'status'],
        rows: [
          [1, 'One', 'IN_PROGRESS'],
          [2, 'Two', 'IN_PROGRESS'],
          [3, 'Three', 'CANCELED'],
        ],
      },
    });
  });

  test.each([
    ['Pending', true],
    ['InSequence', true],
    ['Paused', true],
    ['PendingOrExcludedToBeCalculated', true],
    ['SomethingNew', true],
    ['Finished', false],
    ['Failed', false],
    ['Excluded', false],
  ])('a lead that is %s is stopped: %s', async (status, isStopped) => {
    answer({
      '/campaign/GetCampaignsForLead': ({ body }) =>
        pageOf([
          { campaignId: 7, campaignStatus: 'PAUSED', leadStatus: stopped.has(urlIn(body)) ? 'Finished' : status },
        ]),
    });
    const result = await call({ profileUrls: [ada] });
    const stops = wire.sent().filter(({ path }) => path.endsWith('/StopLeadInCampaign'));
    expect(stops).toHaveLength(isStopped ? 1 : 0);
    expect(table(result)[0]).toMatchObject({
      stopped: isStopped ? [7] : [],
      alreadyThrough: isStopped ? [] : [7],
    });
    expect(result.structuredContent?.clear).toBe(true);
  });

  test('reads all pages of the campaigns of a person', async () => {
    const many = Array.from({ length: 130 }, (_, index) => ({
      campaignId: index + 1,
      campaignStatus: 'FINISHED',
      leadStatus: index === 129 && !stopped.has(ada) ? 'Paused' : 'Finished',
    }));
    answer({
      '/campaign/GetCampaignsForLead': ({ body }) => {
        const { offset, limit } = JSON.parse(body) as { offset: number; limit: number };
        const items = many.map((row) => ({ ...row, leadStatus: stopped.has(ada) ? 'Finished' : row.leadStatus }));
        return { body: { totalCount: 130, items: items.slice(offset, offset + limit) } };
      },
    });
    const result = await call({ profileUrls: [ada] });
    expect(table(result)[0]).toMatchObject({ outcome: 'done', stopped: [130] });
  });

  test('supports another tag, no tag, and no blacklist', async () => {
    answer();
    await call({ profileUrls: [ada], tag: 'opt-out', blacklist: false });
    expect(wire.sent().map(({ path }) => path.replace('/api/public', ''))).toEqual([
      '/campaign/GetCampaignsForLead',
      '/campaign/StopLeadInCampaign',
      '/lead/AddTags',
      '/campaign/GetCampaignsForLead',
      '/list/GetListsForLead',
    ]);
    expect(wire.sent()[2]?.body).toMatchObject({ tags: ['opt-out'] });
    wire.stub.requests.length = 0;
    await call({ profileUrls: [ada], addTag: false });
    expect(wire.sent().filter(({ path }) => path.includes('Tag'))).toEqual([]);
  });

  test('names rows without a person, sends repeated people once, and handles the others', async () => {
    answer();
    const profileUrls = [
      'ada@example.com',
      'ada-example',
      'https://www.linkedin.com/company/example',
      'http://de.linkedin.com/in/ADA-Example/?utm=x',
      mei,
      null,
    ];
    const result = await call({ profileUrls });
    expect(wire.sent()[0]?.body).toEqual({ leads: [{ profileUrl: ada }, { profileUrl: mei }] });
    expect(wire.sent()).toHaveLength(10);
    expect(table(result).map(({ index, person, outcome }) => [index, person, outcome])).toEqual([
      [0, 'ada@example.com', 'refused'],
      [1, 'ada-example', 'done'],
      [2, 'https://www.linkedin.com/company/example', 'refused'],
      [3, 'ADA-Example', 'duplicate'],
      [4, 'mei-example', 'done'],
      [5, 'null', 'refused'],
    ]);
    expect(table(result)[0]?.note).toContain('not an e-mail address');
    expect(result.structuredContent).toMatchObject({
      given: 6,
      counts: { refused: 3, done: 2, duplicate: 1 },
      clear: false,
      reason: '3 of 6 rows are not clear: see their notes.',
    });
    expect(result.structuredContent).not.toHaveProperty('remaining');
  });

  test('rejects a call without a readable person', async () => {
    expectInvalid(await call({ profileUrls: ['ada@example.com'] }), 'not an e-mail address');
    expectInvalid(await call({ profileUrls: [] }), 'profileUrls must have at least 1 entries');
    const many = Array.from({ length: 51 }, (_, index) => `person-${index}`);
    expectInvalid(await call({ profileUrls: many }), 'profileUrls must have at most 50 entries');
    expect(wire.sent()).toEqual([]);
  });

  describe('the blacklist', () => {
    test.each([
      ['Matched', true],
      ['Matching', false],
      ['NotFound', false],
      ['BroadMatch', false],
    ])('with an entry that is %s, a person is clear: %s', async (matchingStatus, isClear) => {
      answer({ '/blacklist/GetLeads': pageOf([{ id: 100, profileUrl: ada, matchingStatus }]) });
      const result = await call({ profileUrls: [ada] });
      expect(table(result)[0]).toMatchObject({ outcome: 'done', blacklist: matchingStatus });
      expect(result.structuredContent?.clear).toBe(isClear);
      if (!isClear) expect(table(result)[0]?.note).toContain(`the entry is ${matchingStatus}`);
    });

    test('finds a person with another URL by the entry that HeyReach names', async () => {
      const entries = [{ inputIndex: 0, id: 55, created: false }];
      answer({
        '/blacklist/AddLeads': { body: { added: 0, entries, duplicates: [ada], validationErrors: [] } },
        '/blacklist/GetLeads': pageOf([
          { id: 55, profileUrl: 'https://www.linkedin.com/in/ACoAAExample1', matchingStatus: 'Matched' },
        ]),
      });
      expect(table(await call({ profileUrls: [ada] }))[0]).toMatchObject({ outcome: 'done', blacklist: 'Matched' });
    });

    test('searches for a person who is not among the newest entries', async () => {
      answer({
        '/blacklist/GetLeads': ({ body }) =>
          pageOf(body.includes('search') ? [{ id: 9, profileUrl: `${ada}/`, matchingStatus: 'Matched' }] : []),
      });
      const result = await call({ profileUrls: [ada] });
      expect(wire.sent().slice(-2)).toEqual([
        post('/api/public/blacklist/GetLeads', { offset: 0, limit: 100 }),
        post('/api/public/blacklist/GetLeads', { search: 'ada-example', offset: 0, limit: 100 }),
      ]);
      expect(table(result)[0]).toMatchObject({ outcome: 'done', blacklist: 'Matched' });
    });

    test('reports a row that HeyReach rejects, and a row that it does not list', async () => {
      const validationErrors = [{ inputIndex: 0, errorMessage: 'no such profile' }];
      answer({
        '/blacklist/AddLeads': { body: { added: 1, entries: [], duplicates: [], validationErrors } },
        '/blacklist/GetLeads': pageOf([]),
      });
      expect(table(await call({ profileUrls: [ada, mei] })).map(({ note }) => note)).toEqual([
        'blacklist: refused: no such profile',
        'blacklist: HeyReach accepted the person, but does not list them',
      ]);
    });
  });

  describe('lists of campaigns that have not started', () => {
    const inLists = pageOf([
      { listId: 21, listName: 'Feeds a draft' },
      { listId: 22, listName: 'Feeds nothing' },
    ]);
    const drafts = pageOf([
      { id: 31, status: 'DRAFT', linkedInUserListId: 21 },
      { id: 32, status: 'SCHEDULED', linkedInUserListId: 21 },
      { id: 33, status: 'DRAFT', linkedInUserListId: null },
    ]);
    const none = pageOf([]);

    test('are named for a person without a campaign, and stay unchanged', async () => {
      answer({
        '/campaign/GetCampaignsForLead': none,
        '/list/GetListsForLead': inLists,
        '/campaign/GetAll': drafts,
      });
      const result = await call({ profileUrls: [ada, mei] });
      expect(wire.sent().filter(({ path }) => path.endsWith('/GetAll'))).toEqual([
        post('/api/public/campaign/GetAll', { statuses: ['DRAFT', 'SCHEDULED'], offset: 0, limit: 100 }),
      ]);
      expect(wire.sent().filter(({ method }) => method === 'DELETE')).toEqual([]);
      expect(table(result)).toMatchObject([{ lists: [21] }, { lists: [21] }]);
      expect(result.structuredContent).toMatchObject({
        clear: true,
        lists: { columns: ['listId', 'name', 'feeds'], rows: [[21, 'Feeds a draft', [31, 32]]] },
        nextStep: expect.stringContaining('remove_leads_from_list_by_url'),
      });
    });

    test('leave a person not clear if no blacklist excludes the person', async () => {
      answer({ '/list/GetListsForLead': inLists, '/campaign/GetAll': drafts });
      const result = await call({ profileUrls: [ada], blacklist: false });
      expect(table(result)[0]).toMatchObject({ outcome: 'done', lists: [21], note: 'list 21 feeds campaign 31, 32' });
      expect(result.structuredContent?.clear).toBe(false);
    });

    test('are named as missing if they cannot be read', async () => {
      answer({ '/list/GetListsForLead': { status: 403, body: { errorMessage: 'no' } } });
      const result = await call({ profileUrls: [ada], blacklist: false });
      expect(result.structuredContent).toMatchObject({
        clear: false,
        incomplete: [{ part: 'lists of ada-example', reason: 'no' }],
      });
      expect(table(result)[0]).toMatchObject({ lists: null, note: 'lists: not read (no)' });
    });
  });

  test('a person whom HeyReach does not know gets on the blacklist, but has no tag', async () => {
    const unknown = { status: 400, body: { errorMessage: 'Could not resolve the lead.' } };
    answer({
      '/campaign/GetCampaignsForLead': unknown,
      '/lead/AddTags': unknown,
      '/list/GetListsForLead': unknown,
      '/blacklist/GetLeads': pageOf([{ id: 100, matchingStatus: 'Matching' }]),
    });
    const result = await call({ profileUrls: [ada] });
    expect(table(result)[0]).toMatchObject({
      outcome: 'not_confirmed',
      stopped: [],
      blacklist: 'Matching',
      tag: 'unknown_person',
      lists: [],
    });
    expect(result.structuredContent).toMatchObject({
      clear: false,
      nextStep:
        'Where HeyReach knows no person, check the URL and call again with the right one. ' +
        'Only Matched excludes a person: read the status again with list_blacklisted_leads.',
    });
    expect(result.structuredContent).not.toHaveProperty('remaining');
  });

  test('the tags of the person decide a rejection of the tag after a lost response', async () => {
    let calls = 0;
    answer({
      '/lead/AddTags': () => {
        calls += 1;
        return calls === 1 ? { status: 500 } : { status: 400, body: { errorMessage: 'busy' } };
      },
      '/lead/GetTags': { body: { tags: ['Do-Not-Contact'] } },
    });
    expect(table(await call({ profileUrls: [ada] }))[0]).toMatchObject({ outcome: 'done', tag: 'present' });
  });

  test('requires no confirmation', () => {
    expect(tools.find(({ name }) => name === 'suppress_leads')).toMatchObject({ risk: 'stop', confirmation: 'never' });
  });
});
