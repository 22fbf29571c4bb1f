import { describe, expect, test } from 'vitest';
import { exampleCampaign } from '../../kit/campaign-examples.ts';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

const PATH = '/api/public/campaign/GetAll';

describe('list_campaigns', () => {
  const wire = useWire();

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

  test('asks for the first 20 when nothing is given, and answers compact rows and where to go on', async () => {
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

  test('the last page has no nextOffset, and full detail is all that HeyReach gave', async () => {
    const items = [exampleCampaign({ somethingNew: null })];
    wire.answerWith({ '/campaign/GetAll': { body: { totalCount: 41, items } } });
    const result = await wire.call('list_campaigns', { offset: 40, detail: 'full' });
    expect(result.structuredContent).toEqual({ totalCount: 41, returned: 1, items });
  });

  test("answers HeyReach's own sentence when it refuses", async () => {
    const errorMessage = 'Limit must be between 1 and 100';
    wire.answerWith({ '/campaign/GetAll': { status: 400, body: { errorMessage } } });
    const result = await wire.call('list_campaigns');
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text).toContain(errorMessage);
    expect(result.structuredContent?.error).toEqual({
      kind: 'bad_request',
      status: 400,
      message: errorMessage,
      nextStep: 'Ask for fewer rows with limit.',
      outcome: 'refused',
    });
  });

  test('refuses a status HeyReach does not have and a page above 100 rows', async () => {
    const wrong = await wire.call('list_campaigns', { statuses: ['CANCELLED'] });
    expect(wrong.content[0]?.text).toMatch(/statuses\[0\] must be one of .*CANCELED.*did you mean CANCELED\?/);
    const large = await wire.call('list_campaigns', { limit: 101 });
    expect(large.content[0]?.text).toContain('limit must be at most 100');
    expect(wire.sent()).toEqual([]);
  });
});
