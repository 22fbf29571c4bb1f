import { defineTool } from '../define.ts';
import { anyPageAnswer, anyPageOutput, organizationStep } from './answer.ts';
import { userFilters } from './users.ts';

export const listUsers = defineTool({
  name: 'list_users',
  title: 'List users',
  description:
    'The users of the organization with role and invitation state. For one workspace use list_workspace_users.',
  toolset: 'organization',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: userFilters,
  output: anyPageOutput,
  nextStep: organizationStep(),
  async run(input, { client, call }) {
    return anyPageAnswer(await client.organization.getUsers(input, call), input.offset);
  },
});
