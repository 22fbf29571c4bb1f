import { HeyReachError } from '../../client/index.ts';
import { optionalRead } from '../../mcp/reads.ts';
import type { ToolContext } from '../../mcp/tool.ts';

const HOLDS = {
  USER_LIST: { content: 'people', tool: 'list_leads_in_list' },
  COMPANY_LIST: { content: 'companies', tool: 'list_companies_in_list' },
} as const;

/**
 * Tells an empty list from a list of the other type, for which HeyReach answers without rows too.
 * @throws HeyReachError for a list of the other type.
 */
export async function assertListType(
  listId: number,
  type: keyof typeof HOLDS,
  { client, call }: Pick<ToolContext, 'client' | 'call'>,
): Promise<void> {
  const list = await optionalRead(client.lists.getById({ listId }, call));
  const other = type === 'USER_LIST' ? 'COMPANY_LIST' : 'USER_LIST';
  if (list?.listType !== other) return;
  const { content, tool } = HOLDS[other];
  throw new HeyReachError({
    kind: 'bad_request',
    outcome: 'not_sent',
    message: `List ${listId} is of type ${other}: it has ${content}, not ${HOLDS[type].content}.`,
    meaning: 'Nothing was changed.',
    nextStep: `Read it with ${tool}, or find a ${type} with list_lists.`,
  });
}
