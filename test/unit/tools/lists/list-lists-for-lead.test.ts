import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('list_lists_for_lead', () => {
  const wire = useToolHarness();
  const path = '/api/public/list/GetListsForLead';
  const items = [{ listId: 930001, listName: 'Q3 founders list' }];

  test('sends an identifier and the page', async () => {
    wire.answerWith({ '/list/GetListsForLead': { body: { totalCount: 101, items } } });
    const args = {
      email: 'ada@example.com',
      offset: 100,
      limit: 1,
    };
    const result = await wire.call('list_lists_for_lead', args);
    expect(wire.sent()).toEqual([post(path, args)]);
    expect(result.structuredContent).toEqual({ totalCount: 101, returned: 1, items });
  });

  test.each([
    { profileUrl: 'https://www.linkedin.com/in/ada-example' },
    { linkedinId: '580000001' },
    { email: 'ada@example.com' },
  ])('one identifier is enough: %j', async (identity) => {
    wire.answerWith({ '/list/GetListsForLead': { body: { totalCount: 1, items } } });
    await wire.call('list_lists_for_lead', identity);
    expect(wire.sent()).toEqual([post(path, { ...identity, offset: 0, limit: 20 })]);
  });

  test.each([
    [{}, 'one of profileUrl, linkedinId and email is required'],
    [{ email: '' }, 'one of profileUrl, linkedinId and email is required'],
    [{ profileUrl: 'Ada Example' }, 'profileUrl must be a LinkedIn profile URL such as'],
  ])('rejects %j', async (args, message) => {
    expectInvalid(await wire.call('list_lists_for_lead', args), message);
    expect(wire.sent()).toEqual([]);
  });
});
