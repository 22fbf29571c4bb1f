import { describe, expect, test } from 'vitest';
import { organizationPost, wrongOrganizationKey } from '../../kit/organization-requests.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { useWire } from '../../kit/wire.ts';

describe('list_users', () => {
  const wire = useWire();
  const route = '/management/organizations/users';
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
    const result = await wire.call('list_users', { ...filters });
    expect(wire.sent()).toEqual([organizationPost('/users', filters)]);
    expect(result.structuredContent).toEqual({ totalCount: 102, returned: 1, items: [user], nextOffset: 101 });
  });

  test('sends no filter that was not given', async () => {
    wire.answerWith({ [route]: { body: { totalCount: 0, items: [] } } });
    const result = await wire.call('list_users');
    expect(wire.sent()).toEqual([organizationPost('/users', { offset: 0, limit: 20 })]);
    expect(result.structuredContent).toEqual({ totalCount: 0, returned: 0, items: [] });
  });

  test("a refused key points to the organization's own", async () => {
    wire.answerWith({ [route]: { status: 401, body: 'Invalid API key' } });
    expectError(await wire.call('list_users'), wrongOrganizationKey);
  });

  test.each([
    [{ role: 'admin' }, 'role must be one of Admin, Member, Manager'],
    [{ invitationStatus: 'Pending' }, 'invitationStatus must be an array, got the text "Pending"'],
    [{ limit: 101 }, 'limit must be at most 100, got 101'],
  ])('refuses %j', async (filters, said) => {
    expectInvalid(await wire.call('list_users', { ...filters }), said);
    expect(wire.sent()).toEqual([]);
  });
});
