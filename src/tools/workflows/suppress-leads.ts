import * as z from 'zod';
import { outsideString } from '../../client/operations/fields.ts';
import { lazy } from '../../lib/lazy.ts';
import { flag, tagName } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { personRows } from '../../workflows/leads/person-rows.ts';
import { DO_NOT_CONTACT_TAG } from '../../workflows/opt-outs/opt-out-tags.ts';
import { incompleteOutput } from '../../workflows/shared/incomplete.ts';
import { outcomesOutput } from '../../workflows/shared/outcomes.ts';
import { tableOutput } from '../../workflows/shared/table.ts';
import { suppressLeads as suppress } from '../../workflows/suppress/suppress-leads.ts';

const ownTable = lazy(() => z.looseObject(tableOutput('own')).optional());

export const suppressLeads = defineTool({
  name: 'suppress_leads',
  title: 'Stop all contact with leads',
  description:
    'Ends all contact with people: stops them in every campaign, tags and blacklists them (permanent), then reads the state back. Returns an outcome per person.',
  toolset: 'workflows',
  risk: 'stop',
  retry: 'idempotent',
  confirmation: 'never',
  input: () => ({
    profileUrls: personRows('Profile URLs', 50),
    tag: tagName().describe(`default ${DO_NOT_CONTACT_TAG}`).default(DO_NOT_CONTACT_TAG),
    addTag: flag('default true').default(true),
    blacklist: flag('default true').default(true),
  }),
  output: () =>
    z.looseObject({
      ...outcomesOutput(),
      clear: z
        .boolean()
        .describe('no campaign can contact any of the people, and the blacklist excludes all, if requested'),
      reason: z.string().optional().describe('why not clear'),
      remaining: z.array(outsideString).optional().describe('people for whom to repeat the call'),
      campaigns: ownTable(),
      lists: ownTable().describe('lists with these people that feed campaigns not yet started; nothing is removed'),
      ...incompleteOutput(),
    }),
  // The run itself reads the state back after each rejection, and reports it per person.
  verifyAfterRetry: null,
  run: (input, context) => suppress(input, context),
});
