import { describe, expect, test } from 'vitest';
import { organizationGet } from '../../../support/heyreach/organization-requests.ts';
import { expectInvalid } from '../../../support/tools/expect-errors.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';

describe('get_user', () => {
  const wire = useToolHarness();
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

  test.each([
    ['..', 'must be a user id from list_users'],
    ['.', 'must be a user id from list_users'],
    ['', 'must not be blank'],
    ['\u200b ', 'must not be blank'],
    ['{{userId}}', ''],
    ['x'.repeat(101), 'must be a user id from list_users'],
    [-5, 'must be a string'],
    [null, 'must be a string'],
    [{ id: 5 }, 'must be a string'],
  ])('rejects %.20j', async (userId, reason) => {
    expectInvalid(await wire.call('get_user', { userId }), `userId ${reason}`);
    expect(wire.sent()).toEqual([]);
  });
});
