import { describe, expect, test } from 'vitest';
import { post } from '../../../support/heyreach/requests.ts';
import { expectError } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('create_list', () => {
  const wire = useToolHarness();
  const path = '/api/public/list/CreateEmptyList';
  /** A created list has other fields than a list that is read. */
  const created = {
    id: 930001,
    name: 'Companies',
    count: 0,
    listType: 'COMPANY_LIST',
    creationTime: '2026-09-13T10:33:37.5417789Z',
    isDeleted: false,
    campaigns: null,
    search: null,
    status: 'UNKNOWN',
  };

  test('sends name and type and returns the new list unchanged', async () => {
    wire.answerWith({ '/list/CreateEmptyList': { body: created } });
    const result = await wire.call('create_list', { name: 'Companies', type: 'COMPANY_LIST' });
    expect(wire.sent()).toEqual([post(path, { name: 'Companies', type: 'COMPANY_LIST' })]);
    expect(result.structuredContent).toEqual(created);
  });

  test('creates a list of people by default', async () => {
    wire.answerWith({ '/list/CreateEmptyList': { body: created } });
    await wire.call('create_list', { name: 'Q3' });
    expect(wire.sent()).toEqual([post(path, { name: 'Q3', type: 'USER_LIST' })]);
  });

  test.each([
    [
      'a 500',
      { status: 500, body: { errorMessage: 'Something went wrong.' } },
      'server_error',
      'Something went wrong.',
    ],
    [
      'an empty 200',
      { status: 200 },
      'unreadable_answer',
      'HTTP 200, but the response could not be read: the body is empty',
    ],
  ])('after %s the outcome is unknown, and it is not retried', async (_, answer, kind, message) => {
    wire.answerWith({ '/list/CreateEmptyList': answer });
    expectError(await wire.call('create_list', { name: 'Q3' }), {
      kind,
      status: answer.status,
      message,
      nextStep: 'Look for the name with list_lists before creating it again: lists cannot be deleted.',
      outcome: 'unknown',
    });
    expect(wire.sent()).toHaveLength(1);
  });
});
