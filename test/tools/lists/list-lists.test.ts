import { describe, expect, test } from 'vitest';
import { exampleList } from '../../kit/list-examples.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('list_lists', () => {
  const wire = useWire();
  const path = '/api/public/list/GetAll';

  test('sends keyword, type, campaigns and page', async () => {
    wire.answerWith({ '/list/GetAll': { body: { totalCount: 0, items: [] } } });
    const args = { keyword: 'Q3', listType: 'COMPANY_LIST', campaignIds: [600001, 600002], offset: 5, limit: 100 };
    await wire.call('list_lists', args);
    expect(wire.sent()).toEqual([post(path, args)]);
  });

  test('sends no filter that was not given, and answers lists as they are', async () => {
    const items = [exampleList(), exampleList({ id: 930002, campaignIds: null })];
    wire.answerWith({ '/list/GetAll': { body: { totalCount: 8, items } } });
    const result = await wire.call('list_lists');
    expect(wire.sent()).toEqual([post(path, { offset: 0, limit: 20 })]);
    expect(result.structuredContent).toEqual({ totalCount: 8, returned: 2, items, nextOffset: 2 });
  });

  test('a page past the end is empty with the true total, and the end', async () => {
    wire.answerWith({ '/list/GetAll': { body: { totalCount: 8, items: [] } } });
    const result = await wire.call('list_lists', { offset: 20 });
    expect(result.structuredContent).toEqual({ totalCount: 8, returned: 0, items: [] });
  });

  test('a refusal is passed on word for word', async () => {
    wire.answerWith({ '/list/GetAll': { status: 400, body: { errorMessage: 'Unknown list type.' } } });
    expectError(await wire.call('list_lists'), {
      kind: 'bad_request',
      status: 400,
      message: 'Unknown list type.',
      nextStep: 'Correct what the sentence names and call again.',
      outcome: 'refused',
    });
  });

  test('a type that does not exist is refused with those that do', async () => {
    const result = await wire.call('list_lists', { listType: 'EVENT_LIST' });
    expectInvalid(result, 'listType must be one of USER_LIST, COMPANY_LIST');
    expect(wire.sent()).toEqual([]);
  });
});
