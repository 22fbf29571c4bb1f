import { describe, expect, test } from 'vitest';
import { get, post } from '../../../support/heyreach/requests.ts';
import { checksOf, findingsOf, partsOf, statesOf } from '../../../support/tools/shown-checks.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const end = { nodeType: 'END', actionDelay: 3, actionDelayUnit: 'HOUR' };
const invitation = (note: string, fallbackMessage = 'Hi') => ({
  nodeType: 'CONNECTION_REQUEST',
  payload: { messages: [note], fallbackMessage },
  conditionalNode: end,
  unconditionalNode: end,
});

/** A DRAFT with an invitation, two leads and one sender, on a workspace without other campaigns. */
const ANSWERS = {
  '/campaign/GetById': {
    body: { id: 7, name: 'Founders', status: 'DRAFT', campaignAccountIds: [1], linkedInUserListId: 9 },
  },
  '/campaign/GetCampaignSequence': { body: invitation('Hi {FIRST_NAME}') },
  '/list/GetById': { body: { id: 9, name: 'Founders list', totalItemsCount: 2 } },
  '/list/GetLeadsFromList': {
    body: {
      totalCount: 2,
      items: ['ada', 'jane'].map((slug) => ({
        profileUrl: `https://www.linkedin.com/in/${slug}-example`,
        firstName: slug,
        lastName: 'Example',
      })),
    },
  },
  '/li_account/GetAll': {
    body: { totalCount: 1, items: [{ id: 1, firstName: 'Grace', accountLimits: { connectioRequestLimit: 20 } }] },
  },
  '/list/GetAll': { body: { totalCount: 0, items: [] } },
  '/campaign/GetAll': { body: { totalCount: 0, items: [] } },
  '/inbox/GetConversationsV3': { body: { totalCount: 0, items: [] } },
  '/blacklist/GetLeads': { body: { totalCount: 0, items: [] } },
};
const DENIED = { status: 403, body: { errorMessage: 'no' } };

describe('check_campaign', () => {
  const wire = useToolHarness();

  test('reads the campaign, then each part once', async () => {
    wire.answerWith(ANSWERS);
    const result = await wire.call('check_campaign', { campaignId: 7 });
    const [first, ...others] = wire.sent();
    expect(first).toEqual(get('/api/public/campaign/GetById?campaignId=7'));
    const own = others.filter(({ path }) => !/GetConversationsV3|blacklist|\/GetAll/.test(path) || /li_acc/.test(path));
    expect(own.sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
      get('/api/public/campaign/GetCampaignSequence?campaignId=7'),
      post('/api/public/li_account/GetAll', { offset: 0, limit: 100 }),
      get('/api/public/list/GetById?listId=9'),
      post('/api/public/list/GetLeadsFromList', { listId: 9, offset: 0, limit: 1_000 }),
    ]);
    const { asOf: _, ...rest } = result.structuredContent!;
    expect(rest).toEqual({
      campaign: { campaignId: 7, name: 'Founders' },
      summary: { stop: 0, warn: 0, unknown: 1, ok: 6 },
      checks: {
        status: { state: 'ok', status: 'DRAFT', next: 'start_campaign' },
        sequence: { state: 'ok', steps: 1 },
        list: { state: 'ok', size: 2, read: 2, duplicates: 0, nameless: 0 },
        overlap: {
          state: 'ok',
          checked: 2,
          inOtherCampaigns: 0,
          waitingElsewhere: 0,
          inRunning: 0,
          inConversation: 0,
          blacklisted: 0,
          exclusions: [],
        },
        senders: { state: 'ok', senders: 1, working: 1 },
        capacity: { state: 'ok', leads: 2, perDay: 20, actions: 'invitations', days: 1 },
        schedule: {
          state: 'unknown',
          next: 'HeyReach does not return schedules. Ask the user for days, hours and time zone.',
        },
      },
      findings: { columns: ['severity', 'at', 'problem', 'leads', 'fix'], rows: [] },
      renders: [
        { lead: '"ada Example"', chosenFor: 'most fields', texts: ['step 1 CONNECTION_REQUEST: "Hi ada"'] },
        { lead: '"jane Example"', chosenFor: 'another lead', texts: ['step 1 CONNECTION_REQUEST: "Hi jane"'] },
      ],
    });
  });

  test('checks a draft of the sequence in place of the present sequence, and shows no texts with render 0', async () => {
    wire.answerWith(ANSWERS);
    const sequence = invitation('Hi {COMPANY}, [insert pitch]');
    const result = await wire.call('check_campaign', { campaignId: 7, sequence, render: 0 });
    expect(wire.sent().some(({ path }) => path.includes('GetCampaignSequence'))).toBe(false);
    expect(result.structuredContent).not.toHaveProperty('renders');
    expect(findingsOf(result).map(({ severity }) => severity)).toContain('stop');
    const asText = await wire.call('check_campaign', { campaignId: 7, sequence: JSON.stringify(sequence), render: 0 });
    expect(asText.structuredContent?.findings).toEqual(result.structuredContent?.findings);
  });

  test.each([
    { ...invitation('Hi'), unconditionalNode: undefined },
    { ...invitation('Hi {FIRST_NAME}', ''), nodeType: 'MESSAGE', conditionalNode: invitation('Hi') },
    { nodeType: 'CONECTION_REQUEST' },
    { ...invitation('Hi'), actionDelay: -1 },
    { ...invitation('Hi'), delay: 3 },
  ])('rejects an invalid draft as create_campaign does', async (sequence) => {
    const rejections = await Promise.all([
      wire.call('check_campaign', { campaignId: 7, sequence }),
      wire.call('create_campaign', { name: 'Founders', linkedInAccountIds: [1], sequence }),
    ]);
    const [own, created] = rejections.map(
      ({ structuredContent }) => structuredContent?.error as { kind: string; message: string },
    );
    expect(own?.kind).toBe('invalid_input');
    expect(own?.message.replace('check_campaign', '')).toBe(created?.message.replace('create_campaign', ''));
    expect(wire.sent()).toEqual([]);
  });

  test('fails if the campaign cannot be read', async () => {
    wire.answerWith({ '/campaign/GetById': { status: 404, body: { errorMessage: 'none' } } });
    const result = await wire.call('check_campaign', { campaignId: 7 });
    expect(result.structuredContent?.error).toMatchObject({ kind: 'not_found', message: 'none' });
    expect(wire.sent()).toHaveLength(1);
  });
});

const INDEX = [
  '/list/GetAll',
  '/campaign/GetAll',
  '/inbox/GetConversationsV3',
  '/inbox/GetConversationsV2',
  '/blacklist/GetLeads',
];

// Each case has its own program, because a program caches the parts of the index that it has read.
describe.each([
  { paths: ['/campaign/GetCampaignSequence'], parts: ['sequence'], unknown: ['sequence', 'senders', 'capacity'] },
  { paths: ['/list/GetById'], parts: ['list'], unknown: ['list', 'capacity'] },
  {
    paths: ['/list/GetLeadsFromList'],
    parts: ['leads of the list'],
    unknown: ['sequence', 'list', 'overlap', 'senders'],
  },
  { paths: ['/li_account/GetAll'], parts: ['senders'], unknown: ['senders', 'capacity'] },
  { paths: ['/list/GetAll'], parts: ['lists'], unknown: ['overlap'] },
  { paths: ['/campaign/GetAll'], parts: ['campaigns'], unknown: ['overlap'] },
  { paths: ['/inbox/GetConversationsV3', '/inbox/GetConversationsV2'], parts: ['conversations'], unknown: ['overlap'] },
  { paths: ['/blacklist/GetLeads'], parts: ['blacklist'], unknown: ['overlap'] },
  { paths: INDEX, parts: ['overlap'], unknown: ['overlap'] },
])('check_campaign, when $paths fails,', ({ paths, parts, unknown }) => {
  const wire = useToolHarness();

  test('names the part, and reports none of its checks as ok', async () => {
    wire.answerWith({ ...ANSWERS, ...Object.fromEntries(paths.map((path) => [path, DENIED])) });
    const result = await wire.call('check_campaign', { campaignId: 7 });
    expect(result.isError).toBeFalsy();
    expect(partsOf(result).sort()).toEqual(parts);
    expect(result.structuredContent?.incomplete).toMatchObject(
      parts.map(() => ({ reason: paths === INDEX ? 'not checked: no' : 'no' })),
    );
    const states = Object.entries(statesOf(result)).filter(([, state]) => state === 'unknown');
    expect(states.map(([name]) => name)).toEqual([...unknown, 'schedule']);
    expect(Object.values(statesOf(result))).not.toContain('stop');
  });
});

describe('check_campaign without a part of the data', () => {
  const wire = useToolHarness();

  test('says that HeyReach returned no senders', async () => {
    const { campaignAccountIds: _, ...body } = ANSWERS['/campaign/GetById'].body;
    wire.answerWith({ ...ANSWERS, '/campaign/GetById': { body } });
    const result = await wire.call('check_campaign', { campaignId: 7 });
    expect(partsOf(result)).toEqual(['senders']);
    expect(statesOf(result)).toMatchObject({ senders: 'unknown', capacity: 'unknown' });
  });

  test('counts the leads that it read when a later page of the list fails', async () => {
    const items = Array.from({ length: 1_000 }, (_, index) => ({
      profileUrl: `https://www.linkedin.com/in/lead-${index}-example`,
      firstName: 'Ada',
      lastName: 'Example',
    }));
    wire.answerWith({
      ...ANSWERS,
      '/list/GetById': { body: { id: 9, totalItemsCount: 1_500 } },
      '/list/GetLeadsFromList': ({ body }) =>
        body.includes('"offset":0') ? { body: { totalCount: 1_500, items } } : DENIED,
    });
    const result = await wire.call('check_campaign', { campaignId: 7, render: 0 });
    expect(wire.sent().filter(({ path }) => path.endsWith('GetLeadsFromList'))).toHaveLength(2);
    expect(checksOf(result).list).toMatchObject({ state: 'unknown', size: 1_500, read: 1_000 });
    expect(partsOf(result)).toEqual(['leads of the list']);
  });
});

/** 160 lists that another campaign uses: an index of them takes more requests than a call has time for. */
const LISTS = Array.from({ length: 160 }, (_, at) => ({ id: 100 + at, totalItemsCount: 1, campaignIds: [8] }));
const MANY_LISTS = {
  ...ANSWERS,
  '/list/GetAll': ({ body }: { body: string }) => {
    const { offset } = JSON.parse(body) as { offset: number };
    return { body: { totalCount: LISTS.length, items: LISTS.slice(offset, offset + 100) } };
  },
  '/campaign/GetAll': {
    body: { totalCount: 1, items: [{ id: 8, status: 'FINISHED', progressStats: { totalUsers: 0 } }] },
  },
  '/campaign/GetLeadsFromCampaign': { body: { totalCount: 0, items: [] } },
};

describe('check_campaign, when the index needs many requests,', () => {
  const wire = useToolHarness();

  test('makes them', async () => {
    wire.answerWith(MANY_LISTS);
    const result = await wire.call('check_campaign', { campaignId: 7, render: 0 });
    expect(wire.sent().filter(({ path }) => path.endsWith('GetLeadsFromList'))).toHaveLength(1 + 160);
    expect(result.structuredContent?.incomplete).toBeUndefined();
    expect(checksOf(result).overlap).toMatchObject({ checked: 2, inConversation: 0 });
  });
});

describe('check_campaign without get_job, when the index needs too many requests,', () => {
  const wire = useToolHarness(['--exclude-tools', 'get_job']);

  test('says how many, and reports no overlap', async () => {
    wire.answerWith(MANY_LISTS);
    const result = await wire.call('check_campaign', { campaignId: 7 });
    expect(result.structuredContent?.incomplete).toEqual([
      { part: 'overlap', reason: expect.stringMatching(/^not checked: needs about 16\d requests$/) },
    ]);
    expect(checksOf(result).overlap).toMatchObject({ state: 'unknown', checked: 0, inOtherCampaigns: null });
  });
});

describe('check_campaign with leads that HeyReach shows under no URL', () => {
  const wire = useToolHarness();
  const navigator = 'https://www.linkedin.com/sales/lead/ACwAAExample,NAME';
  const conversation = (linkedInAccountId: number) => ({
    id: 'conversation-1',
    linkedInAccountId,
    correspondentProfile: { profileUrl: 'https://www.linkedin.com/in/ada-example', linkedin_id: '55' },
  });
  const answer = (more: object = {}) => ({
    ...ANSWERS,
    '/list/GetLeadsFromList': {
      body: { totalCount: 2, items: [{ profileUrl: navigator }, { profileUrl: null, linkedin_id: '55' }] },
    },
    '/inbox/GetConversationsV3': { body: { totalCount: 1, items: [conversation(3)] } },
    ...more,
  });

  test('finds one by the member id, and does not count the other as checked', async () => {
    wire.answerWith(answer());
    const result = await wire.call('check_campaign', { campaignId: 7, render: 0 });
    expect(checksOf(result).overlap).toMatchObject({ state: 'unknown', checked: 1, uncheckable: 1, inConversation: 1 });
    expect(findingsOf(result).filter(({ at }) => at === 'overlap')).toMatchObject([{ leads: '1/1' }]);
    expect(result.structuredContent?.incomplete).toEqual([
      { part: 'overlap of 1 lead', reason: 'HeyReach shows no one under this kind of URL' },
    ]);
  });
});

describe('check_campaign with the exclusion of conversations with other senders', () => {
  const wire = useToolHarness();
  const withFlag = { ...ANSWERS['/campaign/GetById'].body, excludeHasOtherAccConversations: true };

  test('warns about leads who talk with its own sender', async () => {
    const conversations = [
      ['ada', 1],
      ['jane', 2],
    ].map(([slug, linkedInAccountId]) => ({
      id: `conversation-${slug}`,
      linkedInAccountId,
      correspondentProfile: { profileUrl: `https://www.linkedin.com/in/${slug}-example` },
    }));
    wire.answerWith({
      ...ANSWERS,
      '/campaign/GetById': { body: withFlag },
      '/inbox/GetConversationsV3': { body: { totalCount: 2, items: conversations } },
    });
    const result = await wire.call('check_campaign', { campaignId: 7, render: 0 });
    expect(checksOf(result).overlap).toMatchObject({ state: 'warn', inConversation: 2 });
    expect(findingsOf(result)).toMatchObject([
      { problem: expect.stringContaining('with its own senders only'), leads: '1/2' },
    ]);
  });
});

describe.each([
  { path: '/list/GetAll', body: {}, part: 'lists' },
  { path: '/campaign/GetAll', body: {}, part: 'campaigns' },
  { path: '/blacklist/GetLeads', body: {}, part: 'blacklist' },
  { path: '/list/GetLeadsFromList', body: {}, part: 'leads of the list' },
  { path: '/list/GetLeadsFromList', body: { totalCount: 2 }, part: 'leads of the list' },
])('check_campaign, when $path answers $body,', ({ path, body, part }) => {
  const wire = useToolHarness();

  test('reports the part as unread, not as empty', async () => {
    wire.answerWith({ ...ANSWERS, [path]: { body } });
    const result = await wire.call('check_campaign', { campaignId: 7, render: 0 });
    expect(result.structuredContent?.incomplete).toEqual([{ part, reason: 'HeyReach answered without rows' }]);
    expect(checksOf(result).overlap).toMatchObject({ state: 'unknown' });
  });
});

describe('the schedule that this process set last', () => {
  const wire = useToolHarness();
  const schedule = { dailyStartTime: '09:00', dailyEndTime: '17:00', timeZoneId: 'Europe/Berlin' };
  const scheduleOf = async () => {
    const result = await wire.call('check_campaign', { campaignId: 7, render: 0 });
    return checksOf(result).schedule;
  };
  const lastSet = 'Mon Tue Wed Thu Fri 09:00-17:00 Europe/Berlin';

  test('is shown, but not as the present schedule', async () => {
    wire.answerWith(ANSWERS);
    await wire.call('update_campaign_schedule', { campaignId: 7, schedule });
    expect(await scheduleOf()).toMatchObject({ state: 'unknown', lastSet, next: expect.stringContaining('still') });
    wire.answerWith({ ...ANSWERS, '/campaign/UpdateSchedule': { status: 400, body: { errorMessage: 'no' } } });
    await wire.call('update_campaign_schedule', { campaignId: 7, schedule });
    expect(await scheduleOf()).not.toHaveProperty('lastSet');
  });

  test('includes the schedule of create_campaign', async () => {
    wire.answerWith({ ...ANSWERS, '/campaign/Create': { body: { campaignId: 7 } } });
    await wire.call('create_campaign', { name: 'Founders', linkedInAccountIds: [1], schedule });
    expect(await scheduleOf()).toMatchObject({ state: 'unknown', lastSet });
  });
});
