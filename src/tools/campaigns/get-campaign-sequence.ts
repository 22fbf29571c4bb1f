import * as z from 'zod';
import { type SequenceNode, sequenceAnswer } from '../../client/operations/sequence.ts';
import { id, text } from '../../mcp/arguments/fields.ts';
import { defineTool } from '../../mcp/tool.ts';
import { fitBranch, OUTLINE_NOTE } from '../../views/sequence-outline.ts';
import { keepFieldTypes } from '../shared/keep-field-types.ts';

const NODE_PATH = /^(sequence\.)?((un)?conditionalNode(\.(un)?conditionalNode)*)?$/;

export const getCampaignSequence = defineTool({
  name: 'get_campaign_sequence',
  title: "Get a campaign's sequence",
  description:
    'Returns the steps of a campaign as the tree that update_campaign_sequence and create_campaign take; null if there is none. A tree too large for one result comes as an outline; read its branches with node.',
  toolset: 'campaigns',
  risk: 'read',
  retry: 'safe',
  confirmation: 'never',
  input: () => ({
    campaignId: id('Campaign id'),
    node: text('Path of a branch from an outline, e.g. unconditionalNode.conditionalNode', 5_000).optional(),
  }),
  check: ({ node }) =>
    node === undefined || NODE_PATH.test(node)
      ? undefined
      : 'node must be a path of unconditionalNode and conditionalNode',
  output: () =>
    z.looseObject({
      campaignId: z.number(),
      sequence: sequenceAnswer().nullable().describe('root node; null if there is no sequence'),
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
        (branch, name) => (name === '' ? branch : (branch?.[name as 'conditionalNode'] ?? undefined)),
        root as SequenceNode | undefined,
      );
    if (branch === undefined) {
      const note = node === undefined ? 'This campaign has no sequence yet.' : `The sequence has no step at ${node}.`;
      return { data: { campaignId, sequence: null, note } };
    }
    const fitted = fitBranch(keepFieldTypes(sequenceAnswer(), branch, call), path);
    if (!('outline' in fitted)) return { data: { campaignId, ...fitted } };
    return { data: { campaignId, ...fitted, truncated: true, note: OUTLINE_NOTE }, rows: { key: 'outline' } };
  },
});
