import { list } from '../../client/operations/lists.ts';
import { defineTool } from '../define.ts';
import { id } from '../fields.ts';

export const getList = defineTool({
  name: 'get_list',
  title: 'Get a list',
  description: 'One list: type, size and the campaigns it feeds.',
  toolset: 'lists',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { listId: id('List id') },
  output: list,
  async run({ listId }, { client, call }) {
    return { data: await client.lists.getById({ listId }, call) };
  },
});
