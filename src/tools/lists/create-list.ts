import { z } from 'zod';
import { createdList, LIST_TYPES } from '../../client/operations/lists.ts';
import { defineTool } from '../define.ts';
import { text } from '../fields.ts';

export const createList = defineTool({
  name: 'create_list',
  title: 'Create a list',
  description:
    'Creates an empty list. Permanent: lists cannot be deleted, and names need not be unique, so look with list_lists first.',
  toolset: 'lists',
  kind: 'write',
  repeat: 'once',
  asks: 'no',
  input: {
    name: text('List name', 200),
    type: z.enum(LIST_TYPES).describe('People or companies').default('USER_LIST'),
  },
  output: createdList,
  async run({ name, type }, { client, call }) {
    return { data: await client.lists.create({ name, type }, call) };
  },
});
