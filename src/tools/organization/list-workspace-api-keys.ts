import { id, offFlag } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { anyOutput, maskSecrets, organizationStep, untypedResult } from './shared/untyped-result.ts';

export const listWorkspaceApiKeys = defineTool({
  name: 'list_workspace_api_keys',
  title: "List a workspace's API keys",
  description: 'Lists the API keys of a workspace by type. The keys are masked unless includeSecrets is true.',
  toolset: 'organization',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ workspaceId: id('Workspace id'), includeSecrets: offFlag('Show the keys') }),
  output: anyOutput,
  nextStep: organizationStep(),
  async run({ workspaceId, includeSecrets }, { client, call }) {
    const response = await client.organization.getApiKeys({ workspaceId }, call);
    return untypedResult(includeSecrets ? response : maskSecrets(response));
  },
});
