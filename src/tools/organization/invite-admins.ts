import { defineTool } from '../../mcp/tool.ts';
import { invitationFields, previewAdmins } from './shared/invitations.ts';
import { anyOutput, organizationStep, untypedResult } from './shared/untyped-result.ts';

export const inviteAdmins = defineTool({
  name: 'invite_admins',
  title: 'Invite admins',
  description:
    'Creates invitations as admin of the whole organization and returns their URLs. HeyReach sends no e-mail. Anyone with a URL can join.',
  toolset: 'organization',
  risk: 'egress',
  retry: 'never',
  confirmation: 'always',
  input: invitationFields,
  output: anyOutput,
  preview: previewAdmins,
  nextStep: organizationStep('list_users'),
  async run(input, { client, call }) {
    return untypedResult(await client.organization.inviteAdmins(input, call));
  },
});
