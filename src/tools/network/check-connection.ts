import * as z from 'zod';
import { id, profileUrl, textId } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';

export const checkConnection = defineTool({
  name: 'check_connection',
  title: 'Check a connection',
  description: 'Returns whether a person is a first-degree connection of a sender.',
  toolset: 'network',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    senderAccountId: id('Sender id'),
    leadProfileUrl: profileUrl("The person's profile URL; this or leadLinkedInId").optional(),
    leadLinkedInId: textId('Their LinkedIn member id', 60).optional(),
  }),
  check: ({ leadProfileUrl, leadLinkedInId }) =>
    (leadProfileUrl === undefined) === (leadLinkedInId === undefined)
      ? 'exactly one of leadProfileUrl and leadLinkedInId is required'
      : undefined,
  nextStep: ({ kind }) =>
    kind === 'not_found'
      ? 'Find the sender with list_linkedin_accounts, and check the URL or id of the person.'
      : undefined,
  output: () => z.looseObject({ isConnection: z.boolean().nullable() }),
  async run(input, { client, call }) {
    const response = await client.network.isConnection(input, call);
    return { data: { ...response, isConnection: response.isConnection ?? null } };
  },
});
