import { expect, test } from 'vitest';
import { organizationPost, unclear } from '../../../support/heyreach/organization-requests.ts';
import { expectError, expectInvalid } from '../../../support/tools/expect-errors.ts';
import type { Wire } from '../../../support/tools/tool-harness.ts';

export const INVITE = '/management/organizations/users/invite';
export const people = {
  inviterEmail: 'owner@example.com',
  emails: ['ada@example.com', 'grace@example.com'],
};
export const invited = {
  invitations: [{ email: 'ada@example.com', invitationUrl: 'https://app.example.com/i/1?t=a%2B' }],
};

interface Invitation {
  tool: string;
  /** The last part of the path of the route. */
  route: string;
  required: object;
  /** The tool that shows whether an invitation with an unclear outcome was created. */
  lookUp: string;
  /** Arguments that only this tool rejects. */
  refused: [changes: object, message: string][];
}

/** Tests that the three invite tools share. */
export function testInvitation(wire: Wire, { tool, route, required, lookUp, refused }: Invitation): void {
  test('sends the required parameters, and an empty 200 is a success', async () => {
    const result = await wire.call(tool, required);
    expect(wire.sent()).toEqual([organizationPost(`/users/invite/${route}`, required)]);
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual({ answer: null });
  });

  test("passes on HeyReach's error message", async () => {
    const errorMessage = 'The inviter was not found in the organization.';
    wire.answerWith({ [`${INVITE}/${route}`]: { status: 400, body: { errorMessage } } });
    expectError(await wire.call(tool, required), {
      kind: 'bad_request',
      status: 400,
      message: errorMessage,
      nextStep: 'Correct what the sentence names and call again.',
      outcome: 'refused',
    });
  });

  test('after a 500 it is not retried', async () => {
    wire.answerWith({ [`${INVITE}/${route}`]: { status: 500 } });
    expectError(await wire.call(tool, required), unclear(lookUp));
    expect(wire.sent()).toHaveLength(1);
  });

  test.each<[object, string]>([
    [{ emails: ['ada@example.com', 'grace'] }, 'emails[1] must be an e-mail address'],
    [{ inviterEmail: 'owner' }, 'inviterEmail must be an e-mail address'],
    ...refused,
  ])('rejects %j', async (changes, message) => {
    expectInvalid(await wire.call(tool, { ...required, ...changes }), message);
    expect(wire.sent()).toEqual([]);
  });
}
