import { z } from 'zod';
import { API_KEY_TYPES } from '../../client/operations/organization.ts';
import { defineTool } from '../define.ts';
import { id } from '../fields.ts';
import { anyAnswer, anyOutput, organizationStep } from './answer.ts';
import { previewKey } from './key-preview.ts';

export const createWorkspaceApiKey = defineTool({
  name: 'create_workspace_api_key',
  title: "Create a workspace's API key",
  description:
    'Creates an API key of one type for a workspace and answers it: whoever reads the answer can use the workspace.',
  toolset: 'organization',
  kind: 'egress',
  repeat: 'once',
  asks: 'yes',
  input: { workspaceId: id('Workspace id'), apiKeyType: z.enum(API_KEY_TYPES).describe('What the key is for') },
  output: anyOutput,
  preview: previewKey,
  nextStep: organizationStep('list_workspace_api_keys'),
  async run(input, { client, call }) {
    return anyAnswer(await client.organization.createApiKey(input, call));
  },
});
