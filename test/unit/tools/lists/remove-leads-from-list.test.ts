import { describe, expect, test } from 'vitest';
import { listNotFound } from '../../../support/fixtures/list.ts';
import { post } from '../../../support/heyreach/requests.ts';
import { expectError } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('remove_leads_from_list', () => {
  const wire = useToolHarness();
  const ids = (count: number) => Array.from({ length: count }, (_, index) => String(580000000 + index));
  const removal = (leadMemberIds: string[]) => ({
    ...post('/api/public/list/DeleteLeadsFromList', { listId: 930001, leadMemberIds }),
    method: 'DELETE',
  });

  test('sends a DELETE with a JSON body and accepts an empty 200', async () => {
    const result = await wire.call('remove_leads_from_list', { listId: 930001, leadMemberIds: ids(1) });
    expect(wire.sent()).toEqual([removal(ids(1))]);
    expect(result.structuredContent).toEqual({ listId: 930001, given: 1, accepted: 1 });
  });

  test('sends 250 ids in calls of 100', async () => {
    const result = await wire.call('remove_leads_from_list', { listId: 930001, leadMemberIds: ids(250) });
    expect(wire.sent()).toEqual([
      removal(ids(250).slice(0, 100)),
      removal(ids(250).slice(100, 200)),
      removal(ids(250).slice(200)),
    ]);
    expect(result.structuredContent).toEqual({ listId: 930001, given: 250, accepted: 250 });
  });

  test('a call that fails midway is not an error: the result says which entries remain, and why', async () => {
    let calls = 0;
    wire.answerWith({
      '/list/DeleteLeadsFromList': () => {
        calls += 1;
        return calls === 2 ? { status: 400, body: { errorMessage: 'Too many ids.' } } : {};
      },
    });
    const result = await wire.call('remove_leads_from_list', { listId: 930001, leadMemberIds: ids(250) });
    expect(result.isError).toBeFalsy();
    expect(wire.sent()).toHaveLength(2);
    expect(result.structuredContent).toEqual({
      listId: 930001,
      given: 250,
      accepted: 100,
      refused: [{ from: 100, to: 199 }],
      notSent: [{ from: 200, to: 249 }],
      note: 'A call failed: Too many ids. Call again with the remaining people. Removing a person twice does no harm.',
    });
  });

  test('an unknown list is an error that names list_lists', async () => {
    wire.answerWith({ '/list/DeleteLeadsFromList': { status: 404, body: { errorMessage: listNotFound.message } } });
    const result = await wire.call('remove_leads_from_list', { listId: 930009, leadMemberIds: ids(150) });
    expectError(result, listNotFound);
    expect(result.structuredContent).toMatchObject({
      accepted: 0,
      refused: [{ from: 0, to: 99 }],
      notSent: [{ from: 100, to: 149 }],
    });
    expect(wire.sent()).toHaveLength(1);
  });
});
