import { paging } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { anyPageOutput, organizationStep, untypedPage } from './shared/untyped-result.ts';

export const listWorkspaces = defineTool({
  name: 'list_workspaces',
  title: 'List workspaces',
  description: 'Lists the workspaces of the organization. The other organization tools take their ids.',
  toolset: 'organization',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: paging,
  output: anyPageOutput,
  nextStep: organizationStep(),
  async run({ offset, limit }, { client, call }) {
    return untypedPage(await client.organization.getWorkspaces({ Offset: offset, Limit: limit }, call), offset, call);
  },
});
