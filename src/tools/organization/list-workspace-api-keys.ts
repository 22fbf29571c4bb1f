import { defineTool } from '../define.ts';
import { flag, id } from '../fields.ts';
import { anyAnswer, anyOutput, maskSecrets, organizationStep } from './answer.ts';

export const listWorkspaceApiKeys = defineTool({
  name: 'list_workspace_api_keys',
  title: "List a workspace's API keys",
  description: 'Which API keys a workspace has, by type; the keys themselves only with includeSecrets.',
  toolset: 'organization',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { workspaceId: id('Workspace id'), includeSecrets: flag('Show the keys').default(false) },
  output: anyOutput,
  nextStep: organizationStep(),
  async run({ workspaceId, includeSecrets }, { client, call }) {
    const answer = await client.organization.getApiKeys({ workspaceId }, call);
    return anyAnswer(includeSecrets ? answer : maskSecrets(answer));
  },
});
