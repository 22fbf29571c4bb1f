import { defineTool } from '../define.ts';
import { id } from '../fields.ts';
import { anyPageAnswer, anyPageOutput, organizationStep } from './answer.ts';
import { userFilters } from './users.ts';

export const listWorkspaceUsers = defineTool({
  name: 'list_workspace_users',
  title: "List a workspace's users",
  description: 'The users of one workspace with role and permissions.',
  toolset: 'organization',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { workspaceId: id('Workspace id'), ...userFilters },
  output: anyPageOutput,
  nextStep: organizationStep(),
  async run(input, { client, call }) {
    return anyPageAnswer(await client.organization.getWorkspaceUsers(input, call), input.offset);
  },
});
