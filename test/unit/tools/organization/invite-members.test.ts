import { describe, expect, test } from 'vitest';
import { organizationPost } from '../../../support/heyreach/organization-requests.ts';
import { useToolHarness } from '../../../support/tools/tool-harness.ts';
import { INVITE, invited, people, testInvitation } from './invite-tools.ts';

describe('invite_members', () => {
  const wire = useToolHarness();
  const required = { ...people, workspaceIds: [12345] };
  testInvitation(wire, {
    tool: 'invite_members',
    route: 'members',
    required,
    lookUp: 'list_users',
    refused: [
      [
        { permissions: { viewCampaigns: 'yes' } },
        'permissions.viewCampaigns must be true or false, got the text "yes"',
      ],
      [{ permissions: { 'view campaigns': true } }, 'permissions.view campaigns must be the name of a permission'],
    ],
  });

  test('sends permissions by name and returns the invitation URLs', async () => {
    wire.answerWith({ [`${INVITE}/members`]: { body: invited } });
    const args = { ...required, permissions: { viewCampaigns: true, editManageCampaigns: false, viewLeadLists: true } };
    const result = await wire.call('invite_members', args);
    expect(wire.sent()).toEqual([organizationPost('/users/invite/members', args)]);
    expect(result.structuredContent).toEqual(invited);
  });
});
