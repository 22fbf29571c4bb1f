import * as z from 'zod';
import { text } from '../../client/operations/fields.ts';
import { lazy } from '../../lib/lazy.ts';
import { id, ids, integer } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { readSenderCapacity } from '../../workflows/senders/sender-capacity.ts';
import { incompleteOutput } from '../../workflows/shared/incomplete.ts';
import { tableOutput } from '../../workflows/shared/table.ts';

const number = z.number().nullable();
const days = lazy(() => ({
  daysByAllowance: number.describe('null: no sender can send, or a part is unknown'),
  daysWithAdded: number.optional().describe('with addLeads'),
}));

export const getSenderCapacity = defineTool({
  name: 'get_sender_capacity',
  title: 'Get the capacity of senders',
  description:
    'Returns for each sender whether it can send, daily invitations, invitations sent, waiting leads and days of work, also with addLeads. Use it for sender health. Share and days are estimates.',
  toolset: 'workflows',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  allWorkspaces: {},
  input: () => ({
    linkedInAccountIds: ids('Only these senders').optional(),
    campaignId: id('Only the senders of this campaign').optional(),
    addLeads: integer('Leads to add', 1, 100_000).optional(),
  }),
  output: () =>
    z.looseObject({
      asOf: z.string(),
      totals: z.looseObject({
        senders: z.number(),
        working: z.number(),
        perDay: number,
        sentToday: number.describe('so far today (UTC); without invitations sent by hand'),
        waiting: number,
        ...days(),
      }),
      campaign: z
        .looseObject({
          campaignId: number,
          name: text,
          status: text,
          waiting: z.number(),
          perDay: number,
          ...days(),
        })
        .optional()
        .describe('as if its senders worked for no other campaign'),
      ...tableOutput('own'),
      notShown: z.array(z.number()).optional().describe('further senders; pass them as linkedInAccountIds'),
      withoutSender: z
        .array(z.looseObject({ campaignId: z.number(), waiting: z.number() }))
        .optional()
        .describe('running campaigns whose leads no sender can take'),
      warnings: z.array(z.string()).optional(),
      ...incompleteOutput(),
    }),
  run: async (input, context) => ({ data: await readSenderCapacity(input, context) }),
});
