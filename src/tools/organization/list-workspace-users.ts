import { id } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { userFilters } from './list-users.ts';
import { anyPageOutput, organizationStep, untypedPage } from './shared/untyped-result.ts';

export const listWorkspaceUsers = defineTool({
  name: 'list_workspace_users',
  title: "List a workspace's users",
  description: 'Lists the users of one workspace with role and permissions. For the whole organization use list_users.',
  toolset: 'organization',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ workspaceId: id('Workspace id'), ...userFilters() }),
  output: anyPageOutput,
  nextStep: organizationStep(),
  async run(input, { client, call }) {
    return untypedPage(await client.organization.getWorkspaceUsers(input, call), input.offset, call);
  },
});
