import { z } from 'zod';
import { defineTool } from '../define.ts';
import { paging } from '../fields.ts';
import { checkIdentity, identityFields } from '../lead-identity.ts';
import { pageAnswer, pageOutput } from '../page.ts';

export const listListsForLead = defineTool({
  name: 'list_lists_for_lead',
  title: 'List the lists of a lead',
  description: 'The lists a person is in, with id and name. For campaigns use list_campaigns_for_lead.',
  toolset: 'lists',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: { ...identityFields, ...paging() },
  check: checkIdentity,
  output: pageOutput(z.looseObject({ listId: z.number().nullish(), listName: z.string().nullish() })),
  async run({ offset, limit, ...identity }, { client, call }) {
    return pageAnswer(await client.lists.getForLead({ ...identity, offset, limit }, call), offset);
  },
});
