import * as z from 'zod';
import { id } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { lintSequence } from '../../workflows/sequence/lint.ts';
import { findingLine } from '../../workflows/shared/finding.ts';
import { withWarnings } from './shared/created-campaign.ts';
import { canonicalSequence, checkSequence, sequenceFieldShort, sequenceOf } from './shared/validate-sequence.ts';

const NOTE =
  'If the campaign was SCHEDULED, it is a DRAFT now. If it was PAUSED, HeyReach moved its leads to matching steps.';

export const updateCampaignSequence = defineTool({
  name: 'update_campaign_sequence',
  title: "Replace a campaign's sequence",
  description:
    'Replaces the whole sequence of a DRAFT, SCHEDULED or PAUSED campaign, in the form of get_campaign_sequence. A SCHEDULED campaign becomes a DRAFT.',
  toolset: 'campaigns',
  risk: 'write',
  retry: 'idempotent',
  confirmation: 'never',
  input: () => ({ campaignId: id('Campaign id'), sequence: sequenceFieldShort() }),
  check: checkSequence,
  output: () =>
    z.looseObject({
      campaignId: z.number(),
      updated: z.boolean(),
      note: z.string().optional(),
      warnings: z.array(z.string()).optional().describe('what may be wrong with the sequence'),
    }),
  async verifyAfterRetry({ campaignId, sequence }, { client, call }) {
    const present = await client.campaigns.getSequence({ campaignId }, call);
    const isDone = JSON.stringify(canonicalSequence(present)) === JSON.stringify(canonicalSequence(sequence));
    return isDone ? withWarnings({ data: { campaignId, updated: true } }, warningsOf(sequence)) : undefined;
  },
  async run({ campaignId, sequence }, { client, call }) {
    await client.campaigns.updateSequence({ campaignId, sequence: sequenceOf(sequence) }, call);
    return withWarnings({ data: { campaignId, updated: true, note: NOTE } }, warningsOf(sequence));
  },
});

const warningsOf = (sequence: unknown) => lintSequence(sequenceOf(sequence)).map(findingLine);
