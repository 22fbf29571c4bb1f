import { describe, expect, test } from 'vitest';
import { exampleCampaign, exampleSequence, exampleSequenceReadBack } from '../../support/fixtures/campaign.ts';
import { compactLead, exampleLead } from '../../support/fixtures/lead.ts';
import { exampleMetrics } from '../../support/fixtures/stats.ts';
import { useReader } from '../../support/tools/resources.ts';

const pageOf = (items: object[], totalCount = items.length) => ({ body: { totalCount, items } });
const CAMPAIGN = 'heyreach://campaigns/600001';
const campaign = { '/campaign/GetById': { body: exampleCampaign() } };

describe('campaigns', () => {
  const reader = useReader();

  test('the index lists the newest first, with compact progress', async () => {
    reader.answerWith({
      '/campaign/GetAll': pageOf([
        exampleCampaign({ id: 1, creationTime: '2026-01-01T00:00:00Z' }),
        exampleCampaign({ id: 2, creationTime: '2026-03-01T00:00:00Z', progressStats: null }),
        exampleCampaign({ id: 3, creationTime: null, name: 'Old\u202e one' }),
      ]),
    });
    const { data } = await reader.read('heyreach://campaigns');
    expect(reader.asked()).toEqual([['/campaign/GetAll', { offset: 0, limit: 100 }]]);
    const common = { name: 'Q3 founders', status: 'DRAFT' };
    expect(data).toEqual({
      totalCount: 3,
      returned: 3,
      campaigns: [
        { id: 2, ...common, creationTime: '2026-03-01T00:00:00Z' },
        {
          id: 1,
          ...common,
          creationTime: '2026-01-01T00:00:00Z',
          progress: { total: 10, pending: 12, finished: 3, failed: 1, stopped: 1 },
        },
        { id: 3, ...common, name: 'Old one', progress: { total: 10, pending: 12, finished: 3, failed: 1, stopped: 1 } },
      ],
    });
  });

  test('the index reads at most three pages, and counts the missing rows', async () => {
    const newest = Date.parse('2026-09-01T00:00:00Z');
    reader.answerWith({
      '/campaign/GetAll': ({ body }) => {
        const { offset, limit } = JSON.parse(body);
        const items = Array.from({ length: limit }, (_, at) =>
          exampleCampaign({
            id: 9_000 - offset - at,
            creationTime: new Date(newest - (offset + at) * 60_000).toISOString(),
          }),
        );
        return pageOf(items, 450);
      },
    });
    const { data } = await reader.read('heyreach://campaigns');
    expect(reader.asked().map(([, request]) => request)).toEqual(
      [0, 100, 200].map((offset) => ({ offset, limit: 100 })),
    );
    expect(data).toMatchObject({ totalCount: 450, returned: 300, leftOut: 150 });
    expect(data.rest).toEqual({ tool: 'list_campaigns', arguments: { offset: 300, limit: 100 } });
    const { data: without } = await reader.read('heyreach://campaigns', { hidden: ['list_campaigns'] });
    expect(without).toMatchObject({ leftOut: 150 });
    expect(without).not.toHaveProperty('rest');
  });

  test('leads come with their progress and the call for the rest', async () => {
    const lead = {
      id: 7,
      linkedInUserProfileId: 'ACoAAexample1',
      linkedInUserProfile: exampleLead(),
      leadCampaignStatus: 'Failed',
      leadCampaignStatusMessage: 'Gone',
      errorCode: null,
    };
    reader.answerWith({ ...campaign, '/campaign/GetLeadsFromCampaign': pageOf([lead], 8) });
    const { data } = await reader.read(`${CAMPAIGN}/leads`);
    expect(reader.asked().sort()).toEqual([
      ['/campaign/GetById', 'campaignId=600001'],
      ['/campaign/GetLeadsFromCampaign', { campaignId: 600001, offset: 0, limit: 100 }],
    ]);
    expect(data).toMatchObject({
      campaignId: 600001,
      name: 'Q3 founders',
      status: 'DRAFT',
      progress: { total: 10 },
      totalCount: 8,
      note: expect.stringContaining('have not begun'),
      returned: 1,
      leads: [{ ...compactLead, id: 7, leadCampaignStatus: 'Failed', leadCampaignStatusMessage: 'Gone' }],
      leftOut: 7,
      rest: { tool: 'list_leads_in_campaign', arguments: { campaignId: 600001, offset: 1, limit: 100 } },
    });
    expect(data.untrustedFields).toContain('leads[].leadCampaignStatusMessage');
  });

  test('statistics have rates with their counts, and one row per day without zeros', async () => {
    reader.answerWith({
      ...campaign,
      '/stats/GetOverallStats': {
        body: {
          overallStats: exampleMetrics(),
          byDayStats: {
            '2026-09-02T00:00:00Z': exampleMetrics({ profileViews: 0 }),
            '2026-09-01T00:00:00Z': exampleMetrics({ connectionsSent: 5 }),
          },
        },
      },
    });
    const today = new Date().toISOString().slice(0, 10);
    const first = new Date(Date.parse(today) - 29 * 86_400_000).toISOString().slice(0, 10);
    const { data } = await reader.read(`${CAMPAIGN}/stats`);
    const period = { startDate: `${first}T00:00:00Z`, endDate: `${today}T23:59:59.999Z` };
    expect(reader.asked().sort()).toEqual([
      ['/campaign/GetById', 'campaignId=600001'],
      ['/stats/GetOverallStats', { accountIds: [], campaignIds: [600001], ...period }],
    ]);
    const {
      messageReplyRate: _,
      inMailReplyRate: __,
      connectionAcceptanceRate: ___,
      autoTaggedInterestedRate: ____,
      ...counts
    } = exampleMetrics();
    expect(data).toMatchObject({
      ...period,
      rates: {
        connectionAcceptanceRate: { connectionsAccepted: 31, connectionsSent: 100, rate: 0.31 },
        messageReplyRate: { totalMessageReplies: 10, totalMessageStarted: 73, rate: 0.13698925 },
        inMailReplyRate: { totalInmailReplies: 0, totalInmailStarted: 0, rate: null },
        autoTaggedInterestedRate: { autoTaggedInterested: 2, totalAutoTagged: 4, rate: 0.5 },
      },
      totals: counts,
    });
    expect(data.byDay).toEqual([
      expect.objectContaining({ day: '2026-09-01', connectionsSent: 5, connectionsAccepted: 31 }),
      expect.objectContaining({ day: '2026-09-02', connectionsSent: 100 }),
    ]);
    expect(JSON.stringify(data.byDay)).not.toMatch(/Rate|:0[,}]/);
  });

  test('a sequence comes as text and as the complete tree', async () => {
    const long = 'x'.repeat(7_000);
    const tree = exampleSequenceReadBack();
    Object.assign(tree.conditionalNode.payload, { messages: ['Thanks for connecting', long] });
    reader.answerWith({ ...campaign, '/campaign/GetCampaignSequence': { body: tree } });
    const { text, data } = await reader.read(`${CAMPAIGN}/sequence`);
    expect(data).toEqual({ campaignId: 600001, name: 'Q3 founders', status: 'DRAFT', sequence: tree });
    expect(text).toContain(long);
    expect(text.replace(long, 'LONG')).toBe(`# Sequence of Q3 founders

Campaign 600001, DRAFT. 2 steps. A lead who replies gets no further steps.

## 1. Connection request

At once.

> Hi {FIRST_NAME}

If a variable has no value:

> Hi there

Withdrawn after 21 days if not accepted.

- If accepted: step 2
- If not accepted: the end after 21 days

## 2. Message

1 day after step 1, if accepted.

One of these, chosen at random:

> Thanks for connecting

or

> LONG

If a variable has no value:

> Thanks

Then the end after 3 hours.`);
  });

  test('a campaign without a sequence says so', async () => {
    reader.answerWith(campaign);
    const { text, data } = await reader.read(`${CAMPAIGN}/sequence`);
    expect(data).toMatchObject({ sequence: null, note: 'This campaign has no sequence yet.' });
    expect(text).toContain('It has no sequence yet.');
  });

  test('a tree over the limit comes as an outline, without clipped texts', async () => {
    const tree = exampleSequence();
    tree.payload.messages = ['a'.repeat(300)];
    Object.assign(tree.conditionalNode.payload, { messages: Array(5).fill('b'.repeat(2_000)) });
    reader.answerWith({ ...campaign, '/campaign/GetCampaignSequence': { body: tree } });
    const { data: whole } = await reader.read(`${CAMPAIGN}/sequence`);
    expect(whole.sequence).toEqual(tree);
    const { data } = await reader.read(`${CAMPAIGN}/sequence`, { maxBytes: 16_000 });
    expect(data).toMatchObject({
      sequence: {
        nodeType: 'CONNECTION_REQUEST',
        payload: tree.payload,
        unconditionalNode: null,
        conditionalNode: null,
      },
      outline: [
        { node: 'unconditionalNode', nodeType: 'END' },
        { node: 'conditionalNode', nodeType: 'MESSAGE' },
        { node: 'conditionalNode.unconditionalNode', nodeType: 'END' },
      ],
      note: expect.stringContaining('Do not write it back'),
      leftOut: 3,
      rest: { tool: 'get_campaign_sequence', arguments: { campaignId: 600001, node: 'unconditionalNode' } },
    });
  });

  test('the call for the rest of sorted rows starts at the beginning', async () => {
    const items = Array.from({ length: 100 }, (_, at) =>
      exampleCampaign({ id: at + 1, creationTime: new Date(Date.UTC(2026, 0, 1 + at)).toISOString() }),
    );
    reader.answerWith({ '/campaign/GetAll': ({ body }) => pageOf(JSON.parse(body).offset < 300 ? items : [], 400) });
    const { data } = await reader.read('heyreach://campaigns');
    expect(data).toMatchObject({ returned: 300, leftOut: 100, rest: { arguments: { offset: 0, limit: 100 } } });
    expect((data.campaigns as { id: number }[])[0]).toMatchObject({ id: 100 });
  });

  test('a step over the limit is clipped', async () => {
    const payload = { messages: Array.from({ length: 20 }, (_, at) => `${at} ${'é'.repeat(7_000)}`) };
    const tree = { nodeType: 'MESSAGE', payload, unconditionalNode: { nodeType: 'END' } };
    reader.answerWith({ ...campaign, '/campaign/GetCampaignSequence': { body: tree } });
    const { text } = await reader.read(`${CAMPAIGN}/sequence`);
    expect(Buffer.byteLength(text)).toBeLessThan(48_000);
    expect(text).toContain('## 1. Message');
    expect(text).toMatch(/> 0 é+/);
    expect(text).toMatch(/… \[\d+ characters\]$/);
  });
});
