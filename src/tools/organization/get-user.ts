import { defineTool } from '../define.ts';
import { text } from '../fields.ts';
import { anyAnswer, anyOutput } from './answer.ts';

export const getUser = defineTool({
  name: 'get_user',
  title: 'Get a user',
  description: 'One user of the organization with role and invitation state; ids come from list_users.',
  toolset: 'organization',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { userId: text('User id', 100) },
  output: anyOutput,
  async run({ userId }, { client, call }) {
    return anyAnswer(await client.organization.getUser({ userId }, call));
  },
});
