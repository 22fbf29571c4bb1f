import { z } from 'zod';
import { defineTool } from '../define.ts';
import { id } from '../fields.ts';
import { canonicalSequence, checkSequence, sequenceFieldShort, sequenceOf } from './sequence.ts';

const note = 'A SCHEDULED campaign became a DRAFT; leads of a PAUSED one were moved to matching steps.';

export const updateCampaignSequence = defineTool({
  name: 'update_campaign_sequence',
  title: "Replace a campaign's sequence",
  description:
    'Replaces the whole sequence of a DRAFT, SCHEDULED or PAUSED campaign; takes what get_campaign_sequence answered. A SCHEDULED one becomes a DRAFT.',
  toolset: 'campaigns',
  kind: 'write',
  repeat: 'same',
  asks: 'no',
  input: { campaignId: id('Campaign id'), sequence: sequenceFieldShort },
  check: checkSequence,
  output: z.looseObject({ campaignId: z.number(), updated: z.boolean(), note: z.string().optional() }),
  async readBack({ campaignId, sequence }, { client, call }) {
    const found = await client.campaigns.getSequence({ campaignId }, call);
    const isDone = JSON.stringify(canonicalSequence(found)) === JSON.stringify(canonicalSequence(sequence));
    return isDone ? { data: { campaignId, updated: true } } : undefined;
  },
  async run({ campaignId, sequence }, { client, call }) {
    await client.campaigns.updateSequence({ campaignId, sequence: sequenceOf(sequence) }, call);
    return { data: { campaignId, updated: true, note } };
  },
});
