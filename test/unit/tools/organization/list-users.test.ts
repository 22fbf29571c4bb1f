import { describe, expect, test } from 'vitest';
import { organizationPost, wrongOrganizationKey } from '../../../support/heyreach/organization-requests.ts';
import { expectError } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('list_users', () => {
  const wire = useToolHarness();
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

  test('sends only the given filters', async () => {
    wire.answerWith({ [route]: { body: { totalCount: 0, items: [] } } });
    const result = await wire.call('list_users');
    expect(wire.sent()).toEqual([organizationPost('/users', { offset: 0, limit: 20 })]);
    expect(result.structuredContent).toEqual({ totalCount: 0, returned: 0, items: [] });
  });

  test('a rejected key is an error that names the organization key', async () => {
    wire.answerWith({ [route]: { status: 401, body: 'Invalid API key' } });
    expectError(await wire.call('list_users'), wrongOrganizationKey);
  });
});
