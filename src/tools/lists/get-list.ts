import { list } from '../../client/operations/lists.ts';
import { id } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';

export const getList = defineTool({
  name: 'get_list',
  title: 'Get a list',
  description: 'Returns one list with its type, size and the campaigns that use it.',
  toolset: 'lists',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ listId: id('List id') }),
  output: list,
  async run({ listId }, { client, call }) {
    return { data: await client.lists.getById({ listId }, call) };
  },
});
