import { describe, expect, test } from 'vitest';
import { organizationPost, workspaceNotFound, wrongOrganizationKey } from '../../kit/organization-requests.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { useWire } from '../../kit/wire.ts';

describe('list_workspace_users', () => {
  const wire = useWire();
  const route = '/management/organizations/users/workspaces/12345';
  const user = {
    id: 5,
    emailAddress: 'ada@example.com',
    firstName: null,
    role: 'Manager',
    invitationStatus: 'Pending',
  };

  test('sends role, states and page', async () => {
    wire.answerWith({ [route]: { body: { totalCount: 102, items: [user] } } });
    const filters = { role: 'Manager', invitationStatus: ['Pending', 'Expired'], offset: 100, limit: 1 };
    const result = await wire.call('list_workspace_users', { workspaceId: 12345, ...filters });
    expect(wire.sent()).toEqual([organizationPost('/users/workspaces/12345', filters)]);
    expect(result.structuredContent).toEqual({ totalCount: 102, returned: 1, items: [user], nextOffset: 101 });
  });

  test('sends no filter that was not given', async () => {
    wire.answerWith({ [route]: { body: { totalCount: 0, items: [] } } });
    const result = await wire.call('list_workspace_users', { workspaceId: 12345 });
    expect(wire.sent()).toEqual([organizationPost('/users/workspaces/12345', { offset: 0, limit: 20 })]);
    expect(result.structuredContent).toEqual({ totalCount: 0, returned: 0, items: [] });
  });

  test("a refused key points to the organization's own", async () => {
    wire.answerWith({ [route]: { status: 401, body: 'Invalid API key' } });
    expectError(await wire.call('list_workspace_users', { workspaceId: 12345 }), wrongOrganizationKey);
  });

  test('an unknown workspace is an error that says where to look', async () => {
    wire.answerWith({ [route]: { status: 404, body: { errorMessage: workspaceNotFound.message } } });
    expectError(await wire.call('list_workspace_users', { workspaceId: 12345 }), workspaceNotFound);
  });

  test.each([
    [{ role: 'admin' }, 'role must be one of Admin, Member, Manager'],
    [{ invitationStatus: 'Pending' }, 'invitationStatus must be an array, got the text "Pending"'],
    [{ limit: 101 }, 'limit must be at most 100, got 101'],
  ])('refuses %j', async (filters, said) => {
    expectInvalid(await wire.call('list_workspace_users', { workspaceId: 12345, ...filters }), said);
    expect(wire.sent()).toEqual([]);
  });
});
