import * as z from 'zod';
import { leadProfile } from '../../client/operations/fields.ts';
import { lazy } from '../../lib/lazy.ts';
import { limit, offFlag, profileUrl } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { readLeadOverview } from '../../workflows/leads/lead-overview.ts';
import { incompleteOutput } from '../../workflows/shared/incomplete.ts';
import { tableOutput } from '../../workflows/shared/table.ts';

const ownTable = lazy(() => z.looseObject(tableOutput('own')).optional());

export const getLeadOverview = defineTool({
  name: 'get_lead_overview',
  title: 'Get an overview of a lead',
  description:
    'Returns what HeyReach knows about a person: profile, tags, campaigns and which can still contact them, lists, blacklist, conversations, newest messages, and whether they wait for an answer.',
  toolset: 'workflows',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    profileUrl: profileUrl('Profile URL or slug'),
    messages: limit('Newest messages', { min: 0, max: 30, byDefault: 6 }),
    connections: offFlag('Show which senders are connected; one request each'),
  }),
  output: () =>
    z.looseObject({
      asOf: z.string(),
      known: z
        .boolean()
        .optional()
        .describe('whether HeyReach knows the person; absent if an unread part could show it'),
      profile: leadProfile().extend({ name: leadProfile().shape.headline }).optional(),
      tags: z.array(z.string()).optional(),
      canBeReachedBy: z
        .array(z.number())
        .optional()
        .describe('campaigns that can still contact the person, now or after a resume'),
      campaigns: ownTable(),
      lists: ownTable(),
      blacklist: z
        .enum(['Matched', 'BroadMatch', 'Matching', 'NotFound', 'none'])
        .optional()
        .describe('found by profile URL or member id; only Matched excludes the person'),
      waitingForUs: z.boolean().optional().describe('the last message of a conversation is theirs'),
      conversations: ownTable(),
      messages: z
        .looseObject(tableOutput('outside'))
        .optional()
        .describe('oldest first; conversation: row index in conversations, if there are several'),
      connections: ownTable(),
      ...incompleteOutput(),
    }),
  run: async (input, context) => ({ data: await readLeadOverview(input, context) }),
});
