import { defineTool } from '../../mcp/tool.ts';
import { invitationFields, invitedWorkspaces, previewManagers } from './shared/invitations.ts';
import { anyOutput, organizationStep, untypedResult } from './shared/untyped-result.ts';

export const inviteManagers = defineTool({
  name: 'invite_managers',
  title: 'Invite managers',
  description: 'Attaches managers to workspaces at once. They do not have to register.',
  toolset: 'organization',
  risk: 'egress',
  retry: 'never',
  confirmation: 'always',
  verb: 'attach',
  input: () => ({ ...invitationFields(), ...invitedWorkspaces() }),
  output: anyOutput,
  preview: previewManagers,
  nextStep: organizationStep('list_workspace_users'),
  async run(input, { client, call }) {
    return untypedResult(await client.organization.inviteManagers(input, call));
  },
});
