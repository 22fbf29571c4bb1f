import { describe, expect, test } from 'vitest';
import { organizationPost } from '../../../support/heyreach/organization-requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';
import { INVITE, invited, people, testInvitation } from './invite-tools.ts';

describe('invite_admins', () => {
  const wire = useToolHarness();
  const required = people;
  testInvitation(wire, {
    tool: 'invite_admins',
    route: 'admins',
    required,
    lookUp: 'list_users',
    refused: [[{ workspaceIds: [12345] }, 'unknown parameter workspaceIds']],
  });

  test.each([
    [invited, invited],
    [['https://app.example.com/i/1'], { answer: ['https://app.example.com/i/1'] }],
  ])("passes on HeyReach's response: %j", async (body, answered) => {
    wire.answerWith({ [`${INVITE}/admins`]: { body } });
    const result = await wire.call('invite_admins', required);
    expect(wire.sent()).toEqual([organizationPost('/users/invite/admins', required)]);
    expect(result.structuredContent).toEqual(answered);
  });
});
