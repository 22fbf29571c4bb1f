import { describe, expect, test } from 'vitest';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { post } from '../../kit/requests.ts';
import { useWire } from '../../kit/wire.ts';

describe('create_list', () => {
  const wire = useWire();
  const path = '/api/public/list/CreateEmptyList';
  /** A new list answers in another shape than one that is read. */
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

  test('sends name and type and answers everything HeyReach said of the new list', async () => {
    wire.answerWith({ '/list/CreateEmptyList': { body: created } });
    const result = await wire.call('create_list', { name: 'Companies', type: 'COMPANY_LIST' });
    expect(wire.sent()).toEqual([post(path, { name: 'Companies', type: 'COMPANY_LIST' })]);
    expect(result.structuredContent).toEqual(created);
  });

  test('is a list of people when no type is given', async () => {
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
      'HTTP 200, but the answer could not be read: the body is empty',
    ],
  ])('after %s nobody knows whether it was created, and it is not tried again', async (_, answer, kind, message) => {
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

  test('a refusal is passed on word for word', async () => {
    const errors = { Name: ['The Name field is required.'] };
    wire.answerWith({ '/list/CreateEmptyList': { status: 400, body: { title: 'One or more', errors } } });
    expectError(await wire.call('create_list', { name: 'Q3' }), {
      kind: 'bad_request',
      status: 400,
      message: 'The Name field is required.',
      nextStep: 'Correct what the sentence names and call again.',
      outcome: 'refused',
    });
  });

  test.each([
    [{}, 'name is required'],
    [{ name: 'x', type: 'LEAD_LIST' }, 'type must be one of USER_LIST, COMPANY_LIST'],
    [{ listName: 'x' }, 'unknown parameter listName (did you mean name?)'],
  ])('refuses %j', async (args, said) => {
    expectInvalid(await wire.call('create_list', args), said);
    expect(wire.sent()).toEqual([]);
  });
});
