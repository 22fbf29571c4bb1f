import { describe, expect, test } from 'vitest';
import { exampleList } from '../../../support/fixtures/list.ts';
import { get } from '../../../support/heyreach/requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('get_list', () => {
  const wire = useToolHarness();

  test('sends the id in the query and returns the whole list', async () => {
    wire.answerWith({ '/list/GetById': { body: exampleList() } });
    const result = await wire.call('get_list', { listId: 930001 });
    expect(wire.sent()).toEqual([get('/api/public/list/GetById?listId=930001')]);
    expect(result.structuredContent).toEqual(exampleList());
  });
});
