import { defineTool } from '../define.ts';
import { anyAnswer, anyOutput, organizationStep } from './answer.ts';
import { previewAdmins } from './invite-preview.ts';
import { invitationFields } from './users.ts';

export const inviteAdmins = defineTool({
  name: 'invite_admins',
  title: 'Invite admins',
  description:
    'Makes invitations as admins of the whole organization and answers their URLs; HeyReach sends no e-mail. Who has a URL can get in.',
  toolset: 'organization',
  kind: 'egress',
  repeat: 'once',
  asks: 'yes',
  input: invitationFields,
  output: anyOutput,
  preview: previewAdmins,
  nextStep: organizationStep('list_users'),
  async run(input, { client, call }) {
    return anyAnswer(await client.organization.inviteAdmins(input, call));
  },
});
