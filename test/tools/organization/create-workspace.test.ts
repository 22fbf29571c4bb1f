import { describe, expect, test } from 'vitest';
import { organizationPost, unclear } from '../../kit/organization-requests.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { useWire } from '../../kit/wire.ts';

describe('create_workspace', () => {
  const wire = useWire();
  const route = '/management/organizations/workspaces';

  test('sends name and seats and answers what HeyReach says', async () => {
    const created = { id: 12346, workspaceName: 'Example', seatsLimit: 5, creationTime: null };
    wire.answerWith({ [route]: { body: created } });
    const result = await wire.call('create_workspace', { workspaceName: 'Example', seatsLimit: 5 });
    expect(wire.sent()).toEqual([organizationPost('/workspaces', { workspaceName: 'Example', seatsLimit: 5 })]);
    expect(result.structuredContent).toEqual(created);
  });

  test.each([{}, { seatsLimit: null }])('without a limit no limit is sent: %j', async (seats) => {
    wire.answerWith({ [route]: { body: '12346' } });
    const result = await wire.call('create_workspace', { workspaceName: 'Example', ...seats });
    expect(wire.sent()).toEqual([organizationPost('/workspaces', { workspaceName: 'Example' })]);
    expect(result.structuredContent).toEqual({ answer: 12346 });
  });

  test('a refusal is passed on word for word', async () => {
    const errors = { WorkspaceName: ['The WorkspaceName field is required.'] };
    wire.answerWith({ [route]: { status: 400, body: { title: 'One or more', errors } } });
    expectError(await wire.call('create_workspace', { workspaceName: 'Example' }), {
      kind: 'bad_request',
      status: 400,
      message: 'The WorkspaceName field is required.',
      nextStep: 'Correct what the sentence names and call again.',
      outcome: 'refused',
    });
  });

  test('after a 500 it is not tried again', async () => {
    wire.answerWith({ [route]: { status: 500 } });
    expectError(await wire.call('create_workspace', { workspaceName: 'Example' }), unclear('list_workspaces'));
    expect(wire.sent()).toHaveLength(1);
  });

  test.each([
    [{}, 'workspaceName is required'],
    [{ workspaceName: 'Example', seatsLimit: -1 }, 'seatsLimit must be at least 0, got -1'],
    [{ workspaceName: 'Example', seatsLimit: { value: 5 } }, 'seatsLimit must be a number, got an object'],
  ])('refuses %j', async (args, said) => {
    expectInvalid(await wire.call('create_workspace', args), said);
    expect(wire.sent()).toEqual([]);
  });
});
