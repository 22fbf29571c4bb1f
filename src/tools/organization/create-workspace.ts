import { content, integer } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { anyOutput, organizationStep, untypedResult } from './shared/untyped-result.ts';

export const createWorkspace = defineTool({
  name: 'create_workspace',
  title: 'Create a workspace',
  description: 'Creates a workspace in the organization. Permanent: this API cannot delete workspaces.',
  toolset: 'organization',
  risk: 'write',
  retry: 'never',
  confirmation: 'never',
  input: () => ({
    workspaceName: content('Name', 200),
    seatsLimit: integer('Maximum number of senders; omit for no limit', 0, 100_000).optional(),
  }),
  output: anyOutput,
  nextStep: organizationStep('list_workspaces'),
  async run(input, { client, call }) {
    return untypedResult(await client.organization.createWorkspace(input, call));
  },
});
