import { defineTool } from '../define.ts';
import { text, whole } from '../fields.ts';
import { anyAnswer, anyOutput, organizationStep } from './answer.ts';

export const createWorkspace = defineTool({
  name: 'create_workspace',
  title: 'Create a workspace',
  description: 'Creates a workspace in the organization. Permanent: this API deletes none.',
  toolset: 'organization',
  kind: 'write',
  repeat: 'once',
  asks: 'no',
  input: {
    workspaceName: text('Name', 200),
    seatsLimit: whole('Most senders it may have; left out: no limit', 0, 100_000).optional(),
  },
  output: anyOutput,
  nextStep: organizationStep('list_workspaces'),
  async run(input, { client, call }) {
    return anyAnswer(await client.organization.createWorkspace(input, call));
  },
});
