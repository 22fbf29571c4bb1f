import * as z from 'zod';
import { createdList, LIST_TYPES } from '../../client/operations/lists.ts';
import { content } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';

export const createList = defineTool({
  name: 'create_list',
  title: 'Create a list',
  description:
    'Creates an empty list. Permanent: lists cannot be deleted. Names need not be unique, so check with list_lists first.',
  toolset: 'lists',
  risk: 'write',
  retry: 'never',
  confirmation: 'never',
  input: () => ({
    name: content('List name', 200),
    type: z.enum(LIST_TYPES).describe('People or companies; default USER_LIST').default('USER_LIST'),
  }),
  output: createdList,
  async run({ name, type }, { client, call }) {
    return { data: await client.lists.create({ name, type }, call) };
  },
});
