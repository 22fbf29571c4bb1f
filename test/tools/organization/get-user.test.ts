import { describe, expect, test } from 'vitest';
import { organizationGet } from '../../kit/organization-requests.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { useWire } from '../../kit/wire.ts';

describe('get_user', () => {
  const wire = useWire();
  const user = { id: 5, emailAddress: 'ada@example.com', firstName: null, permissions: { viewCampaigns: true } };

  test.each([
    [5, '5'],
    ['5', '5'],
    ['3fa85f64-5717-4562-b3fc-2c963f66afa6', '3fa85f64-5717-4562-b3fc-2c963f66afa6'],
    ['a/b+c=?d', 'a%2Fb%2Bc%3D%3Fd'],
  ])('sends %j as one path segment', async (userId, segment) => {
    wire.answerWith({ [`/management/organizations/users/${segment}`]: { body: user } });
    const result = await wire.call('get_user', { userId });
    expect(wire.sent()).toEqual([organizationGet(`/users/${segment}`)]);
    expect(result.structuredContent).toEqual(user);
  });

  test('an unknown user is an error that says where to look', async () => {
    const errorMessage = 'User with id 9 was not found.';
    wire.answerWith({ '/management/organizations/users/9': { status: 404, body: { errorMessage } } });
    expectError(await wire.call('get_user', { userId: 9 }), {
      kind: 'not_found',
      status: 404,
      message: errorMessage,
      nextStep: 'Find the user with list_users.',
      outcome: 'refused',
    });
  });

  test.each(['..', '.', '', null, { id: 5 }, 'x'.repeat(101)])('refuses %.20j', async (userId) => {
    expectInvalid(await wire.call('get_user', { userId }), 'userId must be the id of a user, as list_users gives it');
    expect(wire.sent()).toEqual([]);
  });
});
