import { describe, expect, test } from 'vitest';
import { organizationPost, unclear } from '../../kit/organization-requests.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { useWire } from '../../kit/wire.ts';

describe('invite_members', () => {
  const wire = useWire();
  const route = '/management/organizations/users/invite/members';
  const required = {
    inviterEmail: 'owner@example.com',
    emails: ['ada@example.com', 'grace@example.com'],
    workspaceIds: [12345],
  };

  test('sends permissions by name and answers the invitation URLs', async () => {
    const body = { invitations: [{ email: 'ada@example.com', invitationUrl: 'https://app.example.com/i/1?t=a%2B' }] };
    wire.answerWith({ [route]: { body } });
    const args = { ...required, permissions: { viewCampaigns: true, editManageCampaigns: false, viewLeadLists: true } };
    const result = await wire.call('invite_members', args);
    expect(wire.sent()).toEqual([organizationPost('/users/invite/members', args)]);
    expect(result.structuredContent).toEqual(body);
  });

  test('sends no permissions that were not given', async () => {
    const result = await wire.call('invite_members', required);
    expect(wire.sent()).toEqual([organizationPost('/users/invite/members', required)]);
    expect(result.structuredContent).toEqual({ answer: null });
  });

  test('a refusal is passed on word for word', async () => {
    const errorMessage = 'The inviter was not found in the organization.';
    wire.answerWith({ [route]: { status: 400, body: { errorMessage } } });
    expectError(await wire.call('invite_members', required), {
      kind: 'bad_request',
      status: 400,
      message: errorMessage,
      nextStep: 'Correct what the sentence names and call again.',
      outcome: 'refused',
    });
  });

  test('after a 500 it is not tried again', async () => {
    wire.answerWith({ [route]: { status: 500 } });
    expectError(await wire.call('invite_members', required), unclear('list_users'));
    expect(wire.sent()).toHaveLength(1);
  });

  test.each([
    [{ emails: [] }, 'emails must have at least 1 entries'],
    [{ emails: ['ada@example.com', 'grace'] }, 'emails[1] must be an e-mail address'],
    [{ inviterEmail: 'owner' }, 'inviterEmail must be an e-mail address'],
    [{ workspaceIds: [] }, 'workspaceIds must have at least 1 entries'],
    [{ permissions: { viewCampaigns: 'yes' } }, 'permissions.viewCampaigns must be true or false, got the text "yes"'],
    [{ permissions: { 'view campaigns': true } }, 'permissions.view campaigns must be the name of a permission'],
  ])('refuses %j', async (changes, said) => {
    expectInvalid(await wire.call('invite_members', { ...required, ...changes }), said);
    expect(wire.sent()).toEqual([]);
  });
});
