import { z } from 'zod';
import { defineTool } from '../define.ts';
import { id, profileUrl, text } from '../fields.ts';

export const checkConnection = defineTool({
  name: 'check_connection',
  title: 'Check a connection',
  description: 'Whether a person is a first-degree connection of a sender.',
  toolset: 'network',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: {
    senderAccountId: id('Sender id'),
    leadProfileUrl: profileUrl("The person's profile URL; this or leadLinkedInId").optional(),
    leadLinkedInId: text('Their LinkedIn member id', 60).optional(),
  },
  check: ({ leadProfileUrl, leadLinkedInId }) =>
    (leadProfileUrl === undefined) === (leadLinkedInId === undefined)
      ? 'exactly one of leadProfileUrl and leadLinkedInId is required'
      : undefined,
  nextStep: ({ kind }) =>
    kind === 'not_found'
      ? 'Find the sender with list_linkedin_accounts; check the URL or id of the person.'
      : undefined,
  output: z.looseObject({ isConnection: z.boolean().nullable() }),
  async run(input, { client, call }) {
    const answer = await client.network.isConnection(input, call);
    return { data: { ...answer, isConnection: answer.isConnection ?? null } };
  },
});
