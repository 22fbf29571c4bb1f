import { z } from 'zod';
import { type SequenceNode, sequenceAnswer } from '../../client/operations/sequence.ts';
import { defineTool } from '../define.ts';
import { id, text } from '../fields.ts';
import { fitBranch, OUTLINE_NOTE } from './sequence-outline.ts';

const step = /^(sequence\.)?((un)?conditionalNode(\.(un)?conditionalNode)*)?$/;

export const getCampaignSequence = defineTool({
  name: 'get_campaign_sequence',
  title: "Get a campaign's sequence",
  description:
    'The tree of steps of a campaign in the form that update_campaign_sequence and create_campaign take; null when it has none yet. One too large for an answer comes as an outline, to be read by node.',
  toolset: 'campaigns',
  kind: 'read',
  repeat: 'safe',
  asks: 'no',
  input: {
    campaignId: id('Campaign id'),
    node: text('Path of a branch from an outline, e.g. unconditionalNode.conditionalNode', 5_000).optional(),
  },
  check: ({ node }) =>
    node === undefined || step.test(node) ? undefined : 'node must be a path of unconditionalNode and conditionalNode',
  output: z.looseObject({
    campaignId: z.number(),
    sequence: sequenceAnswer.nullable().describe('root node, or null without a sequence'),
    outline: z
      .array(z.looseObject({ node: z.string(), nodeType: z.string().nullish(), bytes: z.number() }))
      .optional()
      .describe('every step with the size of its branch, instead of a tree that is too large'),
    note: z.string().optional(),
  }),
  async run({ campaignId, node }, { client, call }) {
    const root = await client.campaigns.getSequence({ campaignId }, call);
    const path = (node ?? '').replace(/^sequence\.?/, '');
    const branch = path
      .split('.')
      .reduce<SequenceNode | undefined>(
        (at, name) => (name === '' ? at : (at?.[name as 'conditionalNode'] ?? undefined)),
        root as SequenceNode | undefined,
      );
    if (branch === undefined) {
      const note = node === undefined ? 'This campaign has no sequence yet.' : `There is no step at ${node}.`;
      return { data: { campaignId, sequence: null, note } };
    }
    const fitted = fitBranch(branch, path);
    if (!('outline' in fitted)) return { data: { campaignId, ...fitted } };
    return { data: { campaignId, ...fitted, truncated: true, note: OUTLINE_NOTE }, rows: { key: 'outline' } };
  },
});
