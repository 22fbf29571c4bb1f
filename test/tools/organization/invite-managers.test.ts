import { describe, expect, test } from 'vitest';
import { organizationPost, unclear } from '../../kit/organization-requests.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { useWire } from '../../kit/wire.ts';

describe('invite_managers', () => {
  const wire = useWire();
  const route = '/management/organizations/users/invite/managers';
  const required = {
    inviterEmail: 'owner@example.com',
    emails: ['ada@example.com', 'grace@example.com'],
    workspaceIds: [12345, 12346],
  };

  test('sends inviter, e-mails and workspaces; an empty 200 is a success', async () => {
    const result = await wire.call('invite_managers', required);
    expect(wire.sent()).toEqual([organizationPost('/users/invite/managers', required)]);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual({ answer: null });
  });

  test('what HeyReach answers is passed on', async () => {
    const body = { managers: [{ id: 6, emailAddress: 'ada@example.com', invitationUrl: null }] };
    wire.answerWith({ [route]: { body } });
    const result = await wire.call('invite_managers', required);
    expect(result.structuredContent).toEqual(body);
  });

  test('a refusal is passed on word for word', async () => {
    const errorMessage = 'The inviter was not found in the organization.';
    wire.answerWith({ [route]: { status: 400, body: { errorMessage } } });
    expectError(await wire.call('invite_managers', required), {
      kind: 'bad_request',
      status: 400,
      message: errorMessage,
      nextStep: 'Correct what the sentence names and call again.',
      outcome: 'refused',
    });
  });

  test('after a 500 it is not tried again', async () => {
    wire.answerWith({ [route]: { status: 500 } });
    expectError(await wire.call('invite_managers', required), unclear('list_workspace_users'));
    expect(wire.sent()).toHaveLength(1);
  });

  test.each([
    [{ emails: [] }, 'emails must have at least 1 entries'],
    [{ emails: ['ada@example.com', 'grace'] }, 'emails[1] must be an e-mail address'],
    [{ inviterEmail: 'owner' }, 'inviterEmail must be an e-mail address'],
    [{ workspaceIds: undefined }, 'workspaceIds is required'],
    [{ permissions: { viewCampaigns: true } }, 'unknown parameter permissions'],
  ])('refuses %j', async (changes, said) => {
    expectInvalid(await wire.call('invite_managers', { ...required, ...changes }), said);
    expect(wire.sent()).toEqual([]);
  });
});
