import { describe, expect, test } from 'vitest';
import { exampleCampaign } from '../../../support/fixtures/campaign.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

const PATH = '/api/public/campaign/GetAll';

describe('list_campaigns', () => {
  const wire = useToolHarness();

  test('sends every filter and the page', async () => {
    wire.answerWith({ '/campaign/GetAll': { body: { totalCount: 0, items: [] } } });
    await wire.call('list_campaigns', {
      keyword: 'founders',
      statuses: ['IN_PROGRESS', 'SCHEDULED', 'CANCELED'],
      accountIds: [170001, 170002],
      offset: 40,
      limit: 100,
    });
    expect(wire.sent()).toEqual([
      post(PATH, {
        keyword: 'founders',
        statuses: ['IN_PROGRESS', 'SCHEDULED', 'CANCELED'],
        accountIds: [170001, 170002],
        offset: 40,
        limit: 100,
      }),
    ]);
  });

  test('reads the first 20 by default, and returns compact rows and nextOffset', async () => {
    const body = { totalCount: 41, items: [exampleCampaign(), exampleCampaign({ id: 600002, status: 'PAUSED' })] };
    wire.answerWith({ '/campaign/GetAll': { body } });
    const result = await wire.call('list_campaigns');
    expect(wire.sent()).toEqual([post(PATH, { offset: 0, limit: 20 })]);
    const { progressStats } = exampleCampaign();
    const row = {
      id: 600001,
      name: 'Q3 founders',
      status: 'DRAFT',
      creationTime: '2026-09-13T10:33:38.1234567Z',
      linkedInUserListId: 930001,
      campaignAccountIds: [170001],
      progressStats,
    };
    expect(result.structuredContent).toEqual({
      totalCount: 41,
      returned: 2,
      items: [row, { ...row, id: 600002, status: 'PAUSED' }],
      nextOffset: 2,
    });
    expect(JSON.parse(result.content[0]?.text ?? '')).toEqual(result.structuredContent);
  });

  test('omits nextOffset on the last page, and returns every field in full detail', async () => {
    const items = [exampleCampaign({ somethingNew: null })];
    wire.answerWith({ '/campaign/GetAll': { body: { totalCount: 41, items } } });
    const result = await wire.call('list_campaigns', { offset: 40, detail: 'full' });
    expect(result.structuredContent).toEqual({ totalCount: 41, returned: 1, items });
  });

  test("returns HeyReach's own message on a rejection", async () => {
    const errorMessage = 'Limit must be between 1 and 100';
    wire.answerWith({ '/campaign/GetAll': { status: 400, body: { errorMessage } } });
    const result = await wire.call('list_campaigns');
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toEqual({
      kind: 'bad_request',
      status: 400,
      message: errorMessage,
      meaning: 'HeyReach rejected the request. Nothing was changed. HeyReach said no and nothing was done.',
      nextStep: 'Ask for fewer rows with limit.',
      outcome: 'refused',
    });
  });

  test('a 200 with an error is an error, not an empty list', async () => {
    const body = { totalCount: 0, items: [], errorMessage: 'The workspace is locked.' };
    wire.answerWith({ '/campaign/GetAll': { body } });
    const result = await wire.call('list_campaigns');
    expect(result.isError).toBe(true);
    expect(result.structuredContent?.error).toMatchObject({ message: 'The workspace is locked.', outcome: 'refused' });
  });

  test('rejects an unknown status and a page above 100 rows', async () => {
    const wrong = await wire.call('list_campaigns', { statuses: ['CANCELLED'] });
    expect(wrong.content[0]?.text).toMatch(/statuses\[0\] must be one of .*CANCELED.*did you mean CANCELED\?/);
    const large = await wire.call('list_campaigns', { limit: 101 });
    expect(large.content[0]?.text).toContain('limit must be at most 100');
    expect(wire.sent()).toEqual([]);
  });
});
