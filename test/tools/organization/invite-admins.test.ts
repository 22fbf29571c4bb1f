import { describe, expect, test } from 'vitest';
import { organizationPost, unclear } from '../../kit/organization-requests.ts';
import { expectError, expectInvalid } from '../../kit/refusals.ts';
import { useWire } from '../../kit/wire.ts';

describe('invite_admins', () => {
  const wire = useWire();
  const route = '/management/organizations/users/invite/admins';
  const required = {
    inviterEmail: 'owner@example.com',
    emails: ['ada@example.com', 'grace@example.com'],
  };

  test('sends inviter and e-mails and answers the invitation URLs', async () => {
    const body = { invitations: [{ email: 'ada@example.com', invitationUrl: 'https://app.example.com/i/1?t=a%2B' }] };
    wire.answerWith({ [route]: { body } });
    const result = await wire.call('invite_admins', required);
    expect(wire.sent()).toEqual([organizationPost('/users/invite/admins', required)]);
    expect(result.structuredContent).toEqual(body);
  });

  test('URLs that come as a bare list are answered too', async () => {
    wire.answerWith({ [route]: { body: ['https://app.example.com/i/1'] } });
    const result = await wire.call('invite_admins', required);
    expect(result.structuredContent).toEqual({ answer: ['https://app.example.com/i/1'] });
  });

  test('a refusal is passed on word for word', async () => {
    const errorMessage = 'The inviter was not found in the organization.';
    wire.answerWith({ [route]: { status: 400, body: { errorMessage } } });
    expectError(await wire.call('invite_admins', required), {
      kind: 'bad_request',
      status: 400,
      message: errorMessage,
      nextStep: 'Correct what the sentence names and call again.',
      outcome: 'refused',
    });
  });

  test('after a 500 it is not tried again', async () => {
    wire.answerWith({ [route]: { status: 500 } });
    expectError(await wire.call('invite_admins', required), unclear('list_users'));
    expect(wire.sent()).toHaveLength(1);
  });

  test.each([
    [{ emails: [] }, 'emails must have at least 1 entries'],
    [{ emails: ['ada@example.com', 'grace'] }, 'emails[1] must be an e-mail address'],
    [{ inviterEmail: 'owner' }, 'inviterEmail must be an e-mail address'],
    [{ workspaceIds: [12345] }, 'unknown parameter workspaceIds'],
  ])('refuses %j', async (changes, said) => {
    expectInvalid(await wire.call('invite_admins', { ...required, ...changes }), said);
    expect(wire.sent()).toEqual([]);
  });
});
