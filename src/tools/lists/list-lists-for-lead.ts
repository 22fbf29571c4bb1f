import * as z from 'zod';
import { paging } from '../../mcp/arguments/fields.ts';
import { pageOutput, pageResult } from '../../mcp/results/page.ts';
import { defineTool } from '../../mcp/tool.ts';
import { checkIdentity, identityFields } from '../../workflows/leads/lead-input.ts';

export const listListsForLead = defineTool({
  name: 'list_lists_for_lead',
  title: 'List the lists of a lead',
  description: 'Returns the lists that contain a person, with id and name. For campaigns use list_campaigns_for_lead.',
  toolset: 'lists',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({ ...identityFields(), ...paging() }),
  check: checkIdentity,
  output: () => pageOutput(z.looseObject({ listId: z.number().nullish(), listName: z.string().nullish() })),
  async run({ offset, limit, ...identity }, { client, call }) {
    return pageResult(await client.lists.getForLead({ ...identity, offset, limit }, call), offset);
  },
});
