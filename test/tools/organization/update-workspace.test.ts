import { describe, expect, test } from 'vitest';
import { organizationPost, workspaceNotFound } from '../../kit/organization-requests.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { useWire } from '../../kit/wire.ts';

describe('update_workspace', () => {
  const wire = useWire();
  const route = '/management/organizations/workspaces/12345';
  const patch = (body: object) => ({ ...organizationPost('/workspaces/12345', body), method: 'PATCH' });

  test.each([
    [
      { workspaceName: 'New', seatsLimit: 5 },
      { workspaceName: 'New', seatsLimit: { value: 5 } },
    ],
    [{ workspaceName: 'New' }, { workspaceName: 'New' }],
    [{ seatsLimit: 0 }, { seatsLimit: { value: 0 } }],
    [{ seatsLimit: null }, { seatsLimit: null }],
    [{ workspaceName: 'New', seatsLimit: '' }, { workspaceName: 'New' }],
  ])('sends %j as a PATCH of what is given: a number in a wrapper, null for no cap', async (changes, body) => {
    const result = await wire.call('update_workspace', { workspaceId: 12345, ...changes });
    expect(wire.sent()).toEqual([patch(body)]);
    expect(result.structuredContent).toEqual({ workspaceId: 12345, updated: true });
  });

  test('what HeyReach answers is passed on', async () => {
    const body = { id: 12345, workspaceName: 'New', seatsLimit: null };
    wire.answerWith({ [route]: { body } });
    const result = await wire.call('update_workspace', { workspaceId: 12345, workspaceName: 'New' });
    expect(result.structuredContent).toEqual({ workspaceId: 12345, updated: true, answer: body });
  });

  test('an unknown workspace is an error that says where to look', async () => {
    wire.answerWith({ [route]: { status: 404, body: { errorMessage: workspaceNotFound.message } } });
    const result = await wire.call('update_workspace', { workspaceId: 12345, workspaceName: 'New' });
    expectError(result, workspaceNotFound);
    expect(wire.sent()).toHaveLength(1);
  });

  test.each([
    [{ workspaceId: 12345 }, 'nothing to change: give workspaceName or seatsLimit'],
    [{ workspaceId: 12345, workspaceName: null }, 'nothing to change: give workspaceName or seatsLimit'],
    [{ workspaceId: '../users', workspaceName: 'New' }, 'workspaceId must be a number'],
  ])('refuses %j', async (args, said) => {
    expectInvalid(await wire.call('update_workspace', args), said);
    expect(wire.sent()).toEqual([]);
  });
});
