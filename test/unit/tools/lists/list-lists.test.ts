import { describe, expect, test } from 'vitest';
import { exampleList } from '../../../support/fixtures/list.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('list_lists', () => {
  const wire = useToolHarness();
  const path = '/api/public/list/GetAll';

  test('sends keyword, type, campaigns and page', async () => {
    wire.answerWith({ '/list/GetAll': { body: { totalCount: 0, items: [] } } });
    const args = { keyword: 'Q3', listType: 'COMPANY_LIST', campaignIds: [600001, 600002], offset: 5, limit: 100 };
    await wire.call('list_lists', args);
    expect(wire.sent()).toEqual([post(path, args)]);
  });

  test('sends only the given filters, and returns lists unchanged', async () => {
    const items = [exampleList(), exampleList({ id: 930002, campaignIds: null })];
    wire.answerWith({ '/list/GetAll': { body: { totalCount: 8, items } } });
    const result = await wire.call('list_lists');
    expect(wire.sent()).toEqual([post(path, { offset: 0, limit: 20 })]);
    expect(result.structuredContent).toEqual({ totalCount: 8, returned: 2, items, nextOffset: 2 });
  });

  test('a page past the end is empty, with the true total and no nextOffset', async () => {
    wire.answerWith({ '/list/GetAll': { body: { totalCount: 8, items: [] } } });
    const result = await wire.call('list_lists', { offset: 20 });
    expect(result.structuredContent).toEqual({ totalCount: 8, returned: 0, items: [] });
  });
});
