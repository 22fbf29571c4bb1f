import { defineTool } from '../define.ts';
import { paging } from '../fields.ts';
import { anyPageAnswer, anyPageOutput, organizationStep } from './answer.ts';

export const listWorkspaces = defineTool({
  name: 'list_workspaces',
  title: 'List workspaces',
  description: 'The workspaces of the organization, whose ids the other organization tools take.',
  toolset: 'organization',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: paging(),
  output: anyPageOutput,
  nextStep: organizationStep(),
  async run({ offset, limit }, { client, call }) {
    return anyPageAnswer(await client.organization.getWorkspaces({ Offset: offset, Limit: limit }, call), offset);
  },
});
