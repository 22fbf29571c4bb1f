import { describe, expect, test } from 'vitest';
import { exampleList, listNotFound } from '../../kit/list-examples.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { get } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('get_list', () => {
  const wire = useWire();

  test('sends the id in the query and answers the whole list', async () => {
    wire.answerWith({ '/list/GetById': { body: exampleList() } });
    const result = await wire.call('get_list', { listId: 930001 });
    expect(wire.sent()).toEqual([get('/api/public/list/GetById?listId=930001')]);
    expect(result.structuredContent).toEqual(exampleList());
  });

  test('an unknown list is an error that says where to look', async () => {
    wire.answerWith({ '/list/GetById': { status: 404, body: { errorMessage: listNotFound.message } } });
    expectError(await wire.call('get_list', { listId: 930009 }), listNotFound);
  });

  test('needs the id', async () => {
    expectInvalid(await wire.call('get_list'), 'listId is required');
    expect(wire.sent()).toEqual([]);
  });
});
