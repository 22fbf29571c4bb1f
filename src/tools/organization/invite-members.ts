import { z } from 'zod';
import { defineTool } from '../define.ts';
import { flag } from '../fields.ts';
import { anyAnswer, anyOutput, organizationStep } from './answer.ts';
import { previewMembers } from './invite-preview.ts';
import { invitationFields, invitedWorkspaces } from './users.ts';

export const inviteMembers = defineTool({
  name: 'invite_members',
  title: 'Invite members',
  description:
    'Makes invitations as members of some workspaces, with permissions, and answers their URLs; HeyReach sends no e-mail. Who has a URL can get in.',
  toolset: 'organization',
  kind: 'egress',
  repeat: 'once',
  asks: 'yes',
  input: {
    ...invitationFields,
    ...invitedWorkspaces,
    permissions: z
      .record(
        z.string().regex(/^[A-Za-z]{1,60}$/),
        flag('Granted or not'),
        'must be the name of a permission: letters only',
      )
      .describe('Permissions by name, e.g. viewCampaigns, editManageCampaigns, viewLeadLists')
      .optional(),
  },
  output: anyOutput,
  preview: previewMembers,
  nextStep: organizationStep('list_users'),
  async run(input, { client, call }) {
    return anyAnswer(await client.organization.inviteMembers(input, call));
  },
});
