import * as z from 'zod';
import { API_KEY_TYPES, type ApiKeyType } from '../../client/operations/organization.ts';
import { id } from '../../mcp/arguments/fields.ts';
import type { Preview } from '../../mcp/confirmation/preview.ts';
import { defineTool, type ToolContext } from '../../mcp/tool.ts';
import { anyOutput, organizationStep, untypedResult } from './shared/untyped-result.ts';
import { readWorkspaceNames } from './shared/workspace-names.ts';

export const createWorkspaceApiKey = defineTool({
  name: 'create_workspace_api_key',
  title: "Create a workspace's API key",
  description:
    'Creates an API key of one type for a workspace and returns it. Anyone with the key can use the workspace.',
  toolset: 'organization',
  risk: 'egress',
  retry: 'never',
  confirmation: 'always',
  input: () => ({ workspaceId: id('Workspace id'), apiKeyType: z.enum(API_KEY_TYPES).describe('What the key is for') }),
  output: anyOutput,
  preview: previewKey,
  nextStep: organizationStep('list_workspace_api_keys'),
  async run(input, { client, call }) {
    return untypedResult(await client.organization.createApiKey(input, call));
  },
});

/** Shows the workspace of the new key. Bound to no state: the reads only supply its name. */
async function previewKey(
  { workspaceId, apiKeyType }: { workspaceId: number; apiKeyType: ApiKeyType },
  context: ToolContext,
): Promise<Preview> {
  const { lines, facts, warnings } = await readWorkspaceNames([workspaceId], context);
  const [workspace = ''] = lines;
  return {
    question: `Create an API key of type ${apiKeyType} for ${workspace}?`,
    lines: [`Workspace: ${workspace}`, `Key type: ${apiKeyType}`],
    warnings: [
      'The result contains the key. Anyone who reads it, here or in a log of this conversation, can use the workspace.',
      'This server cannot revoke the key. Revoke it in HeyReach.',
      ...warnings,
    ],
    facts: { workspace: facts[0], apiKeyType },
    boundState: null,
  };
}
