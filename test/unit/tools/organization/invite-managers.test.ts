import { describe, expect, test } from 'vitest';
import { organizationPost } from '../../../support/heyreach/organization-requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';
import { INVITE, people, testInvitation } from './invite-tools.ts';

describe('invite_managers', () => {
  const wire = useToolHarness();
  const required = { ...people, workspaceIds: [12345, 12346] };
  testInvitation(wire, {
    tool: 'invite_managers',
    route: 'managers',
    required,
    lookUp: 'list_workspace_users',
    refused: [
      [{ workspaceIds: undefined }, 'workspaceIds is required'],
      [{ permissions: { viewCampaigns: true } }, 'unknown parameter permissions'],
    ],
  });

  test("passes on HeyReach's response", async () => {
    const body = { managers: [{ id: 6, emailAddress: 'ada@example.com', invitationUrl: null }] };
    wire.answerWith({ [`${INVITE}/managers`]: { body } });
    const result = await wire.call('invite_managers', required);
    expect(wire.sent()).toEqual([organizationPost('/users/invite/managers', required)]);
    expect(result.structuredContent).toEqual(body);
  });
});
