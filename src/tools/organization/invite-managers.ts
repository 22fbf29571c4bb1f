import { defineTool } from '../define.ts';
import { anyAnswer, anyOutput, organizationStep } from './answer.ts';
import { previewManagers } from './invite-preview.ts';
import { invitationFields, invitedWorkspaces } from './users.ts';

export const inviteManagers = defineTool({
  name: 'invite_managers',
  title: 'Invite managers',
  description: 'Attaches managers to workspaces at once, without a registration of theirs.',
  toolset: 'organization',
  kind: 'egress',
  repeat: 'once',
  asks: 'yes',
  input: { ...invitationFields, ...invitedWorkspaces },
  output: anyOutput,
  preview: previewManagers,
  nextStep: organizationStep('list_workspace_users'),
  async run(input, { client, call }) {
    return anyAnswer(await client.organization.inviteManagers(input, call));
  },
});
