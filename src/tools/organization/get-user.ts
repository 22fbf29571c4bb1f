import { z } from 'zod';
import { defineTool } from '../define.ts';
import { id } from '../fields.ts';
import { anyAnswer, anyOutput, organizationStep } from './answer.ts';

const FAULT = 'must be the id of a user, as list_users gives it';
/** Whether these ids are numbers is not published. As a path value it must not climb. */
const userId = z.union([id('a number'), z.string().regex(/^(?!\.{1,2}$).{1,100}$/, FAULT)], FAULT).describe('User id');

export const getUser = defineTool({
  name: 'get_user',
  title: 'Get a user',
  description: 'One user of the organization with role and invitation state; ids come from list_users.',
  toolset: 'organization',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { userId },
  output: anyOutput,
  nextStep: organizationStep(),
  async run({ userId }, { client, call }) {
    return anyAnswer(await client.organization.getUser({ userId: String(userId) }, call));
  },
});
